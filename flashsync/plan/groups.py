"""Groups of a file and live ones: which are the same, and what a group is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from string import ascii_uppercase

from flashsync.state.schedule import Group


def named(desired: Sequence[Group], live: Sequence[Group]) -> tuple[Group, ...]:
    """The file's groups, each with a name.

    A name that the file gives stands. A group that stays keeps its live name, each live group
    serving once; a new one takes the first free letter.
    """
    kept = _kept_names(desired, live)
    taken = {group.name for group in desired} | set(kept.values())
    letters = (letter for letter in map(_letter, count()) if letter not in taken)
    return tuple(
        replace(group, name=group.name or kept.get(place) or next(letters))
        for place, group in enumerate(desired)
    )


def _kept_names(desired: Sequence[Group], live: Sequence[Group]) -> dict[int, str]:
    """The live names of the groups whose people and roles are the same, by place in the file."""
    left = list(live)
    kept: dict[int, str] = {}
    given = {group.name for group in desired if group.name}
    for place, group in enumerate(desired):
        same = next((one for one in left if one.members == group.members), None)
        if same is None:
            continue
        left.remove(same)
        if not group.name and same.name and same.name not in given:
            kept[place] = same.name
    return kept


def _letter(place: int) -> str:
    """A, B, … Z, AA, AB, …"""
    letter = ascii_uppercase[place % 26]
    return letter if place < 26 else _letter(place // 26 - 1) + letter


def turned(desired: Sequence[Group], live: Sequence[Group]) -> int | None:
    """By how many places the live order has to be turned to become the file's; None if never."""
    wanted = [group.members for group in desired]
    have = [group.members for group in live]
    if len(wanted) != len(have):
        return None
    return next((by for by in range(len(have) or 1) if have[by:] + have[:by] == wanted), None)
