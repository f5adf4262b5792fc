"""Numbers and lists as people say them: `2 schedules`, `a, b and c`, `a, b and 3 more`."""

from __future__ import annotations

from collections.abc import Sequence


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 schedule`, `2 schedules`, `0 entries`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def joined(parts: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def first(parts: Sequence[str], most: int) -> str:
    """`a, b`, or `a, b and 3 more` where there are more than `most`."""
    more = f" and {len(parts) - most} more" if len(parts) > most else ""
    return ", ".join(parts[:most]) + more
