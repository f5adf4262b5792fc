"""Who is on call when, counted turn by turn; shares nothing with the client's engine.

The rules are from the platform's documentation (api.md, How a rotation runs). Instants are Unix
seconds; the zone is the account's (rule 1).
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

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


@dataclass(frozen=True, slots=True)
class Shift:
    """`group` is on call from `start` to `end`. `index` is its position in the layer's groups."""

    start: int
    end: int
    group: Group
    index: int


LayerShift = tuple[int, Shift]  # the layer's position in the schedule, and a shift of it


def layer_shifts(layer: Layer, calendar: WallClock, start: int, end: int) -> list[Shift]:
    """A layer's shifts, clipped to a window. It ends at `layer_end` (rule 8)."""
    begin = max(start, layer.start)
    until = end if layer.end is None else min(end, layer.end)
    if begin >= until:
        return []
    if layer.mode == OVERRIDE:
        return [Shift(begin, until, layer.groups[0], 0)]
    return _rotation_shifts(layer, calendar, begin, until)


def final_shifts(layers: Sequence[Layer], calendar: WallClock, start: int, end: int) -> list[Shift]:
    """All layers together: rotation layers add up (rule 6), overrides replace them (rule 7).

    Shifts that touch are one where nobody changes.
    """
    shifts = [
        (position, shift)
        for position, layer in enumerate(layers)
        for shift in layer_shifts(layer, calendar, start, end)
    ]
    shifts.sort(key=lambda item: item[1].start)
    merged: list[Shift] = []
    for begin, until, active in _steps(shifts):
        together = _together(begin, until, _deciding(layers, active))
        before = merged[-1] if merged else None
        if (
            before
            and before.end == begin
            and (before.group, before.index) == (together.group, together.index)
        ):
            merged[-1] = replace(before, end=until)
        else:
            merged.append(together)
    return merged


def _deciding(layers: Sequence[Layer], active: Sequence[LayerShift]) -> list[Shift]:
    """The shifts that decide who is on call: of overrides if any run, else of rotations.

    The override with the highest `weight` decides. Guess: overrides of one weight add up.
    """
    weights = [layers[i].weight for i, _ in active if layers[i].mode == OVERRIDE]
    if not weights:
        return [shift for _, shift in active]
    return [
        shift
        for i, shift in active
        if layers[i].mode == OVERRIDE and layers[i].weight == max(weights)
    ]


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
    """The duty of a turn under the day mask, which a turn of included days respects already."""
    if not layer.day_mask or counts_included_days(layer):
        return list(turn.duty)
    # A continuous day may begin the day before, so the search does as well.
    first = calendar.local(turn.start - 86400).date()
    return _clip(turn.duty, list(included_days(layer, calendar, first, turn.end)))


def _clip(pieces: Iterable[Interval], windows: Sequence[Interval]) -> list[Interval]:
    """The parts of the pieces inside any of the windows."""
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


def _steps(shifts: Sequence[LayerShift]) -> Iterable[tuple[int, int, list[LayerShift]]]:
    """Walks from edge to edge, with the shifts that run between, in the order of the layers.

    `shifts` are sorted by start; gaps are left out.
    """
    edges = sorted({edge for _, shift in shifts for edge in (shift.start, shift.end)})
    waiting = list(reversed(shifts))
    active: list[LayerShift] = []
    for begin, until in pairwise(edges):
        active = [item for item in active if item[1].end > begin]
        while waiting and waiting[-1][1].start == begin:
            active.append(waiting.pop())
        if active:
            yield begin, until, sorted(active, key=lambda item: item[0])


def _together(start: int, end: int, shifts: Sequence[Shift]) -> Shift:
    """Several shifts as one: all their people, role by role.

    Guess: several groups at once have all their names, and index 0.
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


# The turns of a rotation layer, counted one by one from its start.
#
# Deliberately slow and plain: nothing is computed that can be counted. Each decision that the
# documentation leaves open has a function of its own.

Interval = tuple[int, int]  # Unix seconds; the end is not included


@dataclass(frozen=True, slots=True)
class Turn:
    """The `number`-th turn, from 0, and its duty before hours restrict it."""

    number: int
    duty: tuple[Interval, ...]

    @property
    def start(self) -> int:
        """Start of its first duty."""
        return self.duty[0][0]

    @property
    def end(self) -> int:
        """End of its last duty."""
        return self.duty[-1][1]


def turns(layer: Layer, calendar: WallClock, until: int) -> Iterator[Turn]:
    """The layer's turns in order, from its start to the last one before `until`."""
    if counts_included_days(layer):
        yield from _turns_of_days(layer, calendar, until)
    else:
        yield from _turns_of_the_calendar(layer, calendar, until)


