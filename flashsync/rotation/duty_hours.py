"""When there is duty at all: the day mask (rules 3 and 4) and the hours (rule 5) of a layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from flashsync.model.calendar import Span
from flashsync.model.schedule import Hours, Layer
from flashsync.model.timezone import DAY, WEEK
from flashsync.rotation.cadence import day_cut
from flashsync.rotation.intervals import common, joined, within
from flashsync.rotation.wall_clock import Clock, monday, weekday

_REACH = 2
"""Days to look back: a night, or a continuous day, reaches into the next, and the zone may have
skipped that one (Pacific/Apia, 2011-12-30)."""

_REMEMBERED = 256
"""Stretches of so many masks and hours are kept: the schedules of a plan have few of them, in one
window, and each is computed before and after a change."""


def on_duty(layer: Layer, clock: Clock, start: int, end: int) -> Sequence[Span]:
    """The time of duty within a window, sorted and apart, whoever's turn it is."""
    found: Sequence[Span] = ((start, end),)
    if layer.days:
        found = within(on_days(layer, clock, start, end), start, end)
    if layer.hours:
        hours = in_hours(layer.hours, clock, start, end)
        found = [*common(found, hours)] if layer.days else within(hours, start, end)
    return found


def on_days(layer: Layer, clock: Clock, start: int, end: int) -> Sequence[Span]:
    """The time of a mask's included days that touches a window, the layer's turns apart."""
    cut = day_cut(layer, clock.wall(layer.start))
    return _in_days(layer.days or frozenset(), cut, clock, start, end)


@lru_cache(_REMEMBERED)
def in_hours(hours: Hours, clock: Clock, start: int, end: int) -> Sequence[Span]:
    """The time of the windows of each day or week that touches a window (rule 5)."""
    return joined(_hours(hours, clock, start, end))


def mask_day(layer: Layer, clock: Clock, instant: int) -> int:
    """The day, from 1970, that an instant belongs to for the mask (rules 3 and 4)."""
    day = clock.day(instant) + 1
    cut = day_cut(layer, clock.wall(layer.start))
    while clock.instant(day * DAY + cut) > instant:
        day -= 1
    return day


@lru_cache(_REMEMBERED)
def _in_days(days: frozenset[int], cut: int, clock: Clock, start: int, end: int) -> Sequence[Span]:
    return joined(_days(days, cut, clock, start, end))


def _days(days: frozenset[int], cut: int, clock: Clock, start: int, end: int) -> Iterator[Span]:
    day = clock.day(start) - _REACH
    begin = clock.instant(day * DAY + cut)
    while begin < end:
        until = clock.instant((day + 1) * DAY + cut)
        if weekday(day) in days and until > start:
            yield begin, until
        day, begin = day + 1, until


def _hours(hours: Hours, clock: Clock, start: int, end: int) -> Iterator[Span]:
    """An end that is not after its start lies in the next day or week."""
    period, day = DAY, clock.day(start) - _REACH
    if hours.every == "week":
        period, day = WEEK, monday(day) - 7
    windows = [
        (opens, closes if closes > opens else closes + period) for opens, closes in hours.windows
    ]
    wall = day * DAY
    while clock.instant(wall) < end:
        for opens, closes in windows:
            yield clock.instant(wall + opens), clock.instant(wall + closes)
        wall += period
