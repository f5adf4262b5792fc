"""Whose turn it is in one layer, and until when: before mask and hours clip the duty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flashsync.model.schedule import Layer
from flashsync.model.timezone import DAY
from flashsync.rotation.cadence import rhythm
from flashsync.rotation.wall_clock import clock


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
    for number, first, last in rhythm(layer, clock(timezone)).between(begin, until):
        if layer.end is not None:
            last = min(last, layer.end)
        yield Turn(number, first, last, _index(layer, number))


def next_handoff(layer: Layer, timezone: str, after: int) -> int | None:
    """The first instant after another at which a turn begins.

    That is the layer's start where it has not begun; None where no turn begins any more.
    """
    if after < layer.start:
        return layer.start
    if layer.ended(after):
        return None
    beat = rhythm(layer, clock(timezone))
    at = beat.begin(beat.number(after) + 1)
    return None if layer.ended(at) else at


def lifetime(layer: Layer, start: int, end: int) -> tuple[int, int]:
    """The part of a window in which the layer lives; not a window where it does not."""
    return max(start, layer.start), end if layer.end is None else min(end, layer.end)


def _index(layer: Layer, number: int) -> int | None:
    if not layer.groups or not computable_layer(layer):
        return None
    return number % len(layer.groups)


# How long it takes until each group has had its turn.

LONGEST = 400 * DAY
"""Seconds: a round is not followed further."""


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
