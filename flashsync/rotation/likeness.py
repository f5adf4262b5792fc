"""A file's layer beside a live one: what it leaves open is filled in, and what counts compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.rotation.groups import named, turned_back
from flashsync.state import canonical
from flashsync.state.schedule import Group, Layer
from flashsync.state.zone import time_of_week


def filled(layer: Layer, live_groups: Sequence[Group], timezone: str) -> Layer:
    """Nothing left open: groups have names, and a weekly layer a handoff.

    api.md, `handoff_time`: without one it is the time of week of the start, which means the same
    either way.
    """
    handoff = layer.handoff
    if handoff is None and layer.rotation.weekly:
        handoff = time_of_week(layer.start, timezone)
    return replace(layer, groups=named(layer.groups, live_groups), handoff=handoff)


def like(layer: Layer, last: Layer, timezone: str) -> Layer:
    """The file's layer in the live one's place: its name as it is written there, its start, its
    turn, and what the file leaves open. A begun layer keeps its handoff where the file has none."""
    handoff = layer.handoff
    if handoff is None and layer.rotation.weekly:
        start = last if last.rotation.weekly else layer
        handoff = last.handoff if last.handoff is not None else time_of_week(start.start, timezone)
    groups = named(turned_back(layer.groups, last.groups), last.groups)
    name = called(last, layer.name).name
    return replace(layer, name=name, start=last.start, groups=groups, handoff=handoff)


def called(layer: Layer, name: str) -> Layer:
    """The layer by that name; one that identity takes for the same stays, blanks and all."""
    return layer if canonical.name(layer.name) == name else replace(layer, name=name)


def duty(layer: Layer) -> tuple[object, ...]:
    """All of a layer that decides whose turn it is: not its name, its end, its groups' names."""
    return (
        layer.rotation,
        layer.handoff,
        layer.days,
        layer.continuous,
        layer.hours,
        layer.fair,
        tuple(group.members for group in layer.groups),
    )
