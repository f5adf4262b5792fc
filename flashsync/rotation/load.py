"""How much each person is on call: hours, nights, weekends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flashsync.model.calendar import Shift, Span
from flashsync.model.schedule import Hours
from flashsync.model.timezone import DAY, HOUR, WEEK
from flashsync.rotation.clock import clock
from flashsync.rotation.duty import in_hours
from flashsync.rotation.spans import common

NIGHT = Hours("day", ((22 * HOUR, 6 * HOUR),))
"""22:00 to 06:00 of the next day, wall clock."""

WEEKEND = Hours("week", ((5 * DAY, WEEK),))
"""Saturday 00:00 to Monday 00:00, wall clock."""


@dataclass(frozen=True, slots=True)
class Load:
    """Seconds on call in all, at night, and on weekends; a weekend's night counts as both."""

    seconds: int = 0
    night_seconds: int = 0
    weekend_seconds: int = 0


def load(final: Sequence[Shift], timezone: str) -> dict[int, Load]:
    """The load of each person (by id) in a calendar's `final`, in whatever role."""
    if not final:
        return {}
    there = clock(timezone)
    nights, weekends = (
        in_hours(hours, there, final[0].start, final[-1].end) for hours in (NIGHT, WEEKEND)
    )
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for shift in final:
        for person in shift.people:
            found[person].append((shift.start, shift.end))
    return {
        person: Load(
            _length(spans), _length(common(spans, nights)), _length(common(spans, weekends))
        )
        for person, spans in found.items()
    }


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)
