"""What is wrong with a document: the models' errors in words, with the path of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from flashsync.declared.wrong import KIND, ascii_form, shown
from flashsync.errors import Level

Path = tuple[str | int, ...]

FOREIGN = {
    "advance_in_time": "before",
    "chat_id": "chat_ids",
    "day_mask": "days",
    "enable_time": "start",
    "expire_time": "end",
    "fair_rotation": "fair",
    "fixed_time": "daily_at",
    "follow_preference": "by",
    "group_id": "team",
    "group_name": "group",
    "handoff_time": "handoff",
    "layer_end": "end",
    "layer_name": "layer",
    "layer_start": "start",
    "mask_continuous_enabled": "continuous",
    "person_id": "person",
    "person_ids": "members",
    "personal_channels": "by",
    "restrict_mode": "hours",
    "restrict_periods": "hours",
    "role_id": "role",
    "rotation_unit": "rotation",
    "rotation_value": "rotation",
    "schedule_id": "id",
    "schedule_name": "schedule",
    "team_id": "team",
    "time_zone": "timezone",
    "webhooks": "chats",
}
"""Words of the API and the console, and the keys that say the same in a file."""


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
    return Finding(path, message, _suggestion(key, known), at_key=True)


def _suggestion(key: str, known: tuple[str, ...]) -> str:
    foreign = FOREIGN.get(key)
    if foreign in known:
        return f"write `{foreign}`"
    near = get_close_matches(ascii_form(key).lower(), known, n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"known here: {', '.join(known)}"


def _model_at(path: Path) -> str:
    """Which model stands at a path, by the last key in it: what lists its known keys."""
    words = [step for step in path if isinstance(step, str)]
    return words[-1] if words else ""
