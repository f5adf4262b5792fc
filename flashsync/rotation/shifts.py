"""Who is on call when: the shifts of one layer, and the calendar of a whole schedule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flashsync.model.calendar import Calendar, Lane, Shift
from flashsync.model.schedule import Layer, Override
from flashsync.rotation.clock import clock
from flashsync.rotation.duty import on_duty
from flashsync.rotation.final import final
from flashsync.rotation.rhythm import rhythm
from flashsync.rotation.spans import clipped
from flashsync.rotation.sweep import Stint, stints
from flashsync.rotation.turns import computable_layer, lifetime

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
