"""Who is on call when, counted turn by turn and shift by shift; shares nothing with the client's
engine.

It shares nothing with the program that it checks. Rules are those of the platform's documentation
(api.md, How a rotation runs); all instants are Unix seconds, the zone is the account's (rule 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise

from flashsync.sandbox.model import (
    DAILY,
    DAY_SECONDS,
    NO_RESTRICTION,
    OVERRIDE,
    WEEK_SECONDS,
    WEEKLY,
    Group,
    Layer,
    Seat,
)
from flashsync.sandbox.wall_clock import (
    DAY,
    WallClock,
    add_months,
    second_of_day,
    second_of_week,
    weekday_from_sunday,
)


@dataclass(frozen=True, slots=True)
class Shift:
    """`group` is on call from `start` to `end`. `index` is its place among the layer's groups."""

    start: int
    end: int
    group: Group
    index: int


Placed = tuple[int, Shift]  # the layer's place in the schedule, and one of its shifts


def layer_shifts(layer: Layer, calendar: WallClock, start: int, end: int) -> list[Shift]:
    """One layer's shifts within a window, clipped to it. A layer ends at its end (rule 8)."""
    begin = max(start, layer.start)
    until = end if layer.end is None else min(end, layer.end)
    if begin >= until:
        return []
    if layer.mode == OVERRIDE:
        return [Shift(begin, until, layer.groups[0], 0)]
    return _rotation_shifts(layer, calendar, begin, until)


def final_shifts(layers: Sequence[Layer], calendar: WallClock, start: int, end: int) -> list[Shift]:
    """All layers together: rotation layers add up (rule 6), overrides replace them (rule 7).

    guess: overrides that overlap add up too. Shifts that touch are one where nobody changes.
    """
    found = [
        (place, shift)
        for place, layer in enumerate(layers)
        for shift in layer_shifts(layer, calendar, start, end)
    ]
    found.sort(key=lambda item: item[1].start)
    merged: list[Shift] = []
    for begin, until, active in _steps(found):
        overrides = [shift for place, shift in active if layers[place].mode == OVERRIDE]
        together = _together(begin, until, overrides or [shift for _, shift in active])
        if merged and _continues(merged[-1], together):
            merged[-1] = replace(merged[-1], end=until)
        else:
            merged.append(together)
    return merged


def on_call(layers: Sequence[Layer], zone: str, instant: int) -> frozenset[tuple[int, int]]:
    """Who is on call at one instant, as pairs of person id and role id."""
    shifts = final_shifts(layers, WallClock(zone), instant, instant + 1)
    return frozenset(
        (person_id, seat.role_id)
        for shift in shifts
        for seat in shift.group.seats
        for person_id in seat.person_ids
    )


def _rotation_shifts(layer: Layer, calendar: WallClock, start: int, end: int) -> list[Shift]:
    hours = [(start, end)]
    if layer.restrict_mode != NO_RESTRICTION:
        hours = list(restricted_hours(layer, calendar, start, end))
    shifts: list[Shift] = []
    for turn in turns(layer, calendar, end):
        if turn.end > start:
            index = group_index(layer, turn.number)
            duty = _clip(_clip(_duty(layer, calendar, turn), hours), [(start, end)])
            shifts += [Shift(*piece, layer.groups[index], index) for piece in _joined(duty)]
    return shifts


def _duty(layer: Layer, calendar: WallClock, turn: Turn) -> list[Interval]:
    """When there is duty in a turn. A turn made of included days is masked by that already."""
    if not layer.day_mask or counts_included_days(layer):
        return list(turn.duty)
    # A continuous day may begin the day before, so the search does as well.
    first = calendar.local(turn.start - 86400).date()
    return _clip(turn.duty, list(included_days(layer, calendar, first, turn.end)))


