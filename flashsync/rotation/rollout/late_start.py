"""A layer of which nothing runs, added to a live schedule with a start in the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from flashsync.model import wording
from flashsync.model.desired import Rollout
from flashsync.model.schedule import Layer
from flashsync.model.timezone import DAY
from flashsync.rotation.rollout.handoffs import HALF_HOUR, Handoff, bridge, handoffs, next_half_hour
from flashsync.rotation.rollout.model import Cut, Link, Note, Refusal, Rolled, Situation
from flashsync.rotation.rollout.normalise import (
    called,
    duty,
    filled,
    in_form_of,
    named,
    turned_back,
)
from flashsync.rotation.rollout.place_cut import edited
from flashsync.rotation.rollout.takeover import FOLLOWED, takeover
from flashsync.rotation.rollout.who_is_next import rotated


@dataclass(frozen=True, slots=True)
class _Beginning:
    """The links with which a layer begins, and whether its handoffs move to the half-hour."""

    links: tuple[Layer, ...]
    moved: bool = False


def joined(chain: Sequence[Layer], layer: Layer, rollout: Rollout, at: Situation) -> Rolled:
    """The layer begins at the cut, in the rhythm that `start` gives, with the group whose turn it
    would be.

    The links of `chain` are over or have not begun. Those to come are the layer, where they begin
    as it would have begun if added earlier.
    """
    over = [Link(one, place) for place, one in enumerate(chain) if one.ended(at.now)]
    pending = chain[len(over) :]
    plain = replace(filled(layer, (), at.timezone), groups=layer.groups)
    moment = at.moment(rollout)
    since = at.now + at.earliest if moment is None else moment
    if over and over[-1].layer.end is not None:
        since = max(since, next_half_hour(over[-1].layer.end, at.timezone))
    begins = _beginning(plain, since, at.timezone, bridged=moment is not None)
    if begins is None:
        return Rolled((*over, *_links(pending, len(over))), refusals=(_refusal(layer),))
    if pending and (not begins.links or pending[0].start <= begins.links[-1].start):
        same = _as_added(plain, pending, at.timezone)
        if same:
            return Rolled((*over, *_links(same, len(over))))
        if not begins.links or pending[0].start < begins.links[0].start:
            return edited(chain, layer, rollout, at)
    return _written(layer, begins, over, chain, at)


def _links(layers: Sequence[Layer], place: int) -> list[Link]:
    return [Link(one, place + number) for number, one in enumerate(layers)]


def _as_added(plain: Layer, pending: Sequence[Layer], timezone: str) -> list[Layer]:
    """The links to come, if an earlier run would have added them; with the file's names and end."""
    begins = pending[0].start
    for since, bridged in product(
        (begins, begins - HALF_HOUR + 1, begins - DAY + 1), (False, True)
    ):
        made = _beginning(plain, since, timezone, bridged=bridged)
        if made is None or len(made.links) != len(pending):
            continue
        links = [
            in_form_of(old, one, timezone) for one, old in zip(made.links, pending, strict=True)
        ]
        if [_sense(one) for one in links] == [_sense(one) for one in pending]:
            return [_as_live(one, old, plain) for one, old in zip(links, pending, strict=True)]
    return []


def _as_live(new: Layer, old: Layer, plain: Layer) -> Layer:
    """The link with the names that the file gives, and else with those of the live one."""
    groups = old.groups
    if len(groups) == len(plain.groups):
        groups = named(turned_back(plain.groups, groups), groups)
    return replace(new, name=called(old, new.name).name, groups=groups)


def _sense(link: Layer) -> tuple[object, ...]:
    return link.start, duty(link)


def _beginning(plain: Layer, since: int, timezone: str, *, bridged: bool) -> _Beginning | None:
    """How the layer begins at a moment or later; without links where it ends before.

    None where its rhythm can be kept at no handoff.
    """
    whole = replace(plain, end=None)
    first: Handoff | None = None
    for handoff in islice(handoffs((whole,), timezone, since, 0), FOLLOWED):
        first = first or handoff
        found = takeover(whole, plain, handoff, timezone)
        if found is not None:
            break
    else:
        return None
    links = [replace(plain, start=found.at, groups=handoff.coming)]
    if bridged and handoff == first and since < found.at and handoff.number:
        (group, *_) = rotated(plain.groups, handoff.number - 1)
        links.insert(0, bridge(plain, group, since, found.at, timezone))
    return _Beginning(tuple(_living(links, plain.end)), bool(found.moved))


def _living(links: Sequence[Layer], end: int | None) -> list[Layer]:
    """The links that begin before the layer ends, and end with it."""
    left = [one for one in links if end is None or one.start < end]
    return [*left[:-1], replace(left[-1], end=_earlier(left[-1].end, end))] if left else []


def _earlier(one: int | None, other: int | None) -> int | None:
    return min((at for at in (one, other) if at is not None), default=None)


def _written(
    layer: Layer, begins: _Beginning, over: Sequence[Link], chain: Sequence[Layer], at: Situation
) -> Rolled:
    """The links that are over, and those with which the layer begins."""
    origin = len(chain) - 1 if chain else None
    pending = len(chain) > len(over)
    if not begins.links:
        note = Note(
            f"layers[{layer.name}] ends before its next handoff, so it will not take effect"
        )
        return Rolled(tuple(over), (), (note,))
    whole = replace(begins.links[-1], groups=named(begins.links[-1].groups, ()))
    links = [*(_with_names(one, whole) for one in begins.links[:-1]), whole]
    when = wording.time(links[0].start, at.timezone)
    note = Note(f"layers[{layer.name}] begins at {when}, with the group whose turn it would be")
    cut = Cut(
        layer.name,
        links[0].start,
        links[0].groups[0],
        links[0].end if len(links) > 1 else None,
    )
    new = tuple(Link(one, origin) for one in links)
    shown = None if pending else (None, filled(layer, (), at.timezone))
    return Rolled((*over, *new), (cut,), (note,), shown=shown)


def _with_names(link: Layer, whole: Layer) -> Layer:
    """A bridge with the name that its group has in the link after it."""
    names = {group.members: group for group in reversed(whole.groups)}
    return replace(link, groups=tuple(names[group.members] for group in link.groups))


def _refusal(layer: Layer) -> Refusal:
    return Refusal(
        f"layers[{layer.name}] cannot begin at any handoff of the rhythm that its `start` gives",
        "write a `start` to come, or pass --rollout exact to write it as it stands",
    )
