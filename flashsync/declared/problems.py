"""The errors of a document in words, each with its path, its fix, and the nearest known word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from flashsync.errors import Level

Path = tuple[str | int, ...]
Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str"
"""A document as YAML holds it: mappings, lists, and text for every scalar."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in a document, at a path from its root; with `at_key`, at the key itself."""

    path: Path
    message: str
    remedy: str = ""
    at_key: bool = False
    level: Level = Level.ERROR


class Findings(Exception):  # noqa: N818 - several errors in one
    """All problems of one document."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(finding.message for finding in self.findings))


def from_pydantic(
    error: ValidationError, tree: object, keys: dict[str, tuple[str, ...]]
) -> Findings:
    """The errors of a model in words; `keys` gives the known keys of each part, by its key."""
    findings = [
        _translate(detail, keys)
        for detail in error.errors(include_url=False)
        # pydantic also calls a list empty when all its entries are wrong
        if not (detail["type"] == "too_short" and detail["input"])
    ]
    return Findings(replace(one, path=written_path(tree, one.path)) for one in findings)


def written_path(tree: object, path: Path) -> Path:
    """The steps of a path that the document has; a shorthand leaves some out."""
    written: list[str | int] = []
    for step in path:
        if isinstance(tree, dict) and step in tree:
            tree = tree[str(step)]
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        elif isinstance(tree, str):
            break
        else:
            continue
        written.append(step)
    return tuple(written)


def _translate(detail: ErrorDetails, keys: dict[str, tuple[str, ...]]) -> Finding:
    path = detail["loc"]
    if detail["type"] == KIND:
        return _read_own(path, detail["ctx"])
    if detail["type"] == "unexpected_keyword_argument":
        key = str(path[-1])
        known = keys[_find_part(path, keys)]
        return Finding(path, f"unknown key {shown(key)}", suggestion(key, known), at_key=True)
    if detail["type"] in ("missing", "missing_argument"):
        return Finding(path[:-1], f"`{path[-1]}` is missing", f"add `{path[-1]}:`")
    if detail["type"] in _EXPECTED:
        expected, remedy = _EXPECTED[detail["type"]]
        return Finding(path, f"expected {expected}, found {kind_of(detail['input'])}", remedy)
    if detail["type"] == "too_short":
        return Finding(path, "the list is empty", "add at least one entry")
    return Finding(path, detail["msg"])


def _read_own(path: Path, context: dict[str, Any]) -> Finding:
    """The finding of an error made by `wrong`, at the key or list entry that it names."""
    at_key = path[-1:] == ("[key]",)  # pydantic's mark for the key itself
    if at_key:
        path = path[:-1]
    elif key := context["at_key"]:
        path, at_key = (*path, key), True
    elif "index" in context:
        path = (*path, context["index"])
    return Finding(path, context["message"], context["remedy"], at_key=at_key)


_LIST = ("a list", "write its entries as `- …` lines, or in [brackets]")
_MAPPING = ("a mapping", "write `key: value` lines")
_EXPECTED = {
    "tuple_type": _LIST,
    "dataclass_type": _MAPPING,
    "dict_type": _MAPPING,
}


def kind_of(tree: object) -> str:
    """`a mapping`, `a list` or `a text`."""
    if isinstance(tree, dict):
        return "a mapping"
    return "a list" if isinstance(tree, list) else "a text"


def _find_part(path: Path, keys: Mapping[str, tuple[str, ...]]) -> str:
    """The part of the document in which a key is: the nearest one with known keys."""
    return next((str(step) for step in reversed(path[:-1]) if step in keys), "")


# Errors about a value, which pydantic collects.

KIND = "flashsync"
"""The type of our own errors; their context has `message` and `remedy`."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−～〜", "-"))
_SHOWN = 60


def wrong(message: str, remedy: str = "", *, at_key: str = "") -> PydanticCustomError:
    """An error for pydantic to collect; `at_key` moves it to a key of the mapping."""
    context = {"message": _line(message), "remedy": _line(remedy), "at_key": at_key}
    return PydanticCustomError(KIND, "{message}", context)


def at(error: PydanticCustomError, index: int) -> PydanticCustomError:
    """The same error, moved to an entry of the list."""
    return PydanticCustomError(KIND, "{message}", {**(error.context or {}), "index": index})


def shown(value: object) -> str:
    """A value in backticks, on one line, cut where it is long."""
    text = _line(value) if isinstance(value, str) else "this"
    return f"`{text[:_SHOWN]}…`" if len(text) > _SHOWN else f"`{text}`"


def _line(text: str) -> str:
    """The text on one line, without control characters."""
    return "".join(char if char.isprintable() else "�" for char in " ".join(text.split()))


def ascii_form(text: str) -> str:
    """The text with full-width characters and long dashes in their ASCII form."""
    plain = unicodedata.normalize("NFKC", text.translate(_DASHES))
    return re.sub(r"\s+", " ", plain).strip()


