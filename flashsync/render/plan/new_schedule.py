"""A new schedule at a glance: a layer in two rows instead of one row a field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from flashsync.plan.model import Change, FileValue
from flashsync.render.plan.changes import entries_of, value_text
from flashsync.render.terminal import Row

_DESCRIPTION_LINES = 2
_BARE = {"rotation", "days", "hours"}
"""Fields of a layer with values that speak for themselves."""
_LAST = ("start", "end")
"""Fields of a layer that come after its rhythm."""
_Field: TypeAlias = tuple[str, FileValue | None]
"""A key of a part, and its value."""
_IN_THE_LABEL = {"type", "alias"}
"""Fields of a chat that its name repeats."""


def created_rows(changes: Sequence[Change]) -> Iterator[Row]:
    """The fields of a schedule, in the order of a file, grouped by layer and by chat."""
    for head, fields in _grouped(changes):
        if head.startswith("layers["):
            yield from _layer(head, fields)
        elif head.startswith("notify.chats["):
            yield _chat(head, fields)
        elif head == "notify":
            yield Row(head, ", ".join(f"{key} {value_text(value)}" for key, value in fields))
        else:
            most = _DESCRIPTION_LINES if head == "description" else None
            for _, value in fields:
                yield Row(head, " ".join(value_text(value).split()), most=most)


def _grouped(changes: Sequence[Change]) -> list[tuple[str, list[_Field]]]:
    """What belongs together, by the path of the part it belongs to."""
    groups: list[tuple[str, list[_Field]]] = []
    for change in changes:
        head, field = _split(change.path)
        if not groups or groups[-1][0] != head or not field:
            groups.append((head, []))
        groups[-1][1].append((field, change.after))
    return groups


def _split(path: str) -> tuple[str, str]:
    """`layers[Primary]` and `groups`, `notify` and `before`, `team` and nothing.

    A name in brackets may hold anything, and a field's name neither dot nor bracket.
    """
    head, bracket, field = path.rpartition("].")
    if bracket:
        return f"{head}]", field
    if path.startswith("notify.") and not path.endswith("]"):
        return "notify", path.removeprefix("notify.")
    return path, ""


def _layer(head: str, fields: list[_Field]) -> Iterator[Row]:
    """Its rhythm in one row, its turns in the next."""
    known = dict(fields)
    turns = entries_of(known.pop("groups", None))
    ordered = sorted(known.items(), key=lambda field: field[0] in _LAST)
    yield Row(head, ", ".join(_worded(key, value_text(value)) for key, value in ordered))
    if turns:
        yield Row("  groups", ", ".join(turns))


def _worded(key: str, value: str) -> str:
    if key in _BARE:
        return value
    return key if value == "true" else f"{key} {value}"


def _chat(head: str, fields: list[_Field]) -> Row:
    name = head.removeprefix("notify.chats[").removesuffix("]")
    known = [(key, value_text(value)) for key, value in fields if key and key not in _IN_THE_LABEL]
    parts = [f"{key} {value}" for key, value in known if value not in name]
    return Row("notify.chats", ", ".join([name, *parts]))
