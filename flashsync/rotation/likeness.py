"""A file's layer beside a live one: what it leaves open is filled in, and what counts compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.rotation.groups import named, turned_back
from flashsync.state import canonical
from flashsync.state.schedule import Group, Layer
from flashsync.state.zone import time_of_week


def filled(layer: Layer, live_groups: Sequence[Group], timezone: str) -> Layer:
    """Nothing left open: groups have names, and a weekly layer a handoff."""
    return replace(with_handoff(layer, timezone), groups=named(layer.groups, live_groups))


def with_handoff(layer: Layer, timezone: str, *begun: Layer) -> Layer:
    """A weekly layer with the handoff that it means where its file has none.

    Once it has `begun` that is the live one, of the first of these that is weekly. A layer without
    one changes turns at the time of week of its start (api.md, `handoff_time`).
    """
    if layer.handoff is not None or not layer.rotation.weekly:
        return layer
    meant = next(one for one in (*begun, layer) if one.rotation.weekly)
    handoff = time_of_week(meant.start, timezone) if meant.handoff is None else meant.handoff
    return replace(layer, handoff=handoff)


def like(layer: Layer, last: Layer, timezone: str) -> Layer:
    """The file's layer in the live one's place: its name as it is written there, its start, its
    turn, and what the file leaves open."""
    groups = named(turned_back(layer.groups, last.groups), last.groups)
    name = called(last, layer.name).name
    meant = with_handoff(layer, timezone, last)
    return replace(meant, name=name, start=last.start, groups=groups)


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
