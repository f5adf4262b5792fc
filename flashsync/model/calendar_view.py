"""What `show` and `oncall` are about: schedules with their calendars, a time, and for whom.

All instants are Unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flashsync.model.calendar import Calendar, Shift, Span
from flashsync.model.people import Directory


class Basis(StrEnum):
    """What a calendar was computed from."""

    LIVE = "live"
    AFTER_APPLY = "after_apply"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class ShownCalendar:
    """A schedule with its calendar, which may reach beyond the shown time.

    `unknown` are layers with shifts that could not be computed; then who is on call is unknown.
    """

    name: str
    calendar: Calendar
    id: int | None = None
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The window (Unix seconds), zone, moment and basis; with `person` (an id), their part only."""

    window: Span
    timezone: str
    now: int
    directory: Directory
    basis: Basis = Basis.LIVE
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A schedule and its calendar, None if the schedule is declared and not live."""

    name: str
    id: int | None = None
    calendar: Calendar | None = None

    def now(self, instant: int) -> Shift | None:
        """The shift at an instant, or None if nobody is on call."""
        return self.calendar.at(instant) if self.calendar else None

    def next(self, instant: int) -> Shift | None:
        """The next shift, perhaps after a gap."""
        return self.calendar.after(instant) if self.calendar else None


@dataclass(frozen=True, slots=True)
class AskedMoment:
    """The moment to show (Unix seconds), and the present one."""

    at: int
    now: int
    timezone: str
    directory: Directory
