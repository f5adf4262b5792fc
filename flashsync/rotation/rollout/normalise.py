"""A file's layer beside a live one: names groups, fills in what is left open, compares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from string import ascii_uppercase

from flashsync.model.schedule import Group, Layer, canonical_name
from flashsync.model.timezone import time_of_week
from flashsync.rotation.cadence import counts_included_days


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


# Groups of a file and live ones: which are the same, and what a group is called.


def named(desired: Sequence[Group], live: Sequence[Group]) -> tuple[Group, ...]:
    """The file's groups, with their names.

    A name that the file gives stands. A group that stays keeps its live name, or its having none,
    each live group serving once; a new one takes the first free letter.
    """
    if _unnamed(desired, live):
        return tuple(live)
    if all(group.name is not None for group in desired):
        return tuple(desired)
    kept = _kept(desired, live)
    taken = {group.name for group in (*desired, *kept.values())}
    letters = (letter for letter in map(_letter, count()) if letter not in taken)
    return tuple(_named(desired, kept, letters))


def _unnamed(desired: Sequence[Group], live: Sequence[Group]) -> bool:
    """Whether the groups are the live ones in their order, with no name given: as a rule."""
    return len(desired) == len(live) and all(
        one.name is None and one.members == other.members
        for one, other in zip(desired, live, strict=True)
    )


def _named(
    desired: Sequence[Group], kept: dict[int, Group], letters: Iterator[str]
) -> Iterator[Group]:
    for place, group in enumerate(desired):
        if group.name is not None:
            yield group
        else:
            yield kept.get(place) or replace(group, name=next(letters))


def _kept(desired: Sequence[Group], live: Sequence[Group]) -> dict[int, Group]:
    """The live groups whose names stay, by place in the file: people and roles are the same."""
    given = {group.name for group in desired if group.name is not None}
    left = list(live)
    kept: dict[int, Group] = {}
    for place, group in enumerate(desired):
        same = next((at for at, one in enumerate(left) if one.members == group.members), None)
        if same is not None:
            found = left.pop(same)
            if group.name is None and found.name not in given:
                kept[place] = found
    return kept


def _letter(place: int) -> str:
    """A, B, … Z, AA, AB, …"""
    letter = ascii_uppercase[place % 26]
    return letter if place < 26 else _letter(place // 26 - 1) + letter


def is_letter(name: str | None) -> bool:
    """Whether a name is none, or one that flashsync would choose: it tells people nothing."""
    return not name or (len(name) <= 2 and all(char in ascii_uppercase for char in name))


def turned(desired: Sequence[Group], live: Sequence[Group]) -> int | None:
    """By how many places the live order has to be turned to become the file's; None if never.

    Where equal groups make more than one right, it is the one by which most given names agree.
    """
    wanted = [group.members for group in desired]
    have = [group.members for group in live]
    if len(wanted) != len(have):
        return None
    ways = [by for by in range(len(have) or 1) if have[by:] + have[:by] == wanted]
    if len(ways) < 2:
        return ways[0] if ways else None
    return max(ways, key=lambda by: (_names_agree(desired, [*live[by:], *live[:by]]), -by))


def _names_agree(desired: Sequence[Group], live: Sequence[Group]) -> int:
    return sum(one.name == other.name for one, other in zip(desired, live, strict=True))


def turned_back(desired: Sequence[Group], live: Sequence[Group]) -> tuple[Group, ...]:
    """The file's groups in the live order, where the one is the other turned; else as they are."""
    by = turned(desired, live) or 0
    return (*desired[len(desired) - by :], *desired[: len(desired) - by])
