"""Who is on call when: the duty and the shifts of one layer, and the calendar of a schedule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from flashsync.model.calendar import Calendar, Lane, Shift, Span, merged
from flashsync.model.schedule import Hours, Layer, Override
from flashsync.model.timezone import DAY, WEEK
from flashsync.rotation.intervals import (
    NOBODY,
    Members,
    Stint,
    between,
    clipped,
    common,
    joined,
    stints,
    sweep,
    within,
)
from flashsync.rotation.turns import computable_layer, day_cut, lifetime, rhythm
from flashsync.rotation.wall_clock import Clock, clock, monday, weekday

Piece = tuple[int, int, int]
"""A turn, or a part of it: its number, start and end."""


class FairLayerError(ValueError):
    """A layer of which only the server computes the turns, by its own algorithm (api.md, open)."""

    def __init__(self, layer: str) -> None:
        super().__init__(f"the layer {layer!r} is fair: the server decides whose turn it is")
        self.layer = layer


def computable(layers: Iterable[Layer]) -> bool:
    """Whether these layers can be computed here: none is fair, but with a single group."""
    return all(computable_layer(layer) for layer in layers)


def layer_shifts(layer: Layer, timezone: str, start: int, end: int) -> list[Shift]:
    """The shifts of a rotation layer in a window (Unix seconds), clipped to it, in order.

    A shift is one turn, or one piece of it where mask or hours cut it. Two turns are two shifts,
    whoever has them. Raises FairLayerError where the server decides.
    """
    groups = layer.groups
    return [
        Shift(first, last, groups[number % len(groups)].members, number % len(groups))
        for number, first, last in _pieces(layer, timezone, start, end)
    ]


def calendar(
    layers: Sequence[Layer],
    overrides: Sequence[Override],
    timezone: str,
    start: int,
    end: int,
) -> Calendar:
    """The shifts of a schedule in a window (Unix seconds).

    Each layer and each override has its lane, be it empty. Raises FairLayerError where the server
    decides; see `computable`.
    """
    rotations = [
        Lane(layer.name, False, tuple(layer_shifts(layer, timezone, start, end)))
        for layer in layers
    ]
    covers = [
        Lane(cover.name, True, tuple(Shift(*stint, 0) for stint in _cover(cover, start, end)))
        for cover in overrides
    ]
    final = _combine([stints(lane.shifts) for lane in rotations], _weigh(overrides, start, end))
    return Calendar(start, end, (*rotations, *covers), final)


def on_call(
    layers: Sequence[Layer],
    overrides: Sequence[Override],
    timezone: str,
    start: int,
    end: int,
) -> tuple[Shift, ...]:
    """The `final` of a calendar, for less than the whole of it."""
    rotations = [
        [
            (first, last, layer.groups[number % len(layer.groups)].members)
            for number, first, last in _pieces(layer, timezone, start, end)
        ]
        for layer in layers
    ]
    return _combine(rotations, _weigh(overrides, start, end))


def _pieces(layer: Layer, timezone: str, start: int, end: int) -> Iterable[Piece]:
    """The turns of a layer in a window, cut to it and to its duty."""
    if not computable_layer(layer):
        raise FairLayerError(layer.name)
    begin, until = lifetime(layer, start, end)
    if begin >= until or not layer.groups:
        return ()
    there = clock(timezone)
    turns = rhythm(layer, there).between(begin, until)
    return clipped(turns, on_duty(layer, there, begin, until))


# All lanes taken together.


def together(rotations: Collection[Members], overrides: Collection[Members]) -> Members:
    """Who is on call, by the members of the layers that run and of the heaviest overrides: these
    replace all rotation layers (rule 7).

    **Open** in api.md, rule 6: "combine" is read as union. **Guess**: overrides of one weight that
    overlap add up too; a preview of `doctor` would settle it.
    """
    return NOBODY.union(*(overrides or rotations))


def _weigh(overrides: Sequence[Override], start: int, end: int) -> list[list[Stint]]:
    """The stints of overrides in a window, without the time in which heavier ones run."""
    by_weight: dict[int, list[list[Stint]]] = defaultdict(list)
    for override in overrides:
        by_weight[override.weight].append(_cover(override, start, end))
    covered: list[Span] = []
    deciding: list[list[Stint]] = []
    for weight in sorted(by_weight, reverse=True):
        tracks = [
            [
                (begin, until, members)
                for opens, closes, members in track
                for begin, until in between(covered, opens, closes)
            ]
            for track in by_weight[weight]
        ]
        deciding += tracks
        spans = ((begin, until) for track in tracks for begin, until, _ in track)
        covered = joined([*covered, *spans])
    return deciding


def _cover(override: Override, start: int, end: int) -> list[Stint]:
    begin, until = max(start, override.start), min(end, override.end)
    return [(begin, until, override.members)] if begin < until else []


def _combine(
    rotations: Sequence[Sequence[Stint]], overrides: Sequence[Sequence[Stint]]
) -> tuple[Shift, ...]:
    """The shifts on which anybody is on call: in order, merged where nobody changes."""
    shifts = tuple(_add_up(rotations))
    covered = joined((start, end) for track in overrides for start, end, _ in track)
    if not covered:
        return shifts
    pieces = ((shift.members, shift.start, shift.end) for shift in shifts)
    left = [*between(covered, shifts[0].start, shifts[-1].end)] if shifts else []
    rest = [Shift(start, end, members) for members, start, end in clipped(pieces, left)]
    return merged([*rest, *_add_up(overrides)])


def _add_up(tracks: Sequence[Sequence[Stint]]) -> Iterator[Shift]:
    """Stretches of the same members as shifts."""
    start, members = 0, NOBODY
    for instant, running in sweep(tracks):
        now = NOBODY.union(*running)  # see `together`
        if now == members:
            continue
        if members:
            yield Shift(start, instant, members)
        start, members = instant, now


# When there is duty at all: the day mask (rules 3 and 4) and the hours (rule 5) of a layer.

_REACH = 2
"""Days to look back: a night, or a continuous day, reaches into the next, and the zone may have
skipped that day (Pacific/Apia, 2011-12-30)."""

_REMEMBERED = 256
"""Masks and hours with windows that are cached: the schedules of a plan have few of them, in one
window, and each is computed before and after a change."""


def on_duty(layer: Layer, clock: Clock, start: int, end: int) -> Sequence[Span]:
    """The time of duty within a window, sorted and apart, whoever has the turn."""
    duty: Sequence[Span] = ((start, end),)
    if layer.days:
        cut = day_cut(layer, clock.wall(layer.start))
        duty = within(_in_days(layer.days, cut, clock, start, end), start, end)
    if layer.hours:
        hours = in_hours(layer.hours, clock, start, end)
        duty = [*common(duty, hours)] if layer.days else within(hours, start, end)
    return duty


@lru_cache(_REMEMBERED)
def _in_days(days: frozenset[int], cut: int, clock: Clock, start: int, end: int) -> Sequence[Span]:
    """The time of included days that touches a window."""
    spans = []
    day = clock.day(start) - _REACH
    begin = clock.instant(day * DAY + cut)
    while begin < end:
        until = clock.instant((day + 1) * DAY + cut)
        if weekday(day) in days and until > start:
            spans.append((begin, until))
        day, begin = day + 1, until
    return joined(spans)


@lru_cache(_REMEMBERED)
def in_hours(hours: Hours, clock: Clock, start: int, end: int) -> Sequence[Span]:
    """The time of the windows of each day or week that touches a window (rule 5).

    An end that is not after its start is on the next day or in the next week.
    """
    period, day = DAY, clock.day(start) - _REACH
    if hours.every == "week":
        period, day = WEEK, monday(day) - 7
    windows = [
        (opens, closes if closes > opens else closes + period) for opens, closes in hours.windows
    ]
    spans = []
    wall = day * DAY
    while clock.instant(wall) < end:
        for opens, closes in windows:
            spans.append((clock.instant(wall + opens), clock.instant(wall + closes)))
        wall += period
    return joined(spans)


def mask_day(layer: Layer, clock: Clock, instant: int) -> int:
    """The day, from 1970, that an instant belongs to for the mask (rules 3 and 4)."""
    day = clock.day(instant) + 1
    cut = day_cut(layer, clock.wall(layer.start))
    while clock.instant(day * DAY + cut) > instant:
        day -= 1
    return day
