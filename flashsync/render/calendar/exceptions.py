"""What differs from a plain rotation: overrides, gaps, odd turns, and people in two places."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from flashsync.model import wording
from flashsync.model.calendar import CalendarView, Shift, ShownCalendar, Span
from flashsync.model.schedule import MARK
from flashsync.model.timezone import HOUR
from flashsync.model.wording import count, first, joined
from flashsync.render.calendar.duty import has_left
from flashsync.render.calendar.model import find_gaps, join_chains, shifts_within
from flashsync.render.folding import describe_pattern, fold_moves, times
from flashsync.rotation.compare import Move

_SEVERAL = 3
"""Shifts of a layer that tell how long its shifts usually are."""
_MOST_NAMES = 3
"""Schedules of a person that are named; more are counted."""
_ODD = 4
"""A quarter of the shifts may be odd: more are how the layer is."""


def find_exceptions(shown: ShownCalendar, view: CalendarView) -> list[str]:
    """What differs from a plain rotation on one schedule, a line each, gaps first."""
    if shown.unknown:
        return []
    return [
        *_gaps(shown, view),
        *_leavers(shown, view),
        *_overrides(shown, view),
        *_odd_turns(shown, view),
    ]


def _gaps(shown: ShownCalendar, view: CalendarView) -> Iterator[str]:
    """`nobody is on call Sat 21 Nov 00:00 – …`; patterns are folded."""
    gaps = find_gaps(shown.calendar.final, view.window)
    for role in dict.fromkeys(gap.role for gap in gaps):
        duty = "nobody" if role is None else f"no {view.directory.role(role)}"
        spans = [Move(*gap.span, frozenset(), frozenset()) for gap in gaps if gap.role == role]
        for pattern in fold_moves(spans, view.timezone):
            when = _span((pattern.first.start, pattern.first.end), view)
            if pattern.step:
                when = describe_pattern(pattern, view.timezone, view.now)
            yield f"{duty} is on call {when}{times(pattern)}"


def _leavers(shown: ShownCalendar, view: CalendarView) -> Iterator[str]:
    """`Bob Martin, who left the account, is on call Mon 7 Dec 10:00 – …, and 2 more times`."""
    shifts = shifts_within(shown.calendar.final, view.window)
    people = sorted({id for shift in shifts for id in shift.people if has_left(id, view.directory)})
    for person in people:
        earliest, *others = [shift for shift in shifts if person in shift.people]
        when = _span((earliest.start, earliest.end), view)
        more = f", and {count(len(others), 'more time', 'more times')}" if others else ""
        name = view.directory.person(person)
        yield f"{name}, who left the account, is on call {when}{more}"


def _overrides(shown: ShownCalendar, view: CalendarView) -> Iterator[str]:
    """`override Ivan away: priya, Tue 24 Nov 00:00 – Sat 28 Nov 00:00`."""
    for lane in shown.calendar.lanes:
        for shift in shifts_within(lane.shifts, view.window) if lane.override else ():
            who = wording.members(shift.members, view.directory)
            span = _span((shift.start, shift.end), view)
            yield f"override {lane.name.removesuffix(MARK)}: {who}, {span}"


def _odd_turns(shown: ShownCalendar, view: CalendarView) -> Iterator[str]:
    """`short turn of Primary: carol, Sat 21 Nov 20:00 – Sun 22 Nov 00:00`, or a long one."""
    known = shown.calendar
    layers = [lane for lane in known.lanes if not lane.override]
    for name, shifts in join_chains([(lane.name, lane.shifts) for lane in layers]):
        whole = [one for one in shifts if known.start < one.start and one.end < known.end]
        hours = Counter(round((shift.end - shift.start) / HOUR) for shift in whole)
        usual, number = max(hours.items(), key=lambda item: item[1], default=(0, 0))
        if number < _SEVERAL or (len(whole) - number) * _ODD > len(whole):
            continue
        for shift in shifts_within(whole, view.window):
            length = (shift.end - shift.start) / HOUR
            if abs(length - usual) > 1:  # an hour is daylight saving
                which = "short" if length < usual else "long"
                who = wording.members(shift.members, view.directory)
                span = _span((shift.start, shift.end), view)
                yield f"{which} turn of {name}: {who}, {span}"


def find_double_bookings(
    shown: Sequence[ShownCalendar], view: CalendarView
) -> list[tuple[str, str]]:
    """People who are on call on several schedules at once: `alice`, and `A and B; first …`."""
    duties: dict[int, list[tuple[Shift, str]]] = defaultdict(list)
    for part in shown:
        for shift in shifts_within(part.calendar.final, view.window) if not part.unknown else ():
            for person in sorted(shift.people):
                since = replace(shift, start=max(shift.start, view.window[0]))
                duties[person].append((since, part.name))
    bookings = []
    for person, held in duties.items():
        if at_once := list(_overlaps(held)):
            names = {name for _, both in at_once for name in both}
            where = _name_schedules([part.name for part in shown if part.name in names])
            earliest = _span(min(span for span, _ in at_once), view)
            bookings.append((view.directory.person(person), f"{where}; first {earliest}"))
    return sorted(bookings, key=lambda booking: booking[0].casefold())


def _name_schedules(names: Sequence[str]) -> str:
    """`A, B and C`, or `21 schedules: A, B, C and 18 more`."""
    if len(names) <= _MOST_NAMES:
        return joined(names)
    return f"{len(names)} schedules: {first(names, _MOST_NAMES)}"


def _overlaps(held: Sequence[tuple[Shift, str]]) -> Iterator[tuple[Span, tuple[str, str]]]:
    """The stretches in which two shifts on different schedules overlap, with their names."""
    running: list[tuple[Shift, str]] = []
    for shift, name in sorted(held, key=lambda duty: (duty[0].start, duty[1])):
        running = [duty for duty in running if duty[0].end > shift.start]
        for other, where in running:
            if where != name:
                yield (shift.start, min(shift.end, other.end)), (where, name)
        running.append((shift, name))


def _span(span: Span, view: CalendarView) -> str:
    return wording.span(span, view.timezone, view.now)
