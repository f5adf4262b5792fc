"""When the turns of one layer begin, which group has them, and when all have come round.

The n-th turn is found by arithmetic, never by walking from the first. It is counted from the
anchor, the layer's start on the wall clock, so that a clock change or a short month moves one turn,
and not those after it. Mask and hours clip the duty only later, in calendar.py.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, lcm

from flashsync.model.schedule import Layer, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK
from flashsync.rotation.wall_clock import Clock, as_date, clock, from_date, monday, weekday


class Rhythm(ABC):
    """The beginnings of a layer's turns; turn 0 begins where the layer does (rule 1)."""

    __slots__ = ()

    start: int

    @abstractmethod
    def handoff(self, number: int) -> int:
        """A handoff of the whole grid, on both sides of the start, by any whole number."""

    @abstractmethod
    def guess(self, instant: int) -> int:
        """The number of the turn at an instant, or a number near it."""

    def begin(self, number: int) -> int:
        """The instant at which the turn of that number (from 0) begins."""
        return self.handoff(number) if number else self.start

    def number(self, instant: int) -> int:
        """The number of the turn that runs at an instant, which is not before the layer's start."""
        number = max(self.guess(instant), 0)
        while number and self.begin(number) > instant:
            number -= 1
        while self.handoff(number + 1) <= instant:
            number += 1
        return number

    def handoffs(self, since: int) -> Iterator[int]:
        """The handoffs of the whole grid from an instant on, whether or not the layer has begun.

        A turn within a day that the zone skipped has no length, and is left out.
        """
        number = self.guess(since)
        while self.handoff(number) >= since:
            number -= 1
        last = since - 1
        while True:
            number += 1
            at = self.handoff(number)
            if at > last:
                yield at
                last = at

    def between(self, start: int, end: float = inf) -> Iterator[tuple[int, int, int]]:
        """Number, begin and end of the turns that touch a window, which begins after turn 0 does.

        A turn within a day that the zone skipped has no length, and is left out.
        """
        number = self.number(start)
        begin = self.begin(number)
        while begin < end:
            until = self.handoff(number + 1)  # only turn 0 may begin elsewhere
            if begin < until:
                yield number, begin, until
            number, begin = number + 1, until


@dataclass(frozen=True, slots=True)
class Elapsed(Rhythm):
    """Turns of hours: elapsed time, whatever clocks do (**open** in api.md, `rotation_unit`)."""

    start: int
    step: int

    def handoff(self, number: int) -> int:
        """The turn's beginning; negative numbers count back from the start."""
        return self.start + number * self.step

    def guess(self, instant: int) -> int:
        """Always right."""
        return (instant - self.start) // self.step


@dataclass(frozen=True, slots=True)
class Wall(Rhythm):
    """Turns of days and weeks: turn 1 begins at the wall time `second`, later ones `step` on."""

    clock: Clock
    start: int
    second: int
    step: int

    def handoff(self, number: int) -> int:
        """Always on the wall clock."""
        return self.clock.instant(self.second + (number - 1) * self.step)

    def guess(self, instant: int) -> int:
        """Right, except just after a clock change."""
        return (self.clock.wall(instant) - self.second) // self.step + 1


