"""What a calendar shows of its schedules: the part in its time, and of its person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from flashsync.model.calendar import CalendarView, Shift, ShownCalendar, Span
from flashsync.model.timezone import DAY, midnight, wall_seconds_at
from flashsync.rotation import compare


def shifts_within(shifts: Iterable[Shift], window: Span) -> list[Shift]:
    """The shifts that touch a window, whole."""
    return [shift for shift in shifts if shift.start < window[1] and shift.end > window[0]]


def find_gaps(shifts: Iterable[Shift], window: Span) -> list[compare.Gap]:
    """The spans of a window in which nobody is on call, or nobody as primary."""
    return list(compare.find_gaps(shifts_within(shifts, window), *window))


def filter_person(shown: Sequence[ShownCalendar], view: CalendarView) -> list[ShownCalendar]:
    """The schedules and layers with shifts of the view's person; without a person, all."""
    if view.person is None:
        return list(shown)
    parts = (_filter_one(calendar, view.person, view.window) for calendar in shown)
    return [part for part in parts if part is not None]


def _filter_one(shown: ShownCalendar, person: int, window: Span) -> ShownCalendar | None:
    def on(shifts: Iterable[Shift]) -> bool:
        return any(person in shift.people for shift in shifts_within(shifts, window))

    calendar = shown.calendar
    lanes = tuple(lane for lane in calendar.lanes if on(lane.shifts))
    if not (lanes or on(calendar.final)):
        return None
    return replace(shown, calendar=replace(calendar, lanes=lanes))


def shifts_of(shown: ShownCalendar, view: CalendarView) -> list[Shift]:
    """The shifts of the view's window; with a person, only theirs."""
    shifts = shifts_within(shown.calendar.final, view.window)
    return [shift for shift in shifts if view.person is None or view.person in shift.people]


def midnights(window: Span, timezone: str) -> tuple[int, ...]:
    """The starts of the days that a window touches, and the end of the last day.

    A day that the zone skips is left out.
    """
    return tuple(dict.fromkeys(_list_midnights(window, timezone)))


def _list_midnights(window: Span, timezone: str) -> Iterator[int]:
    day = wall_seconds_at(window[0], timezone) // DAY
    at = midnight(day, timezone)
    while at < window[1]:
        yield at
        day += 1
        at = midnight(day, timezone)
    yield at
