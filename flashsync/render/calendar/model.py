"""What a calendar shows: schedules with their shifts, a stretch of time, and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from flashsync.model.calendar import Calendar, Shift, Span
from flashsync.model.people import Directory
from flashsync.model.timezone import DAY, instants, wall_seconds_at, zone
from flashsync.rotation import compare


class Basis(StrEnum):
    """What a calendar was computed from."""

    LIVE = "live"
    AFTER_APPLY = "after_apply"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class ShownCalendar:
    """A schedule with its calendar, which may reach beyond the time that is shown.

    `unknown` are the layers whose shifts nobody could compute, so that nobody knows who is on call
    either; `notes` are what a reader has to know about it.
    """

    name: str
    calendar: Calendar
    id: int | None = None
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarView:
    """What is shown: the time (Unix seconds), in which zone, at what moment, on what basis.

    With `person` (an id), only what concerns that person.
    """

    window: Span
    timezone: str
    now: int
    directory: Directory
    basis: Basis = Basis.LIVE
    person: int | None = None


def within(shifts: Iterable[Shift], window: Span) -> list[Shift]:
    """The shifts that touch a window, whole."""
    return [one for one in shifts if one.start < window[1] and one.end > window[0]]


def gaps(shifts: Iterable[Shift], window: Span) -> list[Span]:
    """The time of a window in which nobody is on call."""
    return list(compare.gaps(within(shifts, window), *window))


def concerning(shown: Sequence[ShownCalendar], view: CalendarView) -> list[ShownCalendar]:
    """The schedules and layers that the view's person is in, in its time; all without a person."""
    if view.person is None:
        return list(shown)
    return [kept for one in shown if (kept := _of(one, view.person, view.window)) is not None]


def _of(shown: ShownCalendar, person: int, window: Span) -> ShownCalendar | None:
    def on(shifts: Iterable[Shift]) -> bool:
        return any(person in shift.people for shift in within(shifts, window))

    calendar = shown.calendar
    lanes = tuple(lane for lane in calendar.lanes if on(lane.shifts))
    if not (lanes or on(calendar.final)):
        return None
    return replace(shown, calendar=replace(calendar, lanes=lanes))


def shifts_of(shown: ShownCalendar, view: CalendarView) -> list[Shift]:
    """The shifts that count in the time of the view; with a person, that person's."""
    found = within(shown.calendar.final, view.window)
    return [one for one in found if view.person is None or view.person in one.people]


def midnights(window: Span, timezone: str) -> tuple[int, ...]:
    """Where the days of a window begin, its first and last day whole, and where the last ends.

    A day that the zone skips is none.
    """
    found = list(dict.fromkeys(_midnights(window, timezone)))
    return tuple(found)


def _midnights(window: Span, timezone: str) -> Iterator[int]:
    day = wall_seconds_at(window[0], timezone) // DAY
    at = midnight(day, timezone)
    while at < window[1]:
        yield at
        day += 1
        at = midnight(day, timezone)
    yield at


def midnight(day: int, timezone: str) -> int:
    """The first instant of a day, counted from 1970, in a zone."""
    if found := instants(day * DAY, timezone):
        return found[0]
    # Clocks that skip midnight go on at the very moment that would have been midnight.
    skipped = datetime.fromtimestamp(day * DAY, UTC).replace(tzinfo=zone(timezone))
    return int(skipped.timestamp())
