"""Completes a file's layer from the live link that it stands for: cadence, order of turns, name."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from flashsync.model.schedule import Layer, canonical_name
from flashsync.model.timezone import DAY, time_of_week
from flashsync.rotation.rollout.handoffs import HALF_HOUR, has_own_days
from flashsync.rotation.rollout.who_is_next import name_groups, turn_back
from flashsync.rotation.turns import Elapsed, Wall, counts_included_days, rhythm
from flashsync.rotation.wall_clock import clock

COMPARED = 12
"""Handoffs that are compared: calendar months repeat after twelve, and masks after seven."""


def normalise(layer: Layer, link: Layer, timezone: str) -> Layer:
    """The file's layer in the place of a live link, with its turn and its name as written there.

    Where both have one cadence, it has the link's start and handoff, too; else its own. Groups have
    no names yet.
    """
    declared = add_handoff(layer, timezone)
    placed = replace(
        declared,
        name=keep_spelling(link, layer.name).name,
        groups=turn_back(layer.groups, link.groups),
    )
    exactly = layer.handoff is not None
    if keeps_cadence(link, declared, timezone, 1 if exactly else HALF_HOUR):
        return replace(placed, start=link.start, handoff=link.handoff)
    return placed


def normalise_declared(layer: Layer, link: Layer | None, timezone: str) -> Layer:
    """The file's layer with the `start` that it declares, in the form of a link if it has one."""
    groups = name_groups(layer.groups, link.groups if link else ())
    filled = replace(add_handoff(layer, timezone), groups=groups)
    if link is None:
        return filled
    name = keep_spelling(link, layer.name).name
    return replace(keep_handoff_form(filled, link, timezone), name=name)


def add_handoff(layer: Layer, timezone: str) -> Layer:
    """A weekly layer with the handoff that it means where its file has none.

    Without handoff, turns change at the time of week of the start; where the layer cuts days it
    stays without, since the platform distinguishes the two there (api.md, `handoff_time`).
    """
    if not layer.rotation.weekly:
        return layer
    if layer.cuts_days:
        # `mon 00:00` is sent as 0, which is unset where days are cut. The layer starts then.
        return replace(layer, handoff=layer.handoff or None)
    return replace(layer, handoff=_turn_change(layer, timezone))


def keep_handoff_form(layer: Layer, link: Layer, timezone: str) -> Layer:
    """The layer with the link's handoff where the two differ in form alone: what nobody changed is
    sent back as it was read."""
    same_turns = (
        layer.rotation.weekly
        and layer.rotation == link.rotation
        and layer.cuts_days == link.cuts_days
        and counts_included_days(layer) == counts_included_days(link)
        and _turn_change(layer, timezone) == _turn_change(link, timezone)
    )
    return replace(layer, handoff=link.handoff) if same_turns else layer


def _turn_change(layer: Layer, timezone: str) -> int:
    """The time of week at which the turns of a weekly layer change."""
    return time_of_week(layer.start, timezone) if layer.handoff is None else layer.handoff


def keep_spelling(layer: Layer, name: str) -> Layer:
    """The layer under a name; where identity takes its own for the same, that stays, spaces too."""
    return layer if canonical_name(layer.name) == name else replace(layer, name=name)


# Whether a file's layer has the cadence of a live link.


def keeps_cadence(live: Layer, wanted: Layer, timezone: str, below: int = HALF_HOUR) -> bool:
    """Whether a file's layer has the handoffs of a live link, but for a difference of less than
    `below` (seconds). The time at which it is called makes no difference."""
    if not keeps_form(live, wanted):
        return False
    if (live.start, live.handoff) == (wanted.start, wanted.handoff):
        return True
    if measure_shift(live, wanted, timezone) >= below:
        return False
    return not has_own_days(wanted) or measure_days(live, wanted, timezone) < HALF_HOUR


def keeps_form(live: Layer, wanted: Layer) -> bool:
    """Whether turns begin by the same rule, whatever the cadence.

    A mask decides only where its days are counted, or where a handoff of 0 means another thing
    (api.md, `handoff_time`).
    """
    if live.rotation != wanted.rotation:
        return False
    if live.rotation.weekly and live.cuts_days != wanted.cuts_days:
        return False
    counted = counts_included_days(live)
    if counted != counts_included_days(wanted):
        return False
    return not counted or (live.days, live.continuous) == (wanted.days, wanted.continuous)


def measure_shift(live: Layer, wanted: Layer, timezone: str) -> int:
    """By how many seconds, at most, the handoffs of two layers of one form differ.

    Days, weeks and hours by arithmetic, since each unchanged layer of a plan comes here; months and
    counted days by walking from the live start on.
    """
    there = clock(timezone)
    old, new = rhythm(live, there), rhythm(wanted, there)
    if isinstance(old, Wall) and isinstance(new, Wall):
        apart = (new.second - old.second) % old.step
        return min(apart, old.step - apart)
    if isinstance(old, Elapsed) and isinstance(new, Elapsed):
        apart = (new.start - old.start) % old.step
        return min(apart, old.step - apart)
    handoffs = list(islice(old.handoffs(live.start), COMPARED))
    near = new.handoffs(handoffs[0] - HALF_HOUR + 1)
    return max(abs(at - then) for at, then in zip(handoffs, near, strict=False))


def measure_days(live: Layer, wanted: Layer, timezone: str) -> int:
    """By how many seconds the days of a continuous mask differ, which begin at the time of day of
    the layer's start (api.md, rule 4)."""
    old, new = (clock(timezone).wall(layer.start) % DAY for layer in (live, wanted))
    return min((new - old) % DAY, (old - new) % DAY)
