"""A bridge: a link of one group, which keeps a turn to its end after a cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flashsync.model.calendar import Span
from flashsync.model.schedule import Group, Hours, Layer, Rotation, Unit, canonical_hours
from flashsync.model.timezone import DAY, WEEK
from flashsync.rotation.clock import clock
from flashsync.rotation.rhythm import day_cut, months_later
from flashsync.rotation.spans import common, joined

LENGTH = Rotation(30, Unit.MONTH)
"""The rotation of a bridge: its first turn outlasts it, which tells it from a link of one group
that was cut at a handoff."""


def bridge(layer: Layer, group: Group, start: int, end: int, timezone: str) -> Layer:
    """A link of one group with the duty of a layer, from `start` to `end` (Unix seconds)."""
    made = replace(
        layer, start=start, end=end, rotation=LENGTH, handoff=None, groups=(group,), fair=False
    )
    if not (layer.continuous and layer.days):
        return made
    # The days of a continuous mask begin with the layer (rule 4): these begin as they did before.
    return replace(made, days=None, continuous=False, hours=_weekly(layer, timezone))


def is_bridge(layer: Layer) -> bool:
    """Whether a link is a bridge, by its form."""
    return (
        layer.rotation == LENGTH
        and len(layer.groups) == 1
        and layer.end is not None
        and not layer.fair
        and layer.end < months_later(layer.start, LENGTH.value)
    )


def bridges(layer: Layer, following: Layer | None) -> bool:
    """Whether a link is a bridge to the one that follows it."""
    return following is not None and layer.end == following.start and is_bridge(layer)


def _weekly(layer: Layer, timezone: str) -> Hours | None:
    """The duty of a continuous mask, with its hours, as hours of the week."""
    cut = day_cut(layer, clock(timezone).wall(layer.start))
    # Two weeks, counted from a Monday, so that what reaches over the week's end is whole once.
    days = [
        (day * DAY + cut, (day + 1) * DAY + cut)
        for day in range(-7, 21)
        if (day + 1) % 7 in (layer.days or ())
    ]
    duty = joined(days)
    if layer.hours:
        duty = joined(common(duty, joined(_daily(layer.hours))))
    if any(end - start >= WEEK for start, end in duty):
        return None
    return canonical_hours("week", [span for span in duty if 0 <= span[0] < WEEK])


def _daily(hours: Hours) -> Iterator[Span]:
    for day in range(-8, 22):
        for opens, closes in hours.windows:
            until = closes if closes > opens else closes + DAY
            yield day * DAY + opens, day * DAY + until