def counts_included_days(layer: Layer) -> bool:
    """Rule 3, open: turns counted in days count only included days; for hours, weeks, months and
    with a handoff the mask only clips duty.

    Guess: the same for a continuous mask (rule 4), except for seven days, where no handoff means a
    handoff at the time of week of the start (api.md, `handoff_time`).
    """
    if not layer.day_mask or layer.rotation_unit != "day" or has_handoff(layer):
        return False
    return not (_is_one_week(layer) and layer.mask_continuous)


def has_handoff(layer: Layer) -> bool:
    """Rule 2: a handoff works only with a rotation of one week. Open: 0 means no handoff."""
    return _is_one_week(layer) and layer.handoff_time != 0


def _is_one_week(layer: Layer) -> bool:
    return (layer.rotation_unit, layer.rotation_value) in (("week", 1), ("day", 7))


def group_index(layer: Layer, number: int) -> int:
    """The group of a turn: one after the other, and again from the first.

    Guess: a fair rotation, with an unknown algorithm, gives each round an order of its own.
    """
    count = len(layer.groups)
    if not layer.fair_rotation:
        return number % count
    lap = number // count
    order = sorted(range(count), key=lambda index: sha256(f"{lap}:{index}".encode()).digest())
    return order[number % count]


def included_days(layer: Layer, calendar: WallClock, first: date, until: int) -> Iterator[Interval]:
    """The duty of each included day, from the day `first` on (rules 3 and 4).

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
    # The window before may reach in, even over a day that the zone has skipped.
    day -= timedelta(days=7 if layer.restrict_mode == WEEKLY else 2)
    while calendar.at(day, 0) < until:
        for period in layer.restrict_periods:
            over = cycle if period.end <= period.start else 0
            yield calendar.at(day, period.start), calendar.at(day, period.end + over)
        day += timedelta(days=days)


def _turns_of_days(layer: Layer, calendar: WallClock, until: int) -> Iterator[Turn]:
    """Turns of `rotation_value` included days each; the day of the layer's start counts."""
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
    """Turns of calendar length, whatever the mask excludes."""
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
    """The first handoff after the layer's start (rule 2), on the wall clock."""
    wait = (layer.handoff_time - second_of_week(anchor)) % WEEK_SECONDS
    return anchor + timedelta(seconds=wait or WEEK_SECONDS)


# The wall clock of a zone: instants (Unix seconds) to local times, and back.

DAY: Final = timedelta(days=1)


class WallClock:
    """A zone. Local times are naive: what a clock on the wall there shows."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def local(self, instant: int) -> datetime:
        """What the clock shows at an instant."""
        return datetime.fromtimestamp(instant, self._zone).replace(tzinfo=None, fold=0)

    def instant(self, local: datetime) -> int:
        """The instant of a local time.

        A time that the clock shows twice is the first of the two. A skipped time takes the offset
        from before the gap: with 02:00 to 03:00 skipped, 02:30 is the instant shown as 03:30.
        """
        return int(local.replace(tzinfo=self._zone, fold=0).timestamp())

    def at(self, day: date, seconds: int) -> int:
        """The instant `seconds` of wall clock after 00:00 of a day; may be on a later day."""
        return self.instant(datetime.combine(day, time()) + timedelta(seconds=seconds))


def second_of_day(local: datetime) -> int:
    """Seconds of wall clock since 00:00."""
    return local.hour * 3600 + local.minute * 60 + local.second


def second_of_week(local: datetime) -> int:
    """Seconds of wall clock since Monday 00:00."""
    return local.weekday() * 86400 + second_of_day(local)


def weekday_from_sunday(day: date) -> int:
    """The day of the week of a day mask: Sunday is 0."""
    return day.isoweekday() % 7


def add_months(local: datetime, count: int) -> datetime:
    """The same day and time, months later; the last day of a shorter month.

    Open; the decision of api.md, `rotation_unit`.
    """
    year, month = divmod(local.year * 12 + local.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return local.replace(year=year, month=month + 1, day=min(local.day, last))
