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
    path = tuple(step for step in detail["loc"] if step != "[key]")
    context: dict[str, Any] = detail.get("ctx", {})
    if detail["type"] == KIND:
        if key := context["at_key"]:
            return Finding((*path, key), context["message"], context["remedy"], at_key=True)
        at_key = "[key]" in detail["loc"]
        if "place" in context:
            path = (*path, context["place"])
        return Finding(path, context["message"], context["remedy"], at_key=at_key)
    if detail["type"] == "unexpected_keyword_argument":
        return _unknown_key(path, keys)
    if detail["type"] in ("missing", "missing_argument"):
        return Finding(path[:-1], f"`{path[-1]}` is missing", f"add `{path[-1]}:`")
    return Finding(path, *_PLAIN.get(detail["type"], (detail["msg"], "")))


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
    known = keys[_model_at(path[:-1])]
    message = f"unknown key {shown(key)}"
    return Finding(path, message, suggestion(key, known), at_key=True)


def _model_at(path: Path) -> str:
    """Which model stands at a path, by the last key in it: what lists its known keys."""
    words = [step for step in path if isinstance(step, str)]
    return words[-1] if words else ""
