"""A new schedule at a glance: a layer in two rows instead of one row a field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.plan.model import Change
from flashsync.render.layout import Row

_DESCRIPTION_LINES = 2
_BARE = {"rotation", "days", "hours"}
"""Fields of a layer whose values speak for themselves."""
_LAST = ("start", "end")
"""Fields of a layer that come after those which say its rhythm."""
_IN_THE_LABEL = {"type", "alias"}
"""Fields of a chat that its name repeats."""


def created(changes: Sequence[Change]) -> Iterator[Row]:
    """The fields of a schedule, in the order of a file, grouped by layer and by chat."""
    for head, fields in _grouped(changes):
        if head.startswith("layers["):
            yield from _layer(head, fields)
        elif head.startswith("notify.chats["):
            yield _chat(head, fields)
        elif head == "notify":
            yield Row(head, ", ".join(f"{key} {value}" for key, value in fields))
        else:
            yield from (_single(head, value) for _, value in fields)


def _grouped(changes: Sequence[Change]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What belongs together, by the path of the part it belongs to."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for change in changes:
        head, field = _split(change.path)
        if not groups or groups[-1][0] != head or not field:
            groups.append((head, []))
        groups[-1][1].append((field, change.after or ""))
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


def _layer(head: str, fields: list[tuple[str, str]]) -> Iterator[Row]:
    """Its rhythm in one row, its turns in the next."""
    known = dict(fields)
    turns = known.pop("groups", "")
    ordered = sorted(known.items(), key=lambda field: field[0] in _LAST)
    yield Row(head, ", ".join(_worded(key, value) for key, value in ordered))
    if turns:
        yield Row("  groups", turns.removeprefix("[").removesuffix("]"))


def _worded(key: str, value: str) -> str:
    if key in _BARE:
        return value
    return key if value == "true" else f"{key} {value}"


def _chat(head: str, fields: list[tuple[str, str]]) -> Row:
    name = head.removeprefix("notify.chats[").removesuffix("]")
    known = [(key, value) for key, value in fields if key and key not in _IN_THE_LABEL]
    parts = [f"{key} {value}" for key, value in known if value not in name]
    return Row("notify.chats", ", ".join([name, *parts]))


def _single(path: str, value: str) -> Row:
    most = _DESCRIPTION_LINES if path == "description" else None
    return Row(path, " ".join(value.split()), most=most)
