"""Who comes first after a cut: the live turns, in the order in which they would come, as groups of
the file."""

from __future__ import annotations

from collections.abc import Sequence

from flashsync.model.schedule import Group, Member

Members = frozenset[Member]


def staying(live: Sequence[Group], wanted: Sequence[Group]) -> dict[Members, Group]:
    """The groups of the file that live groups are, by the people of the live ones that stay.

    A group is the same when its people and roles are the same; else when the file gives it the same
    name; else it is the file's group that shares most people with it and that is no other's.
    """
    same = {group.members for group in wanted}
    have = {group.members for group in live}
    found = {group.members: group for group in reversed(wanted) if group.members in have}
    left = [group for group in wanted if group.members not in found]
    gone = [group for group in live if group.members not in same]
    for pick in (_of_that_name, _nearest):
        for group in gone:
            chosen = None if group.members in found else pick(group, left)
            if chosen is not None:
                found[group.members] = chosen
                left = [one for one in left if one.members != chosen.members]
    return found


def _of_that_name(group: Group, left: Sequence[Group]) -> Group | None:
    return next((one for one in left if one.name is not None and one.name == group.name), None)


def _nearest(group: Group, left: Sequence[Group]) -> Group | None:
    best = max(left, key=lambda one: _shared(group, one), default=None)
    return best if best is not None and _shared(group, best) else None


def _shared(one: Group, other: Group) -> int:
    people = [{member.person for member in group.members} for group in (one, other)]
    return len(people[0] & people[1])


def first(live: Sequence[Group], wanted: Sequence[Group]) -> int:
    """The place in the file's order of the group that begins.

    `live` are the live groups in the order in which their turns would come from the cut on. The
    first whose group is still in the file begins; if none is left, the file's first. Where an equal
    group stands in the file more than once, it is the place after which most turns agree, then the
    first; turns of groups that are new or gone do not count.
    """
    same = staying(live, wanted)
    coming = [same[group.members].members for group in live if group.members in same]
    if not coming:
        return 0
    known = set(coming)
    places = [place for place, group in enumerate(wanted) if group.members == coming[0]]

    def agreeing(place: int) -> int:
        after = [one.members for one in rotated(wanted, place) if one.members in known]
        return sum(one == other for one, other in zip(coming, after, strict=False))

    return max(places, key=lambda place: (agreeing(place), -place))


def rotated(groups: Sequence[Group], place: int) -> tuple[Group, ...]:
    """The groups in their order from a place on, round and round."""
    by = place % len(groups) if groups else 0
    return (*groups[by:], *groups[:by])
