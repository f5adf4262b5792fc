"""A change of a plan in one line, and a new schedule in rows, as people and scripts see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import TypeAlias

from flashsync.plan.model import Change, ChangeKind, FileValue
from flashsync.render.terminal import Row

_LONG, _AROUND = 80, 20
"""Characters. Longer values are shown from shortly before they differ."""


def change_text(change: Change) -> str:
    """`+ frank (turn 4)`, `1 week → 2 weeks`, `renamed from Primary`."""
    return _TEXTS[change.kind](change.before, change.after)


def differences_text(changes: Sequence[Change]) -> str:
    """Several changes in one line, each with its path."""
    return "; ".join(f"{change.path}: {change_text(change)}" for change in changes)


def value_text(value: FileValue | None) -> str:
    """A value as a file would write it; a part with keys of its own on one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {value_text(part)}" for key, part in value.items())
    return f"[{', '.join(value)}]" if isinstance(value, tuple) else value or ""


def entries_of(value: FileValue | None) -> tuple[str, ...]:
    """The entries of a list."""
    return value if isinstance(value, tuple) else ()


def _line(value: FileValue | None) -> str:
    return "↵".join(value_text(value).splitlines())


def _entries_text(before: Sequence[str], after: Sequence[str]) -> str:
    """`+ c3, - c1`, for a list without an order."""
    added = [f"+ {entry}" for entry in after if entry not in before]
    return ", ".join([*added, *(f"- {entry}" for entry in before if entry not in after)])


def turns_text(before: Sequence[str], after: Sequence[str]) -> str:
    """`+ frank (turn 4), - bob`; and the new order, where the others change their order."""
    gone = list(before)
    added: list[str] = []
    staying: list[str] = []
    for turn, entry in enumerate(after, 1):
        if entry in gone:
            gone.remove(entry)
            staying.append(entry)
        else:
            added.append(f"+ {entry} (turn {turn})")
    parts = [*added, *(f"- {entry}" for entry in gone)]
    if staying != _without_last(before, gone):
        parts.append(f"order: {', '.join(before)} → {', '.join(after)}")
    return ", ".join(parts)


def _without_last(entries: Sequence[str], gone: Sequence[str]) -> list[str]:
    """What is left of a list without the last of each entry that is gone."""
    left = list(entries)[::-1]
    for entry in gone:
        left.remove(entry)
    return left[::-1]


def _names(names: FileValue | None) -> str:
    return ", ".join(name or "(none)" for name in entries_of(names))


def _secret_text(before: FileValue | None, after: FileValue | None) -> str:
    """`changed, from env: TOKEN`."""
    if after is None:
        return "removed"
    verb = "set" if before is None else "changed"
    return f"{verb}, from {value_text(after)}" if isinstance(after, Mapping) else verb


def _link(link: FileValue | None) -> str:
    """`2026-01-05 10:00 – 2026-03-02 10:00`."""
    ends = link.values() if isinstance(link, Mapping) else ()
    return " – ".join(map(value_text, ends))


def _replaced(before: FileValue | None, after: FileValue | None) -> str:
    """`1 week → 2 weeks`; long values from shortly before they differ."""
    old, new = _line(before), _line(after)
    if max(len(old), len(new)) > _LONG:
        alike = (one == other for one, other in zip(old, new, strict=False))
        start = max(0, sum(takewhile(bool, alike)) - _AROUND)
        old, new = _cut(old, start), _cut(new, start)
    return f"{old} → {new}"


def _cut(text: str, start: int) -> str:
    end = start + _LONG
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


_Text: TypeAlias = Callable[[FileValue | None, FileValue | None], str]
_TEXTS: Mapping[ChangeKind, _Text] = {
    ChangeKind.SET: lambda _, after: _line(after),
    ChangeKind.ADDED: lambda _, after: f"+ {_line(after)}",
    ChangeKind.REMOVED: lambda before, _: f"- {_line(before)}",
    ChangeKind.CHANGED: _replaced,
    ChangeKind.TURNS: lambda before, after: turns_text(entries_of(before), entries_of(after)),
    ChangeKind.ENTRIES: lambda before, after: _entries_text(entries_of(before), entries_of(after)),
    ChangeKind.RENAMED: lambda before, _: f"renamed from {_line(before)}",
    ChangeKind.GROUP_NAMES: lambda before, after: f"names: {_names(before)} → {_names(after)}",
    ChangeKind.SECRET: _secret_text,
    ChangeKind.ENDED_LINK: lambda before, _: f"- link of {_link(before)}",
    ChangeKind.UNNAMED: lambda _, __: "differs in what no file can say",
}


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