@dataclass(frozen=True, slots=True)
class Months(Rhythm):
    """Turns of calendar months."""

    clock: Clock
    start: int
    anchor: int
    step: int

    def handoff(self, number: int) -> int:
        """The day and time of the anchor, months later or before."""
        return self.clock.instant(months_later(self.anchor, number * self.step))

    def guess(self, instant: int) -> int:
        """By whole months."""
        there, here = (as_date(wall // DAY) for wall in (self.clock.wall(instant), self.anchor))
        return (12 * (there.year - here.year) + there.month - here.month) // self.step


@dataclass(frozen=True, slots=True)
class Included(Rhythm):
    """Turns of days of a mask: excluded days do not count, and lead the turn after them.

    Each day runs from the wall time `cut` to that of the next day. `first` is the first day of the
    layer; `offsets` are the included days of the week that begins with it.
    """

    clock: Clock
    start: int
    first: int
    cut: int
    offsets: tuple[int, ...]
    step: int

    def handoff(self, number: int) -> int:
        """The end of the last included day before the turn, also before the layer's start."""
        weeks, rest = divmod(number * self.step - 1, len(self.offsets))
        after = self.first + 7 * weeks + self.offsets[rest] + 1
        return self.clock.instant(after * DAY + self.cut)

    def guess(self, instant: int) -> int:
        """By the included days of whole weeks."""
        weeks = (self.clock.day(instant) - self.first) // 7
        return weeks * len(self.offsets) // self.step


def rhythm(layer: Layer, there: Clock) -> Rhythm:
    """When the turns of a layer begin."""
    value, unit = layer.rotation.value, layer.rotation.unit
    if unit is Unit.HOUR:
        return Elapsed(layer.start, value * HOUR)
    anchor = there.wall(layer.start)
    if unit is Unit.MONTH:
        return Months(there, layer.start, anchor, value)
    if counts_included_days(layer):
        return _included(layer, there, anchor)
    if not has_handoff(layer):
        step = value * (WEEK if unit is Unit.WEEK else DAY)
        return Wall(there, layer.start, anchor + step, step)
    # The first handoff point after the layer's start ends the first turn (rule 2).
    time_of_week = anchor - monday(anchor // DAY) * DAY
    first = anchor + (((layer.handoff or 0) - time_of_week) % WEEK or WEEK)
    if there.instant(first) <= layer.start:
        first += WEEK  # in an hour that is shown twice, a later wall time may be an earlier instant
    return Wall(there, layer.start, first, WEEK)


def has_handoff(layer: Layer) -> bool:
    """Whether a handoff point ends the first turn (rule 2).

    **Open** in api.md, `handoff_time`: what 0 means. It is "no handoff", as None is.
    """
    return layer.rotation.weekly and bool(layer.handoff)


def counts_included_days(layer: Layer) -> bool:
    """Whether a turn is counted in the included days of a mask.

    **Open** in api.md, rule 3: how excluded days count. Turns of days count included days only; for
    hours, weeks and months, and with a handoff, the mask only clips duty. **Guess**: the same for a
    continuous mask, but for `7 days`, where no handoff means that of the start.
    """
    if not layer.days or layer.rotation.unit is not Unit.DAY:
        return False
    return not layer.rotation.weekly or (layer.cuts_days and not has_handoff(layer))


def months_later(anchor: int, count: int) -> int:
    """The wall time that is `count` calendar months after another.

    **Open** in api.md, `rotation_unit`: the last day where a month is shorter.
    """
    day, time = divmod(anchor, DAY)
    origin = as_date(day)
    year, month = divmod(12 * origin.year + origin.month - 1 + count, 12)
    last = monthrange(year, month + 1)[1]
    later = origin.replace(year=year, month=month + 1, day=min(origin.day, last))
    return from_date(later) * DAY + time


def day_cut(layer: Layer, anchor: int) -> int:
    """The time of day (s) at which the days of a mask begin: 00:00 (rule 3), or, where it is
    continuous, that of the layer's start (rule 4)."""
    return anchor % DAY if layer.continuous else 0


def _included(layer: Layer, there: Clock, anchor: int) -> Included:
    cut = day_cut(layer, anchor)
    first = anchor // DAY
    # Where clocks go back over midnight, the start may lie after the first of two midnights.
    if there.instant((first + 1) * DAY + cut) <= layer.start:
        first += 1
    days = layer.days or ()
    offsets = tuple(offset for offset in range(7) if weekday(first + offset) in days)
    return Included(there, layer.start, first, cut, offsets, layer.rotation.value)


# Whose turn it is, and until when.


@dataclass(frozen=True, slots=True)
class Turn:
    """The `number`-th turn of a layer, from 0, from `start` to `end` (Unix seconds).

    Turns follow each other without a gap; days that a mask excludes, and that do not count, lead
    the turn after them. `index` is the place of its group, None where the server decides.
    """

    number: int
    start: int
    end: int
    index: int | None


def computable_layer(layer: Layer) -> bool:
    """Whether it is known here whose turn it is: `fair` is the server's own (api.md)."""
    return not layer.fair or len(layer.groups) <= 1


def turn_at(layer: Layer, timezone: str, instant: int) -> Turn | None:
    """The turn at an instant; None before the layer begins and from its end on."""
    return next(turns(layer, timezone, instant, instant + 1), None)


def turns(layer: Layer, timezone: str, start: int, end: int) -> Iterator[Turn]:
    """The turns that touch a window, whole, in order; the last ends with the layer (rule 8)."""
    begin, until = lifetime(layer, start, end)
    if begin >= until:
        return
    known = bool(layer.groups) and computable_layer(layer)
    for number, first, last in rhythm(layer, clock(timezone)).between(begin, until):
        if layer.end is not None:
            last = min(last, layer.end)
        yield Turn(number, first, last, number % len(layer.groups) if known else None)


def next_handoff(layer: Layer, timezone: str, after: int) -> int | None:
    """The first instant after another at which a turn begins.

    That is the layer's start where it has not begun; None where no turn begins any more.
    """
    if after < layer.start:
        return layer.start
    if layer.ended(after):
        return None
    beginnings = rhythm(layer, clock(timezone))
    at = beginnings.handoff(beginnings.number(after) + 1)
    return None if layer.ended(at) else at


def lifetime(layer: Layer, start: int, end: int) -> tuple[int, int]:
    """The part of a window in which the layer lives; not a window where it does not."""
    return max(start, layer.start), end if layer.end is None else min(end, layer.end)


# How far to look: until each group has had its turn, or until all turns come as before.

LONGEST = 400 * DAY
"""Seconds: a round or cycle is not followed further."""
_UNITS = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: WEEK}


def round_end(layer: Layer, timezone: str, at: int) -> int:
    """The instant at which one full round is complete that is counted from `at` (Unix seconds).

    From the layer's start where that is later; never beyond its end, or `LONGEST`. Where the layer
    has ended, that is `at`.
    """
    reached, latest = max(at, layer.start), at + LONGEST
    if reached >= latest:
        return latest
    for _ in layer.groups:
        following = next_handoff(layer, timezone, reached)
        if following is None:
            return max(at, min(layer.end or latest, latest))
        if following >= latest:
            return latest
        reached = following
    return reached


def cycle_end(layers: Sequence[Layer], at: int) -> int:
    """The instant at which one full cycle is complete that is counted from `at` (Unix seconds).

    All layers together come round by then; layers that begin later are counted from their start.
    Never more than `LONGEST` after `at`.
    """
    running = [layer for layer in layers if not layer.ended(at)]
    if not running:
        return at
    length = lcm(*(cycle_length(layer) for layer in running))
    begin = max(at, *(layer.start for layer in running))
    return min(begin + length, at + LONGEST)


def cycle_length(layer: Layer) -> int:
    """Seconds of the wall clock after which turns fall on the same days and hours again.

    Months have no such length: it is the longest.
    """
    count = max(len(layer.groups), 1) * layer.rotation.value
    if layer.rotation.unit is Unit.MONTH:
        return LONGEST
    if counts_included_days(layer):
        days = len(layer.days or ())
        return lcm(count, days) // days * WEEK
    length = count * _UNITS[layer.rotation.unit]
    if layer.days or (layer.hours and layer.hours.every == "week"):
        return lcm(length, WEEK)
    return lcm(length, DAY) if layer.hours else length


def coverage_varies(layers: Sequence[Layer]) -> bool:
    """Whether turns differ in their roles: then a gap may come late in a cycle."""
    return any(
        len({frozenset(member.role for member in group.members) for group in layer.groups}) > 1
        for layer in layers
    )
