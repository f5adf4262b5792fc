"""How much people are on call: in all, at night, and on weekends."""

from __future__ import annotations

from dataclasses import dataclass, field

from flashsync.model.schedule import Hours
from flashsync.model.timezone import DAY, HOUR, WEEK

NIGHT = Hours("day", ((22 * HOUR, 6 * HOUR),))
"""22:00 to 06:00 of the next day, wall clock: the hours in which a page costs sleep. Laws on night
work draw the line at 22:00 or 23:00 and at 06:00; the earlier evening counts for whoever is up."""

WEEKEND = Hours("week", ((5 * DAY, WEEK),))
"""Saturday 00:00 to Monday 00:00, wall clock: two whole days, so that a weekly handoff on any
weekday leaves each weekend with one person. Friday evening is not part of it."""


@dataclass(frozen=True, slots=True)
class Load:
    """Seconds on call in all, at night, and on weekends; a night of a weekend is both."""

    seconds: int = 0
    night_seconds: int = 0
    weekend_seconds: int = 0

    def __add__(self, other: Load) -> Load:
        return Load(
            self.seconds + other.seconds,
            self.night_seconds + other.night_seconds,
            self.weekend_seconds + other.weekend_seconds,
        )


@dataclass(frozen=True, slots=True)
class DutyLoad:
    """The load of one person in one role, and in how many shifts; shifts that touch are one."""

    load: Load = field(default_factory=Load)
    shifts: int = 0

    def __add__(self, other: DutyLoad) -> DutyLoad:
        return DutyLoad(self.load + other.load, self.shifts + other.shifts)
