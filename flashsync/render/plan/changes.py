"""A change of a plan in one line, as people and scripts see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import TypeAlias

from flashsync.plan.model import Change, ChangeKind, FileValue

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
