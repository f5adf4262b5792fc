"""What a calendar shows of its schedules: the part in its time, and of its person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from flashsync.model.calendar import Basis, CalendarView, Shift, ShownCalendar, Span
from flashsync.model.timezone import DAY, midnight, wall_seconds_at
from flashsync.rotation import compare

ON_CALL, OVERRIDES = "on call", "overrides"
"""The names of the lane in which all others come together, and of lanes of many overrides."""

BASES = {
    Basis.LIVE: "as the account is now",
    Basis.AFTER_APPLY: "as it is after an apply of the files",
    Basis.OFFLINE: "as the files say, counted from `start`: the live position may differ",
}
"""What a calendar shows, in its heading."""


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


def join_chains(
    layers: Sequence[tuple[str, tuple[Shift, ...]]],
) -> list[tuple[str, tuple[Shift, ...]]]:
    """The shifts of layers by name; layers of one name that do not overlap are one chain.

    A shift that the next link carries on with the same people is one shift: nobody hands over.
    """
    chains: list[tuple[str, tuple[Shift, ...]]] = []
    for name, new in layers:
        for index, (known, shifts) in enumerate(chains):
            if known == name and not _overlap(shifts, new):
                chains[index] = (name, _join_links(shifts, new))
                break
        else:
            chains.append((name, new))
    return chains


def _join_links(some: tuple[Shift, ...], others: tuple[Shift, ...]) -> tuple[Shift, ...]:
    if not (some and others):
        return some or others
    earlier, later = sorted((some, others), key=lambda shifts: shifts[0].start)
    last, following = earlier[-1], later[0]
    if (last.end, last.members) == (following.start, following.members):
        return (*earlier[:-1], replace(last, end=following.end), *later[1:])
    return (*earlier, *later)


def _overlap(some: Sequence[Shift], others: Sequence[Shift]) -> bool:
    return (
        bool(some and others) and some[0].start < others[-1].end and others[0].start < some[-1].end
    )


def pack_overrides(
    lanes: Iterable[tuple[str, Sequence[Shift]]],
) -> list[list[tuple[Shift, str]]]:
    """Overrides in as few rows as possible, each shift with the name of its override."""
    covers = ((shift, name) for name, shifts in lanes for shift in shifts)
    rows: list[list[tuple[Shift, str]]] = []
    for cover in sorted(covers, key=lambda cover: cover[0].start):
        row = next((row for row in rows if row[-1][0].end <= cover[0].start), None)
        if row is None:
            rows.append([cover])
        else:
            row.append(cover)
    return rows
