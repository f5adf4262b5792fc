"""Who comes first after a cut, and which groups of the file and of a live layer are the same.

Groups are compared in the order in which their turns come: by their people and roles, then by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count, product
from string import ascii_uppercase

from flashsync.model.schedule import Group, Member

Members = frozenset[Member]


def find_first(live: Sequence[Group], wanted: Sequence[Group]) -> int:
    """The index in the file's order of the group that begins.

    `live` are the live groups in the order in which their turns would come from the cut on. The
    first of them that is still in the file begins; if none is left, the file's first. Where an
    equal group appears in the file more than once, it is the index after which most turns agree,
    then the first; turns of groups that are new or gone do not count.
    """
    same = match_groups(live, wanted)
    coming = [same[group.members].members for group in live if group.members in same]
    if not coming:
        return 0
    indices = [index for index, group in enumerate(wanted) if group.members == coming[0]]
    if len(indices) == 1:
        return indices[0]
    known = set(coming)

    def count_agreeing(index: int) -> int:
        after = [group.members for group in rotate(wanted, index) if group.members in known]
        return sum(members == other for members, other in zip(coming, after, strict=False))

    return max(indices, key=lambda index: (count_agreeing(index), -index))


def match_groups(live: Sequence[Group], wanted: Sequence[Group]) -> dict[Members, Group]:
    """The groups of the file that live groups are, by the people of the live ones that stay.

    A group is the same when its people and roles are the same; else when the file gives it the same
    name; else it is the file's group that shares most people with it and matches no other.
    """
    have = {group.members for group in live}
    stays = {group.members: group for group in reversed(wanted) if group.members in have}
    left = [group for group in wanted if group.members not in stays]
    for likeness in (_share_name, _count_shared):
        for group in live:
            if group.members in stays or not left:
                continue
            chosen = max(left, key=lambda other: likeness(group, other))
            if likeness(group, chosen):
                stays[group.members] = chosen
                left = [other for other in left if other.members != chosen.members]
    return stays


def _share_name(group: Group, other: Group) -> int:
    return int(other.name is not None and other.name == group.name)


def _count_shared(group: Group, other: Group) -> int:
    people = {member.person for member in group.members}
    return len(people & {member.person for member in other.members})


def rotate(groups: Sequence[Group], index: int) -> tuple[Group, ...]:
    """The groups from an index on, in a cycle."""
    by = index % len(groups) if groups else 0
    return (*groups[by:], *groups[:by])


# Where both are one cycle, and begin at different groups.


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

    def count_same_names(by: int) -> int:
        pairs = zip(desired, rotate(live, by), strict=True)
        return sum(group.name == other.name for group, other in pairs)

    return max(ways, key=lambda by: (count_same_names(by), -by))


def turn_back(desired: Sequence[Group], live: Sequence[Group]) -> tuple[Group, ...]:
    """The file's groups in the live order where both are one cycle; else as they are."""
    return rotate(desired, -(find_turn(desired, live) or 0))


# Names of groups: given in the file, kept from the live layer, or letters.


def name_groups(desired: Sequence[Group], live: Sequence[Group]) -> tuple[Group, ...]:
    """The file's groups, each with a name.

    A name in the file stays. A group that stays keeps its live name, or keeps having none, and each
    live group serves once; a new group takes the first free letter: A, B, … Z, AA, AB, …
    """
    unnamed = all(group.name is None for group in desired)
    if unnamed and [group.members for group in desired] == [group.members for group in live]:
        return tuple(live)  # the usual case
    kept = _find_kept(desired, live)
    taken = {group.name for group in (*desired, *kept.values())}
    names = (
        "".join(letters)
        for length in count(1)
        for letters in product(ascii_uppercase, repeat=length)
    )
    free = (name for name in names if name not in taken)
    return tuple(
        group if group.name is not None else kept.get(index) or replace(group, name=next(free))
        for index, group in enumerate(desired)
    )


def _find_kept(desired: Sequence[Group], live: Sequence[Group]) -> dict[int, Group]:
    """The live groups that keep their names, by index in the file: people and roles are equal."""
    given = {group.name for group in desired if group.name is not None}
    left = list(live)
    kept: dict[int, Group] = {}
    for index, group in enumerate(desired):
        same = next((other for other in left if other.members == group.members), None)
        if same is not None:
            left.remove(same)
            if group.name is None and same.name not in given:
                kept[index] = same
    return kept


def is_letter(name: str | None) -> bool:
    """Whether a name is missing, or a letter as flashsync chooses it: it tells people nothing."""
    return not name or (len(name) <= 2 and all(char in ascii_uppercase for char in name))
