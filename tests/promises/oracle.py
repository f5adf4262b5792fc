"""What the design says of an edited rota, counted by the sandbox's own counter alone.

A rota here is the list of a schedule's stored layers; all instants are Unix seconds. Nothing of
the engine is used: what it gets wrong, this does not get wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice

from flashsync.sandbox.model import OVERRIDE, Group, Layer
from flashsync.sandbox.rotation import (
    Turn,
    WallClock,
    counts_included_days,
    final_shifts,
    group_index,
    has_handoff,
    turns,
)

DAY = 86400
HALF = 1800
ENDLESS = 10**11

People = frozenset[tuple[int, int]]
"""Persons with their roles."""
Stretch = tuple[int, int, People]


def people(group: Group) -> People:
    """Who serves in a group, and in which role."""
    return frozenset((id, seat.role_id) for seat in group.seats for id in seat.person_ids)


def duty(layers: Sequence[Layer], zone: str, start: int, end: int) -> list[Stretch]:
    """Who is on call from start to end, one entry as long as nobody changes."""
    found: list[Stretch] = []
    for shift in final_shifts(layers, WallClock(zone), start, end) if start < end else ():
        who = people(shift.group)
        if found and found[-1][1:] == (shift.start, who):
            found[-1] = (found[-1][0], shift.end, who)
        else:
            found.append((shift.start, shift.end, who))
    return found


def rotations(layers: Sequence[Layer], name: str) -> list[Layer]:
    """The links of a name, by start."""
    own = (one for one in layers if one.mode != OVERRIDE and one.name == name)
    return sorted(own, key=lambda one: one.start)


def overrides(layers: Sequence[Layer]) -> list[tuple[str, int, int | None, People]]:
    """All overrides, without their stamps."""
    own = (one for one in layers if one.mode == OVERRIDE)
    return [(one.name, one.start, one.end, people(one.groups[0])) for one in own]


def end_of(link: Layer) -> int:
    """When a link ends."""
    return ENDLESS if link.end is None else link.end


def running(chain: Sequence[Layer], at: int) -> Layer | None:
    """The link that runs at an instant."""
    return next((one for one in chain if one.start <= at < end_of(one)), None)


def is_bridge(link: Layer) -> bool:
    """Whether a link keeps a turn to its end."""
    return (link.rotation_unit, link.rotation_value, len(link.groups)) == ("month", 30, 1)


@dataclass(frozen=True, slots=True)
class Held:
    """A turn, and who has it."""

    start: int
    end: int
    who: People


def from_then(link: Layer, zone: str, at: int, until: int) -> Iterator[Held]:
    """The turns of a link, as if it had no end, that end after an instant."""
    whole = replace(link, end=None)
    for turn in turns(whole, WallClock(zone), until):
        if turn.end > at:
            yield _held(whole, turn)


def _held(link: Layer, turn: Turn) -> Held:
    return Held(turn.start, turn.end, people(link.groups[group_index(link, turn.number)]))


def of_chain(chain: Sequence[Layer], zone: str, at: int, until: int) -> Iterator[Held]:
    """The turns of all links that end after an instant."""
    for link in chain:
        if end_of(link) > at:
            for turn in from_then(link, zone, max(at, link.start), min(until, end_of(link))):
                yield replace(turn, end=min(turn.end, end_of(link)))


def turn_at(chain: Sequence[Layer], zone: str, at: int) -> Held | None:
    """The turn that runs at an instant."""
    link = running(chain, at)
    if link is None:
        return None
    found = next(from_then(link, zone, at, at + 4000 * DAY))
    return replace(found, end=min(found.end, end_of(link)))


def rhythm(link: Layer, zone: str) -> tuple[object, ...]:
    """All that decides when turns begin."""
    handoff = link.handoff_time if has_handoff(link) else None
    counted = counts_included_days(link)
    mask = (link.day_mask, link.mask_continuous) if counted else None
    return link.rotation_unit, link.rotation_value, handoff, mask


def first_difference(link: Layer, wanted: Layer, zone: str) -> int:
    """By how many seconds the turns of two layers begin apart, at most, once both have begun."""
    since = max(link.start, wanted.start)
    ahead = [one.start for one in islice(from_then(link, zone, since, since + 2500 * DAY), 1, 14)]
    turns = from_then(wanted, zone, ahead[0] - HALF, ahead[-1] + HALF)
    other = [one.start for one in turns if one.start > ahead[0] - HALF]
    return max(abs(one - two) for one, two in zip(ahead, other, strict=False))


def joined_leads(chain: Sequence[Layer], held: Iterator[Held]) -> Iterator[Held]:
    """The turns, but for a bridge to the next turn of the same people: that begins with it."""
    leads = {link.end for link in chain if is_bridge(link)}
    before: Held | None = None
    for turn in held:
        if before is not None and not (before.end in leads and before.who == turn.who):
            yield before
        before = turn
    if before is not None:
        yield before


def shape(link: Layer) -> tuple[object, ...]:
    """What a file says of a layer, without its start, its handoff and its groups."""
    rotation = link.rotation_unit, link.rotation_value, link.fair_rotation, link.end
    return *rotation, link.day_mask, link.mask_continuous, link.restrict_periods


def coming(link: Layer, zone: str, at: int) -> list[Group]:
    """The groups of a link in the order in which their turns come from an instant on."""
    whole = replace(link, end=None)
    ahead = (one for one in turns(whole, WallClock(zone), at + 2000 * DAY) if one.end > at)
    first = group_index(link, next(ahead).number)
    return [*link.groups[first:], *link.groups[:first]]


def places(coming: Sequence[Group], wanted: Sequence[Group]) -> set[int]:
    """Where in the file's order the first group after a cut may be.

    `coming` are the live groups in the order in which their turns would come, one round. More than
    one where the design leaves it open.
    """
    every = set(range(len(wanted)))
    exact = {people(one) for one in wanted}
    here = {people(one) for one in coming}
    free = [one for one in wanted if people(one) not in here]
    lost = list({people(one): one for one in coming if people(one) not in exact}.values())
    became: dict[People, People] = {who: who for who in here & exact}
    for group in lost:
        given = {people(one) for one in free if one.name and one.name == group.name}
        rivals = [one for one in lost if one.name == group.name]
        if given and (len(given) > 1 or len(rivals) > 1):
            return every
        if given:
            became[people(group)] = given.pop()
    free = [one for one in free if people(one) not in became.values()]
    lost = [one for one in lost if people(one) not in became]
    for group in lost:
        nearest = _nearest(group, free)
        if len(nearest) > 1 or any(_nearest(one, free) & nearest for one in lost if one != group):
            return every
        if nearest:
            became[people(group)] = nearest.pop()
    first = next((became[people(one)] for one in coming if people(one) in became), None)
    if first is None:
        return {0}
    found = {place for place, one in enumerate(wanted) if people(one) == first}
    staff = [people(one) for one in wanted]
    same = {at for at in found if staff[at:] + staff[:at] == [people(one) for one in coming]}
    return same or found


def _nearest(group: Group, free: Sequence[Group]) -> set[People]:
    """The groups that share most people with a group."""
    own = {person for person, _ in people(group)}
    shared = {people(one): len(own & {person for person, _ in people(one)}) for one in free}
    most = max(shared.values(), default=0)
    return {who for who, number in shared.items() if most and number == most}


def after(order: Sequence[Group], place: int) -> Iterator[People]:
    """Who has the turns in an order, round and round from a place on."""
    return (people(order[at % len(order)]) for at in count(place))