def _clip(pieces: Iterable[Interval], windows: Sequence[Interval]) -> list[Interval]:
    """The parts of the pieces that lie in any of the windows."""
    parts = [
        (max(start, opens), min(end, closes)) for start, end in pieces for opens, closes in windows
    ]
    return [(start, end) for start, end in parts if start < end]


def _joined(pieces: Iterable[Interval]) -> list[Interval]:
    """The same time as intervals that neither touch nor overlap."""
    joined: list[Interval] = []
    for start, end in sorted(pieces):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _steps(shifts: Sequence[Placed]) -> Iterable[tuple[int, int, list[Placed]]]:
    """Walks from edge to edge, with the shifts that run between, in the order of the layers.

    The shifts come in the order of their starts; gaps are left out.
    """
    edges = sorted({edge for _, shift in shifts for edge in (shift.start, shift.end)})
    waiting = list(reversed(shifts))
    active: list[Placed] = []
    for begin, until in pairwise(edges):
        active = [item for item in active if item[1].end > begin]
        while waiting and waiting[-1][1].start == begin:
            active.append(waiting.pop())
        if active:
            yield begin, until, sorted(active, key=lambda item: item[0])


def _together(start: int, end: int, shifts: Sequence[Shift]) -> Shift:
    """Several shifts as one: all their people, role by role.

    guess: how the platform names several groups at once; here by all their names, at index 0.
    """
    if len(shifts) == 1:
        return replace(shifts[0], start=start, end=end)
    people: dict[int, list[int]] = {}
    for shift in shifts:
        for seat in shift.group.seats:
            people.setdefault(seat.role_id, []).extend(seat.person_ids)
    seats = tuple(Seat(role, tuple(dict.fromkeys(ids))) for role, ids in sorted(people.items()))
    name = ", ".join(dict.fromkeys(shift.group.name for shift in shifts))
    return Shift(start, end, Group(name, seats), 0)


def _continues(before: Shift, after: Shift) -> bool:
    return before.end == after.start and (before.group, before.index) == (after.group, after.index)


# Whose turn it is: the walk through one rotation layer from its start, turn by turn.
#
# Deliberately slow and plain: nothing is computed that can be counted. The rules are those of the
# platform's documentation (api.md, How a rotation runs); each decision it leaves open stands in
# one function here.

Interval = tuple[int, int]  # Unix seconds; the end is not included


@dataclass(frozen=True, slots=True)
class Turn:
    """The `number`-th turn from 0, and when there is duty in it, before hours restrict it."""

    number: int
    duty: tuple[Interval, ...]

    @property
    def start(self) -> int:
        """Where its first duty begins."""
        return self.duty[0][0]

    @property
    def end(self) -> int:
        """Where its last duty ends."""
        return self.duty[-1][1]


def turns(layer: Layer, calendar: WallClock, until: int) -> Iterator[Turn]:
    """The layer's turns in order, from its start to the last that begins before `until`."""
    if counts_included_days(layer):
        yield from _turns_of_days(layer, calendar, until)
    else:
        yield from _turns_of_the_calendar(layer, calendar, until)


def counts_included_days(layer: Layer) -> bool:
    """Rule 3, open: how excluded days count. Turns counted in days count only included days; for
    hours, weeks, months and with a handoff the mask only clips duty.

    The same for a continuous mask. guess: rule 4 does not say. But of seven days with a continuous
    mask no handoff is one at the time of week of the start (api.md, `handoff_time`).
    """
    if not layer.day_mask or layer.rotation_unit != "day" or has_handoff(layer):
        return False
    return not (_is_one_week(layer) and layer.mask_continuous)


def has_handoff(layer: Layer) -> bool:
    """Rule 2: a handoff is only meant where the rotation is one week.

    Open: what 0 means. It is "no handoff", wherever the layer starts.
    """
    return _is_one_week(layer) and layer.handoff_time != 0


def _is_one_week(layer: Layer) -> bool:
    return (layer.rotation_unit, layer.rotation_value) in (("week", 1), ("day", 7))


