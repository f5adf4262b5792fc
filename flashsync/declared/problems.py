"""What is wrong with a document, in words: each problem with its path, its fix, and a near word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

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
    if detail["type"] in _EXPECTED:
        expected, remedy = _EXPECTED[detail["type"]]
        return Finding(path, f"expected {expected}, found {kind_of(detail['input'])}", remedy)
    if detail["type"] == "too_short":
        return Finding(path, "the list is empty", "add at least one entry")
    return Finding(path, detail["msg"])


def _ours(path: Path, context: dict[str, Any]) -> Finding:
    """The finding of an error of `wrong`, which may say more about its place."""
    at_key = path[-1:] == ("[key]",)  # how pydantic says that it is at a mapping's key
    if at_key:
        path = path[:-1]
    elif key := context["at_key"]:
        path, at_key = (*path, key), True
    elif "place" in context:
        path = (*path, context["place"])
    return Finding(path, context["message"], context["remedy"], at_key=at_key)


_LIST = ("a list", "write its entries as `- …` lines, or in [brackets]")
_MAPPING = ("a mapping", "write `key: value` lines")
_EXPECTED = {
    "tuple_type": _LIST,
    "dataclass_type": _MAPPING,
    "dict_type": _MAPPING,
}


def kind_of(tree: object) -> str:
    """What a part of a document is, for a message that does not show the part itself."""
    if isinstance(tree, dict):
        return "a mapping"
    return "a list" if isinstance(tree, list) else "a text"


def _unknown_key(path: Path, keys: dict[str, tuple[str, ...]]) -> Finding:
    key = str(path[-1])
    around = [step for step in reversed(path[:-1]) if step in keys]
    known = keys[str(around[0]) if around else ""]
    message = f"unknown key {shown(key)}"
    return Finding(path, message, suggestion(key, known), at_key=True)


# How a value in a file is refused: what is wrong, and what to write instead.

KIND = "flashsync"
"""The type of pydantic errors that are ours; their context has `message` and `remedy`."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−～〜", "-"))
_SHOWN = 60


def wrong(message: str, remedy: str = "", *, at_key: str = "") -> PydanticCustomError:
    """An error for pydantic to collect; `at_key` names a key of the mapping that it is at."""
    context = {"message": _line(message), "remedy": _line(remedy), "at_key": at_key}
    return PydanticCustomError(KIND, "{message}", context)


def at(error: PydanticCustomError, place: int) -> PydanticCustomError:
    """The same error, at one entry of the list that it is at."""
    return PydanticCustomError(KIND, "{message}", {**(error.context or {}), "place": place})


def shown(value: object) -> str:
    """A value from a file, quoted, on one line, cut where it is long."""
    text = _line(value) if isinstance(value, str) else "this"
    return f"`{text[:_SHOWN]}…`" if len(text) > _SHOWN else f"`{text}`"


def _line(text: str) -> str:
    """The text on one line, without what a terminal would act on."""
    return "".join(char if char.isprintable() else "�" for char in " ".join(text.split()))


def ascii_form(text: str) -> str:
    """The text with full-width characters and long dashes as a keyboard would write them."""
    plain = unicodedata.normalize("NFKC", text.translate(_DASHES))
    return re.sub(r"\s+", " ", plain).strip()


def not_read(text: str, expected: str, example: str) -> PydanticCustomError:
    """The error for a text that is not of its form; points out full-width characters and dashes."""
    if text.strip() and ascii_form(text) != " ".join(text.split()):
        message = f"{shown(text)} has full-width characters or long dashes"
        return wrong(message, f"write {ascii_form(text)}")
    return wrong(f"expected {expected}, got {shown(text)}", f"use a value like {example}")


# What somebody meant who wrote a key that is not known: a slip, or a word of the API.

FOREIGN: dict[str, tuple[str, ...]] = {
    "advance_in_time": ("before",),
    "chat_id": ("chat_ids",),
    "data_source": ("data_source_id",),
    "day_mask": ("days",),
    "enable_time": ("start", "from"),
    "end": ("to",),
    "expire_time": ("end", "to"),
    "fair_rotation": ("fair",),
    "fixed_time": ("daily_at",),
    "follow_preference": ("by",),
    "from": ("start",),
    "group_id": ("team",),
    "group_name": ("group",),
    "groups": ("people",),
    "handoff_time": ("handoff",),
    "layer_end": ("end", "to"),
    "layer_name": ("layer", "override"),
    "layer_start": ("start", "from"),
    "mask_continuous_enabled": ("continuous",),
    "members": ("people", "on_call"),
    "name": ("schedule", "layer", "group", "override"),
    "people": ("members", "on_call"),
    "person_id": ("person",),
    "person_ids": ("members", "people"),
    "personal_channels": ("by",),
    "repeat": ("days",),
    "restrict_mode": ("hours",),
    "restrict_periods": ("hours",),
    "role_id": ("role",),
    "rotation_duration": ("rotation",),
    "rotation_unit": ("rotation",),
    "rotation_value": ("rotation",),
    "schedule_id": ("id",),
    "schedule_name": ("schedule",),
    "start": ("from",),
    "team_id": ("team",),
    "time_zone": ("timezone",),
    "to": ("end",),
    "webhooks": ("chats",),
}
"""Words of the API and the console, or of another place in a file, and the keys that say the same.

Which one is meant depends on the place: the first that is known there.
"""

_EXPLAINED = dict.fromkeys(("timezone", "time_zone"), "remove it, schedules use the account's zone")


def nearest(text: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known text that is most like this one, if any is; upper case and full width aside."""
    from difflib import get_close_matches

    folded = {ascii_form(one).casefold(): one for one in known}
    near = get_close_matches(ascii_form(text).casefold(), folded, n=1, cutoff=cutoff)
    return folded[near[0]] if near else None


def meant(key: str, known: Iterable[str]) -> str | None:
    """The known key that was probably meant."""
    known = tuple(known)
    foreign = next((word for word in FOREIGN.get(key, ()) if word in known), None)
    return foreign or nearest(key, known)


def suggestion(key: str, known: tuple[str, ...]) -> str:
    """What to write instead of a key that is not among the known ones."""
    found = meant(key, known)
    if found is None:
        return _EXPLAINED.get(key, f"known here: {', '.join(known)}")
    return f"write `{found}`" if key in FOREIGN else f"did you mean `{found}`?"
