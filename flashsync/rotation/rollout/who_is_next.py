"""Who comes first after a cut: the live turns in the order in which they would come, as groups of
the file."""

from __future__ import annotations

from collections.abc import Sequence

from flashsync.model.schedule import Group, Member

Members = frozenset[Member]


def match_groups(live: Sequence[Group], wanted: Sequence[Group]) -> dict[Members, Group]:
    """The groups of the file that live groups are, by the people of the live ones that stay.

    A group is the same when its people and roles are the same; else when the file gives it the same
    name; else it is the file's group that shares most people with it and matches no other.
    """
    have = {group.members for group in live}
    stays = {group.members: group for group in reversed(wanted) if group.members in have}
    left = [group for group in wanted if group.members not in stays]
    gone = [group for group in live if group.members not in stays]
    for pick in (_find_of_same_name, _find_nearest):
        for group in gone:
            chosen = None if group.members in stays else pick(group, left)
            if chosen is not None:
                stays[group.members] = chosen
                left = [other for other in left if other.members != chosen.members]
    return stays


def _find_of_same_name(group: Group, left: Sequence[Group]) -> Group | None:
    return next(
        (other for other in left if other.name is not None and other.name == group.name), None
    )


def _find_nearest(group: Group, left: Sequence[Group]) -> Group | None:
    nearest = max(left, key=lambda other: _count_shared(group, other), default=None)
    return nearest if nearest is not None and _count_shared(group, nearest) else None


def _count_shared(one: Group, other: Group) -> int:
    people, others = ({member.person for member in group.members} for group in (one, other))
    return len(people & others)


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
        return sum(one == other for one, other in zip(coming, after, strict=False))

    return max(indices, key=lambda index: (count_agreeing(index), -index))


def rotate(groups: Sequence[Group], index: int) -> tuple[Group, ...]:
    """The groups from an index on, in a cycle."""
    by = index % len(groups) if groups else 0
    return (*groups[by:], *groups[:by])