def not_read(text: str, expected: str, example: str) -> PydanticCustomError:
    """The error for a text of the wrong form; points out full-width characters and long dashes."""
    if text.strip() and ascii_form(text) != " ".join(text.split()):
        message = f"{shown(text)} has full-width characters or long dashes"
        return wrong(message, f"write {ascii_form(text)}")
    return wrong(f"expected {expected}, got {shown(text)}", f"use a value like {example}")


# What an unknown key was meant to be: misspelt, or a word of the API.

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
"""Words of the API, the console, or another part of a file, and our keys for them.

The first that is known in the part at hand is meant.
"""

_EXPLAINED = dict.fromkeys(("timezone", "time_zone"), "remove it, schedules use the account's zone")


def nearest(text: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known text that is most like this one, if any; case and full width do not matter."""
    from difflib import get_close_matches

    folded = {ascii_form(word).casefold(): word for word in known}
    near = get_close_matches(ascii_form(text).casefold(), folded, n=1, cutoff=cutoff)
    return folded[near[0]] if near else None


def intended_key(key: str, known: Iterable[str]) -> str | None:
    """The known key that was probably meant."""
    known = tuple(known)
    foreign = next((word for word in FOREIGN.get(key, ()) if word in known), None)
    return foreign or nearest(key, known)


def suggestion(key: str, known: tuple[str, ...]) -> str:
    """The remedy for an unknown key."""
    intended = intended_key(key, known)
    if intended is None:
        return _EXPLAINED.get(key, f"known here: {', '.join(known)}")
    return f"write `{intended}`" if key in FOREIGN else f"did you mean `{intended}`?"


# Documents with misspelt keys: read as they are meant, so that further errors are found.


_SAME_FORM = frozenset(
    ("end", "from", "groups", "group_name", "layer_name", "name", "schedule_name", "start", "to")
)
"""Words of other parts and of the API with values of the same form as the keys that they mean."""

_NEAR = 0.75
"""How alike a misspelt key has to be: `colour` is not `rollout`."""


@dataclass(frozen=True, slots=True)
class CorrectedTree:
    """A tree with misspelt keys corrected: `written` has the written key by the corrected path."""

    tree: object
    findings: tuple[Finding, ...]
    written: Mapping[Path, str]

    def as_written(self, finding: Finding) -> Finding:
        """A finding of the corrected tree at its place in the file."""
        path = tuple(
            self.written.get(finding.path[: depth + 1], step)
            for depth, step in enumerate(finding.path)
        )
        return replace(finding, path=path)


def correct_keys(
    tree: object, findings: Sequence[Finding], keys: Mapping[str, tuple[str, ...]]
) -> CorrectedTree | None:
    """Correct the unknown keys that look like a known key which is missing; None without any.

    `keys` gives the known keys of each part, by its key. Only the outermost keys are corrected.
    """
    written: dict[Path, str] = {}
    unknown: list[Finding] = []
    for finding in findings:
        intended = _find_intended(tree, finding, keys)
        path = (*finding.path[:-1], intended or "")
        if intended and path not in written:
            written[path] = str(finding.path[-1])
            unknown.append(finding)
    if not written:
        return None
    for path, key in written.items():
        tree = _rename(tree, path[:-1], key, str(path[-1]))
    return CorrectedTree(tree, tuple(unknown), written)


def _find_intended(
    tree: object, finding: Finding, keys: Mapping[str, tuple[str, ...]]
) -> str | None:
    """The key that an unknown key stands for, if its mapping lacks it."""
    if not (finding.at_key and finding.path and isinstance(finding.path[-1], str)):
        return None
    key, known = finding.path[-1], keys[_find_part(finding.path, keys)]
    mapping: Any = tree
    for step in finding.path[:-1]:
        mapping = mapping[step]
    if not isinstance(mapping, dict) or key not in mapping or key in known:
        return None
    near = key in _SAME_FORM or nearest(key, known, _NEAR) is not None
    intended = intended_key(key, known)
    foreign = key in FOREIGN and key not in _SAME_FORM
    return intended if near and not foreign and intended not in mapping else None


def _rename(tree: Any, path: Path, old: str, new: str) -> object:
    """The tree with another key in the mapping at a path; all other parts are shared."""
    if not path:
        return {new if key == old else key: value for key, value in tree.items()}
    step, *rest = path
    changed = _rename(tree[step], tuple(rest), old, new)
    if isinstance(tree, list):
        return [*tree[: int(step)], changed, *tree[int(step) + 1 :]]
    return {**tree, step: changed}


def without_wrong(tree: object, findings: Iterable[Finding]) -> object:
    """The tree without the outermost entries with errors: keys, and entries of keys."""
    if not isinstance(tree, dict):
        return {}
    left = dict(tree)
    for finding in findings:
        key, *inner = finding.path or ("",)
        value = left.get(str(key))
        if isinstance(value, dict) and inner and inner[0] in value:
            left[str(key)] = {name: part for name, part in value.items() if name != inner[0]}
        else:
            left.pop(str(key), None)
    return left