def group_index(layer: Layer, number: int) -> int:
    """Which group has a turn: one after the other, and again from the first."""
    count = len(layer.groups)
    if not layer.fair_rotation:
        return number % count
    # guess: the platform's algorithm is not known. Here each round has an order of its own.
    lap = number // count
    order = sorted(range(count), key=lambda index: sha256(f"{lap}:{index}".encode()).digest())
    return order[number % count]


def included_days(layer: Layer, calendar: WallClock, first: date, until: int) -> Iterator[Interval]:
    """The duty of each day that the mask includes, from the day `first` on (rules 3 and 4).

    A day runs from 00:00 to 00:00, or, continuous, from the time of day of the layer's start.
    """
    cut = second_of_day(calendar.local(layer.start)) if layer.mask_continuous else 0
    day = first
    while (start := calendar.at(day, cut)) < until:
        if weekday_from_sunday(day) in layer.day_mask:
            end = calendar.at(day + DAY, cut)
            if end > layer.start:
                yield max(start, layer.start), end
        day += DAY


def restricted_hours(
    layer: Layer, calendar: WallClock, start: int, until: int
) -> Iterator[Interval]:
    """The windows of rule 5 that touch `start` to `until`; they may overlap each other."""
    days, cycle = (1, DAY_SECONDS) if layer.restrict_mode == DAILY else (7, WEEK_SECONDS)
    day = calendar.local(start).date()
    if layer.restrict_mode == WEEKLY:
        day -= timedelta(days=day.weekday())
    # The window before may reach in, be it over a day that the zone has skipped.
    day -= timedelta(days=7 if layer.restrict_mode == WEEKLY else 2)
    while calendar.at(day, 0) < until:
        for period in layer.restrict_periods:
            over = cycle if period.end <= period.start else 0
            yield calendar.at(day, period.start), calendar.at(day, period.end + over)
        day += timedelta(days=days)


def _turns_of_days(layer: Layer, calendar: WallClock, until: int) -> Iterator[Turn]:
    """Turns of so many included days each. The day on which the layer starts counts as one."""
    first = calendar.local(layer.start).date()
    number, days = 0, list[Interval]()
    for day in included_days(layer, calendar, first, until):
        days.append(day)
        if len(days) == layer.rotation_value:
            yield Turn(number, tuple(days))
            number, days = number + 1, []
    if days:
        yield Turn(number, tuple(days))


def _turns_of_the_calendar(layer: Layer, calendar: WallClock, until: int) -> Iterator[Turn]:
    """Turns that are as long as the unit says, whatever the mask excludes."""
    number, start = 0, layer.start
    anchor = calendar.local(layer.start)
    handoff = _first_handoff(layer, anchor) if has_handoff(layer) else None
    while start < until:
        end = _end_of_turn(layer, calendar, anchor, number, handoff)
        yield Turn(number, ((start, end),))
        number, start = number + 1, end


def _end_of_turn(
    layer: Layer, calendar: WallClock, anchor: datetime, number: int, handoff: datetime | None
) -> int:
    """Hours are elapsed time, days and longer are wall clock (api.md, `rotation_unit`).

    Each end is counted from the anchor, so that no turn inherits what a clock change or a short
    month did to the one before.
    """
    steps = (number + 1) * layer.rotation_value
    if handoff is not None:
        return calendar.instant(handoff + 7 * DAY * number)
    if layer.rotation_unit == "hour":
        return layer.start + steps * 3600
    if layer.rotation_unit == "month":
        return calendar.instant(add_months(anchor, steps))
    days = steps * (7 if layer.rotation_unit == "week" else 1)
    return calendar.instant(anchor + days * DAY)


def _first_handoff(layer: Layer, anchor: datetime) -> datetime:
    """The first handoff point after the layer's start (rule 2), on the wall clock."""
    wait = (layer.handoff_time - second_of_week(anchor)) % WEEK_SECONDS
    return anchor + timedelta(seconds=wait or WEEK_SECONDS)
