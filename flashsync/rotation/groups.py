"""Groups of a file and live ones: which are the same, and what a group is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from string import ascii_uppercase

from flashsync.model.schedule import Group


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
