"""How long people are on call without a break."""

from __future__ import annotations

from collections.abc import Sequence

from flashsync.model.calendar import Shift, Span


def longest(final: Sequence[Shift]) -> dict[int, Span]:
    """The longest unbroken stretch of each person (by id) in a calendar's `final`.

    Shifts that touch are one stretch, in whatever roles; of equally long ones the first counts.
    """
    running: dict[int, Span] = {}
    found: dict[int, Span] = {}
    for shift in final:
        for person in shift.people:
            last = running.get(person)
            start = last[0] if last and last[1] == shift.start else shift.start
            running[person] = stretch = (start, shift.end)
            if _length(stretch) > _length(found.get(person, (0, 0))):
                found[person] = stretch
    return found


def _length(span: Span) -> int:
    return span[1] - span[0]
