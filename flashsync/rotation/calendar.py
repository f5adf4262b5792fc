"""Who is on call when: the shifts of one layer, and the calendar of a whole schedule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from flashsync.model.calendar import Calendar, Lane, Shift, merged
from flashsync.model.schedule import Layer, Override
from flashsync.rotation.cadence import rhythm
from flashsync.rotation.duty_hours import on_duty
from flashsync.rotation.intervals import (
    NOBODY,
    Members,
    Stint,
    between,
    clipped,
    joined,
    stints,
    sweep,
)
from flashsync.rotation.turns import computable_layer, lifetime
from flashsync.rotation.wall_clock import clock

Piece = tuple[int, int, int]
"""A turn, or a part of one: its number, start and end."""


class FairLayerError(ValueError):
    """A layer whose turns the server distributes by an algorithm of its own (api.md, open)."""

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
    counting = final(
        [stints(lane.shifts) for lane in rotations], [stints(lane.shifts) for lane in covers]
    )
    return Calendar(start, end, (*rotations, *covers), counting)


def on_call(
    layers: Sequence[Layer],
    overrides: Sequence[Override],
    timezone: str,
    start: int,
    end: int,
) -> tuple[Shift, ...]:
    """What counts of a calendar, its `final`, for less than the whole of it."""
    return final(
        [_layer_stints(layer, timezone, start, end) for layer in layers],
        [_cover(cover, start, end) for cover in overrides],
    )


def _layer_stints(layer: Layer, timezone: str, start: int, end: int) -> list[Stint]:
    groups = layer.groups
    return [
        (first, last, groups[number % len(groups)].members)
        for number, first, last in _pieces(layer, timezone, start, end)
    ]


def _cover(override: Override, start: int, end: int) -> list[Stint]:
    begin, until = max(start, override.start), min(end, override.end)
    return [(begin, until, override.members)] if begin < until else []


def _pieces(layer: Layer, timezone: str, start: int, end: int) -> Iterable[Piece]:
    """The turns of a layer in a window, cut to it and to its duty."""
    if not computable_layer(layer):
        raise FairLayerError(layer.name)
    begin, until = lifetime(layer, start, end)
    if begin >= until or not layer.groups:
        return ()
    there = clock(timezone)
    beat = rhythm(layer, there).between(begin, until)
    return clipped(beat, on_duty(layer, there, begin, until))


# All lanes taken together: what counts.


def final(
    rotations: Sequence[Sequence[Stint]], overrides: Sequence[Sequence[Stint]]
) -> tuple[Shift, ...]:
    """The shifts that count, in order, merged where nobody changes, never without members."""
    found = tuple(_added_up(rotations))
    covered = joined((start, end) for stints in overrides for start, end, _ in stints)
    if not covered:
        return found
    pieces = ((one.members, one.start, one.end) for one in found)
    left = [*between(covered, found[0].start, found[-1].end)] if found else []
    rest = [Shift(start, end, members) for members, start, end in clipped(pieces, left)]
    return merged([*rest, *_added_up(overrides)])


def together(rotations: Collection[Members], overrides: Collection[Members]) -> Members:
    """Who is on call, by the members of the lanes that run: an override replaces all rotation
    layers (rule 7)."""
    return _union(overrides or rotations)


def _union(members: Iterable[Members]) -> Members:
    """Who is on call, by lanes of one kind.

    **Open** in api.md, rule 6: "combine" is read as union. **Guess**: overrides that overlap add up
    too.
    """
    return NOBODY.union(*members)


def _added_up(tracks: Sequence[Sequence[Stint]]) -> Iterator[Shift]:
    """Stretches of the same members as shifts."""
    start, members = 0, NOBODY
    for instant, running in sweep(tracks):
        now = _union(running)
        if now == members:
            continue
        if members:
            yield Shift(start, instant, members)
        start, members = instant, now
