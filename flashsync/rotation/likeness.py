"""A file's layer beside a live one: what it leaves open is filled in, and what counts compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.model.schedule import Group, Layer, canonical_name
from flashsync.model.timezone import time_of_week
from flashsync.rotation.groups import named, turned_back
from flashsync.rotation.rhythm import counts_included_days


def filled(layer: Layer, live_groups: Sequence[Group], timezone: str) -> Layer:
    """Nothing left open: groups have names, and a weekly layer a handoff."""
    return replace(with_handoff(layer, timezone), groups=named(layer.groups, live_groups))


def with_handoff(layer: Layer, timezone: str, *begun: Layer) -> Layer:
    """A weekly layer with the handoff that it means where its file has none.

    Once it has `begun` that is the live one, of the first of these that is weekly. A layer without
    one changes turns at the time of week of its start; where it cuts days it stays without, since
    the platform tells the two apart there (api.md, `handoff_time`).
    """
    if not layer.rotation.weekly:
        return layer
    live = next((one for one in begun if one.rotation.weekly), None)
    if layer.handoff is not None:
        # `mon 00:00` is sent as 0, which is none where days are cut. The layer starts then.
        unset = not begun and layer.cuts_days and not layer.handoff
        return replace(layer, handoff=None) if unset else layer
    if layer.cuts_days:
        return replace(layer, handoff=live.handoff) if live and live.cuts_days else layer
    return replace(layer, handoff=_turn_change(live or layer, timezone))


def in_form_of(live: Layer, layer: Layer, timezone: str) -> Layer:
    """The layer with the live handoff, where that differs in its form alone: what nobody has
    changed is sent back as it was read."""
    same_turns = (
        layer.rotation.weekly
        and layer.rotation == live.rotation
        and layer.cuts_days == live.cuts_days
        and counts_included_days(layer) == counts_included_days(live)
        and _turn_change(layer, timezone) == _turn_change(live, timezone)
    )
    return replace(layer, handoff=live.handoff) if same_turns else layer


def _turn_change(layer: Layer, timezone: str) -> int:
    """The time of week at which the turns of a weekly layer change."""
    return time_of_week(layer.start, timezone) if layer.handoff is None else layer.handoff


def like(layer: Layer, last: Layer, timezone: str) -> Layer:
    """The file's layer in the live one's place: its name as it is written there, its start, its
    turn, and what the file leaves open."""
    groups = named(turned_back(layer.groups, last.groups), last.groups)
    name = called(last, layer.name).name
    meant = replace(with_handoff(layer, timezone, last), start=last.start)
    return replace(in_form_of(last, meant, timezone), name=name, groups=groups)


def called(layer: Layer, name: str) -> Layer:
    """The layer by that name; one that identity takes for the same stays, blanks and all."""
    return layer if canonical_name(layer.name) == name else replace(layer, name=name)


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
