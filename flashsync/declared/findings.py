"""What is wrong with a document: the models' errors in words, with the path of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from flashsync.declared.suggest import suggestion
from flashsync.declared.wrong import KIND, shown
from flashsync.errors import Level

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a document, at a path from its root; `at_key` is at the key."""

    path: Path
    message: str
    remedy: str = ""
    at_key: bool = False
    level: Level = Level.ERROR


class Findings(Exception):  # noqa: N818 - it is what was found
    """All that is wrong with one document."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(finding.message for finding in self.findings))


def from_pydantic(
    error: ValidationError, tree: object, keys: dict[str, tuple[str, ...]]
) -> Findings:
    """The errors of a model in words. `keys` gives the keys known at a place, by its last key."""
    details = [detail for detail in error.errors(include_url=False) if not _echo(detail)]
    found = (_finding(detail, keys) for detail in details)
    return Findings(replace(one, path=real_path(tree, one.path)) for one in found)


def _echo(detail: ErrorDetails) -> bool:
    """Whether it says that a list is empty only because its entries are wrong."""
    return detail["type"] == "too_short" and bool(detail["input"])


def real_path(tree: object, path: Path) -> Path:
    """The part of a path that is really written, where a shorthand left out the rest."""
    real: list[str | int] = []
    for step in path:
        if isinstance(tree, dict) and step in tree:
            tree = tree[str(step)]
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        elif isinstance(tree, str):
            break
        else:
            continue
        real.append(step)
    return tuple(real)


def _finding(detail: ErrorDetails, keys: dict[str, tuple[str, ...]]) -> Finding:
    path = detail["loc"]
    if detail["type"] == KIND:
        return _ours(path, detail["ctx"])
    if detail["type"] == "unexpected_keyword_argument":
        return _unknown_key(path, keys)
    if detail["type"] in ("missing", "missing_argument"):
        return Finding(path[:-1], f"`{path[-1]}` is missing", f"add `{path[-1]}:`")
    return Finding(path, *_PLAIN.get(detail["type"], (detail["msg"], "")))


def _ours(path: Path, context: dict[str, Any]) -> Finding:
    """The finding of an error of `wrong.py`, which may say more about its place."""
    at_key = path[-1:] == ("[key]",)  # how pydantic says that it stands at a mapping's key
    if at_key:
        path = path[:-1]
    elif key := context["at_key"]:
        path, at_key = (*path, key), True
    elif "place" in context:
        path = (*path, context["place"])
    return Finding(path, context["message"], context["remedy"], at_key=at_key)


_LIST = ("a list is due here", "write its entries as `- …` lines, or in [brackets]")
_MAPPING = ("a mapping is due here", "write `key: value` lines")
_PLAIN = {
    "tuple_type": _LIST,
    "dataclass_type": _MAPPING,
    "dict_type": _MAPPING,
    "too_short": ("the list is empty", "add at least one entry"),
}


def _unknown_key(path: Path, keys: dict[str, tuple[str, ...]]) -> Finding:
    key = str(path[-1])
    around = [step for step in reversed(path[:-1]) if step in keys]
    known = keys[str(around[0]) if around else ""]
    message = f"unknown key {shown(key)}"
    return Finding(path, message, suggestion(key, known), at_key=True)
