"""What references to secrets may name: by `secrets:` in flashsync.yaml, and what none ever may."""

from __future__ import annotations

from fnmatch import fnmatchcase
from posixpath import normpath
from typing import Annotated, Any, NamedTuple

from flashsync.declared.fields import TEXT_SCHEMA, declared, name, schema, several
from flashsync.declared.problems import shown, wrong
from flashsync.model.notify import SecretReference

_LONGEST = 200
_OWN = "FLASHDUTY_"
"""What the variables of the key and its address begin with, in either case."""
_OF_THE_SYSTEM = ("/proc", "/dev", "/sys")
_OF_THE_VENDOR = "/.flashduty/config.yaml"
_NEVER = "use a separate variable or file for the secret of the chat"


class Refusal(NamedTuple):
    """Why a reference may not be used, and what to write instead."""

    message: str
    remedy: str


def _patterns(texts: list[str]) -> tuple[str, ...]:
    found = _several_texts(texts)
    for text in found:
        if text.upper().startswith(_OWN):
            message = f"{shown(text)} allows nothing because no secret may come from {_OWN}*"
            raise wrong(message, "use a name like FLASHSYNC_*")
    return found


def _folders(texts: list[str]) -> tuple[str, ...]:
    found = _several_texts(texts)
    for text in found:
        if not text.startswith(("/", "~/")) or ".." in text.split("/"):
            message = f"expected the absolute path of a folder, got {shown(text)}"
            raise wrong(message, "use a path like /run/secrets")
    return found


_one_text = name(_LONGEST, "a text")


def _several_texts(texts: list[str]) -> tuple[str, ...]:
    if not texts:
        raise wrong("the list is empty", "add an entry, or remove the key to allow nothing")
    return tuple(_one_text(text) for text in texts)


_SCHEMA: dict[str, Any] = {
    "anyOf": [TEXT_SCHEMA, {"type": "array", "items": TEXT_SCHEMA, "minItems": 1}]
}


@declared
class Secrets:
    """What references may name. Nothing of a kind that is left out."""

    env: Annotated[tuple[str, ...], several(_patterns), schema(**_SCHEMA)] | None = None
    files: Annotated[tuple[str, ...], several(_folders), schema(**_SCHEMA)] | None = None


def refusal(reference: SecretReference, limits: Secrets | None = None) -> Refusal | None:
    """Why a reference may not be used, as far as its name tells; the same on every machine."""
    of_env, name = reference.kind == "env", reference.name
    never = _never_env(name) if of_env else _never_file(name)
    if never or limits is None:
        return never
    return _outside_env(name, limits) if of_env else _outside_files(name, limits)


def _never_env(name: str) -> Refusal | None:
    if not name.upper().startswith(_OWN):
        return None
    return Refusal(f"{shown(name)} is reserved because {_OWN}* is for the APP key", _NEVER)


def _never_file(path: str) -> Refusal | None:
    whole = plain(path)
    if any(f"{whole}/".startswith(f"{folder}/") for folder in _OF_THE_SYSTEM):
        folders = ", ".join(_OF_THE_SYSTEM)
        return Refusal(f"{shown(path)} is in a folder of the system ({folders})", _NEVER)
    if whole.endswith(_OF_THE_VENDOR):
        return Refusal(f"{shown(path)} contains the APP key", _NEVER)
    return None


def _outside_env(name: str, limits: Secrets) -> Refusal | None:
    if limits.env is None:
        message = f"`secrets` in flashsync.yaml allows no variables, so not {shown(name)}"
        return Refusal(message, f"add `env: [{name}]` there")
    if any(fnmatchcase(name, pattern) for pattern in limits.env):
        return None
    message = f"{shown(name)} is not among the variables that `secrets` in flashsync.yaml allows"
    return Refusal(message, f"use one of {', '.join(limits.env)}, or add it there")


def _outside_files(path: str, limits: Secrets) -> Refusal | None:
    if limits.files is None:
        message = f"`secrets` in flashsync.yaml allows no files, so not {shown(path)}"
        return Refusal(message, f"add `files: [{_folder(path)}]` there")
    if any(is_below(plain(path), plain(folder)) for folder in limits.files):
        return None
    message = f"{shown(path)} is not in a folder that `secrets` in flashsync.yaml allows"
    return Refusal(message, f"use one of {', '.join(limits.files)}, or add its folder there")


def _folder(path: str) -> str:
    return plain(path).rpartition("/")[0] or "/"


def plain(path: str) -> str:
    """The path without `.`, `..` and doubled slashes."""
    return normpath("/" + path.lstrip("/") if path.startswith("/") else path)


def is_below(path: str, folder: str) -> bool:
    """Whether a plain path is in a plain folder, at any depth."""
    return path.startswith(folder.rstrip("/") + "/")
