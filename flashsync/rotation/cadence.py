"""When the turns of a layer begin: the n-th by arithmetic, never by walking from the first.

Every turn is counted from the anchor, the layer's start on the wall clock, so that a clock change
or a short month moves one turn, and not those after it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass

from flashsync.model.schedule import Layer, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK
from flashsync.rotation.wall_clock import Clock, as_date, from_date, monday, weekday


class Rhythm(ABC):
    """The beginnings of a layer's turns; turn 0 begins where the layer does (rule 1)."""

    __slots__ = ()

    @abstractmethod
    def begin(self, number: int) -> int:
        """The instant at which the turn of that number (from 0) begins."""

    @abstractmethod
    def handoff(self, number: int) -> int:
        """A handoff of the whole grid, on both sides of the start, by any whole number."""

    @abstractmethod
    def guess(self, instant: int) -> int:
        """The number of the turn at an instant, or a number near it."""

    def number(self, instant: int) -> int:
        """The number of the turn that runs at an instant, which is not before the layer's start."""
        number = max(self.guess(instant), 0)
        while number and self.begin(number) > instant:
            number -= 1
        while self.begin(number + 1) <= instant:
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

    def between(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Number, begin and end of the turns that touch a window, which begins after turn 0 does.

        A turn within a day that the zone skipped has no length, and is left out.
        """
        number = self.number(start)
        begin = self.begin(number)
        while begin < end:
            until = self.begin(number + 1)
            if begin < until:
                yield number, begin, until
            number, begin = number + 1, until


@dataclass(frozen=True, slots=True)
class Elapsed(Rhythm):
    """Turns of hours: elapsed time, whatever clocks do (**open** in api.md, `rotation_unit`)."""

    start: int
    step: int

    def begin(self, number: int) -> int:
        """Hours after the layer's start."""
        return self.start + number * self.step

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

    def begin(self, number: int) -> int:
        """Turn 0 at the layer's start, the others on the wall clock."""
        return self.handoff(number) if number else self.start

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

    def begin(self, number: int) -> int:
        """The day and time of the anchor, months later."""
        return self.handoff(number) if number else self.start

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

    def begin(self, number: int) -> int:
        """The end of the last included day of the turn before."""
        return self.handoff(number) if number else self.start

    def handoff(self, number: int) -> int:
        """The end of the last included day before the turn, also before the layer's start."""
        weeks, rest = divmod(number * self.step - 1, len(self.offsets))
        after = self.first + 7 * weeks + self.offsets[rest] + 1
        return self.clock.instant(after * DAY + self.cut)

    def guess(self, instant: int) -> int:
        """By the included days of whole weeks."""
        weeks = (self.clock.day(instant) - self.first) // 7
        return weeks * len(self.offsets) // self.step


def rhythm(layer: Layer, clock: Clock) -> Rhythm:
    """When the turns of a layer begin."""
    value, unit = layer.rotation.value, layer.rotation.unit
    if unit is Unit.HOUR:
        return Elapsed(layer.start, value * HOUR)
    anchor = clock.wall(layer.start)
    if unit is Unit.MONTH:
        return Months(clock, layer.start, anchor, value)
    if counts_included_days(layer):
        return _included(layer, clock, anchor)
    if has_handoff(layer):
        return Wall(clock, layer.start, _first_handoff(layer, clock, anchor), WEEK)
    step = value * (WEEK if unit is Unit.WEEK else DAY)
    return Wall(clock, layer.start, anchor + step, step)


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


def _first_handoff(layer: Layer, clock: Clock, anchor: int) -> int:
    """The wall time of the first handoff point after the layer's start (rule 2)."""
    time_of_week = anchor - monday(anchor // DAY) * DAY
    first = anchor + (((layer.handoff or 0) - time_of_week) % WEEK or WEEK)
    # In an hour that is shown twice, a later wall time may be an earlier instant.
    return first if clock.instant(first) > layer.start else first + WEEK


def _included(layer: Layer, clock: Clock, anchor: int) -> Included:
    cut = day_cut(layer, anchor)
    first = anchor // DAY
    # Where clocks go back over midnight, the start may lie after the first of two midnights.
    if clock.instant((first + 1) * DAY + cut) <= layer.start:
        first += 1
    days = layer.days or ()
    offsets = tuple(offset for offset in range(7) if weekday(first + offset) in days)
    return Included(clock, layer.start, first, cut, offsets, layer.rotation.value)
