"""Completes a file's layer from the live link that it stands for: cadence, turn, names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from string import ascii_uppercase

from flashsync.model.desired import Rollout
from flashsync.model.schedule import Group, Layer, canonical_name
from flashsync.model.timezone import time_of_week
from flashsync.rotation.rollout.grid import keeps_cadence
from flashsync.rotation.rollout.handoffs import HALF_HOUR
from flashsync.rotation.rollout.model import Edit, Situation
from flashsync.rotation.turns import counts_included_days


def normalise(chain: Sequence[Layer], layer: Layer, rollout: Rollout, at: Situation) -> Edit:
    """The edit of a live chain, with the file's layer completed from the last link."""
    return Edit(tuple(chain), layer, complete(layer, chain[-1], at.timezone), rollout, at)


def complete(layer: Layer, link: Layer, timezone: str) -> Layer:
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


def complete_declared(layer: Layer, link: Layer | None, timezone: str) -> Layer:
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


# Groups of a file and live ones: in which order, and under which names.


def find_turn(desired: Sequence[Group], live: Sequence[Group]) -> int | None:
    """By how many groups the live order has to be turned to become the file's; None if never.

    Where equal groups allow several ways, it is the way by which most given names agree.
    """
    wanted = [group.members for group in desired]
    have = [group.members for group in live]
    if len(wanted) != len(have):
        return None
    ways = [by for by in range(len(have) or 1) if have[by:] + have[:by] == wanted]
    if len(ways) < 2:
        return ways[0] if ways else None
    return max(ways, key=lambda by: (_count_same_names(desired, [*live[by:], *live[:by]]), -by))


def _count_same_names(desired: Sequence[Group], live: Sequence[Group]) -> int:
    return sum(one.name == other.name for one, other in zip(desired, live, strict=True))


def turn_back(desired: Sequence[Group], live: Sequence[Group]) -> tuple[Group, ...]:
    """The file's groups in the live order where both are one cycle; else as they are."""
    by = find_turn(desired, live) or 0
    return (*desired[len(desired) - by :], *desired[: len(desired) - by])


def name_groups(desired: Sequence[Group], live: Sequence[Group]) -> tuple[Group, ...]:
    """The file's groups, each with a name.

    A name in the file stays. A group that stays keeps its live name, or keeps having none, and each
    live group serves once; a new group takes the first free letter.
    """
    unnamed = all(group.name is None for group in desired)
    if unnamed and [group.members for group in desired] == [group.members for group in live]:
        return tuple(live)  # the usual case
    kept = _find_kept(desired, live)
    taken = {group.name for group in (*desired, *kept.values())}
    letters = (letter for letter in map(_letter, count()) if letter not in taken)
    return tuple(
        group if group.name is not None else kept.get(index) or replace(group, name=next(letters))
        for index, group in enumerate(desired)
    )


def _find_kept(desired: Sequence[Group], live: Sequence[Group]) -> dict[int, Group]:
    """The live groups that keep their names, by index in the file: people and roles are equal."""
    given = {group.name for group in desired if group.name is not None}
    left = list(live)
    kept: dict[int, Group] = {}
    for index, group in enumerate(desired):
        same = next((at for at, other in enumerate(left) if other.members == group.members), None)
        if same is not None:
            other = left.pop(same)
            if group.name is None and other.name not in given:
                kept[index] = other
    return kept


def _letter(index: int) -> str:
    """A, B, … Z, AA, AB, …"""
    letter = ascii_uppercase[index % 26]
    return letter if index < 26 else _letter(index // 26 - 1) + letter


def is_letter(name: str | None) -> bool:
    """Whether a name is missing, or a letter as flashsync chooses it: it tells people nothing."""
    return not name or (len(name) <= 2 and all(char in ascii_uppercase for char in name))
