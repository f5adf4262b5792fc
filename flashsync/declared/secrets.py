"""Which variables and files secrets may come from: `secrets:` in flashsync.yaml, fixed limits."""

from __future__ import annotations

from fnmatch import fnmatchcase
from posixpath import normpath
from typing import Annotated, NamedTuple

from flashsync.declared.fields import (
    CONTROLS,
    any_case,
    declared,
    one_or_several,
    parse_text_list,
    schema,
    several,
    text_of_form,
)
from flashsync.declared.problems import shown, wrong
from flashsync.model.notify import SecretReference

_OWN = "FLASHDUTY_"
"""The beginning of the variables with the APP key and the server's address, in either case."""
_OF_THE_SYSTEM = ("/proc", "/dev", "/sys")
_OF_THE_VENDOR = "/.flashduty/config.yaml"
_NOTHING_ALLOWED = "add an entry, or remove the key to allow nothing"
_NEVER = "use a separate variable or file for the secret of the chat"


class SecretRefusal(NamedTuple):
    """Why a reference may not be used, and what to write instead."""

    message: str
    remedy: str


def _parse_patterns(texts: list[str]) -> tuple[str, ...]:
    patterns = parse_text_list(texts, remedy=_NOTHING_ALLOWED)
    for text in patterns:
        if text.upper().startswith(_OWN):
            message = f"{shown(text)} allows nothing because no secret may come from {_OWN}*"
            raise wrong(message, "use a name like FLASHSYNC_*")
    return patterns


def _parse_folders(texts: list[str]) -> tuple[str, ...]:
    folders = parse_text_list(texts, remedy=_NOTHING_ALLOWED)
    for text in folders:
        if not text.startswith(("/", "~/")) or ".." in text.split("/"):
            message = f"expected the absolute path of a folder, got {shown(text)}"
            raise wrong(message, "use a path like /run/secrets")
    return folders


_VARIABLES = one_or_several(
    text_of_form(rf"(?!{any_case('flashduty_')})[^{CONTROLS}\s](?:[^{CONTROLS}]*)")
)
_FOLDERS = one_or_several(text_of_form(r"(?!(?:.*/)?\.\.(?:/|\s*$))(?:/|~/).*"))


@declared
class Secrets:
    """What references may name; of an absent kind, nothing."""

    env: Annotated[tuple[str, ...], several(_parse_patterns), schema(**_VARIABLES)] | None = None
    files: Annotated[tuple[str, ...], several(_parse_folders), schema(**_FOLDERS)] | None = None


def refusal(reference: SecretReference, limits: Secrets | None = None) -> SecretRefusal | None:
    """Why a reference may not be used, by its name alone: the same on every machine."""
    if reference.kind == "env":
        return _refuse_variable(reference.name, limits)
    return _refuse_file(reference.name, limits)


def _refuse_variable(name: str, limits: Secrets | None) -> SecretRefusal | None:
    if name.upper().startswith(_OWN):
        return SecretRefusal(
            f"{shown(name)} is reserved because {_OWN}* is for the APP key", _NEVER
        )
    if limits is None:
        return None
    if limits.env is None:
        message = f"`secrets` in flashsync.yaml allows no variables, so not {shown(name)}"
        return SecretRefusal(message, f"add `env: [{name}]` there")
    if any(fnmatchcase(name, pattern) for pattern in limits.env):
        return None
    message = f"{shown(name)} is not among the variables that `secrets` in flashsync.yaml allows"
    return SecretRefusal(message, f"use one of {', '.join(limits.env)}, or add it there")


def _refuse_file(path: str, limits: Secrets | None) -> SecretRefusal | None:
    whole = plain(path)
    if any(f"{whole}/".startswith(f"{folder}/") for folder in _OF_THE_SYSTEM):
        folders = ", ".join(_OF_THE_SYSTEM)
        return SecretRefusal(f"{shown(path)} is in a folder of the system ({folders})", _NEVER)
    if whole.endswith(_OF_THE_VENDOR):
        return SecretRefusal(f"{shown(path)} contains the APP key", _NEVER)
    if limits is None:
        return None
    if limits.files is None:
        message = f"`secrets` in flashsync.yaml allows no files, so not {shown(path)}"
        return SecretRefusal(message, f"add `files: [{whole.rpartition('/')[0] or '/'}]` there")
    if any(is_below(whole, plain(folder)) for folder in limits.files):
        return None
    message = f"{shown(path)} is not in a folder that `secrets` in flashsync.yaml allows"
    return SecretRefusal(message, f"use one of {', '.join(limits.files)}, or add its folder there")


def plain(path: str) -> str:
    """The path without `.`, `..` and double slashes."""
    return normpath("/" + path.lstrip("/") if path.startswith("/") else path)


def is_below(path: str, folder: str) -> bool:
    """Whether a plain path is in a plain folder, at any depth."""
    return path.startswith(folder.rstrip("/") + "/")
