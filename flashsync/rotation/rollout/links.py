"""What is written of an edit: the links of the chain, with a cut or in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from flashsync.model.schedule import Layer
from flashsync.rotation.calendar import on_call
from flashsync.rotation.rollout.compare_layer import (
    ends_in_bridge,
    has_cadence_of,
    takes_same_turns,
)
from flashsync.rotation.rollout.handoffs import HALF_HOUR, align, is_bridge, make_bridge
from flashsync.rotation.rollout.model import Edit, Link, Situation
from flashsync.rotation.rollout.normalise import keep_spelling
from flashsync.rotation.rollout.place_cut import CutPlace
from flashsync.rotation.rollout.who_is_next import name_groups, rotate
from flashsync.rotation.turns import rhythm
from flashsync.rotation.wall_clock import clock

_SHORTEST = 4
"""A first turn shorter than this part of a turn is joined to the turn after it."""


@dataclass(frozen=True, slots=True)
class CutLinks:
    """The links of a chain with a cut; all instants are Unix seconds.

    `bridge_end` is the end of the bridge that begins at the cut, `first_turn` that of the first
    turn in a new cadence where it is not as long as the later ones. `effective` is False where the
    layer ends before.
    """

    links: tuple[Link, ...]
    bridge_end: int | None = None
    first_turn: int | None = None
    effective: bool = True


def keep_links(chain: Sequence[Layer], index: int = 0) -> tuple[Link, ...]:
    """The live links as they are; `index` is that of the first one."""
    return tuple(Link(layer, origin) for origin, layer in enumerate(chain, index))


def update_in_place(edit: Edit) -> tuple[Link, ...]:
    """The links with a change of `end` or of names alone: in the last link, without a cut."""
    last, completed = edit.chain[-1], edit.completed
    if ends_in_bridge(edit):
        new, end = replace(last, name=completed.name), last.end
    else:
        groups = name_groups(completed.groups, last.groups)
        new, end = replace(completed, end=last.end, groups=groups), edit.layer.end
    links = [*keep_links(edit.chain[:-1]), Link(new, len(edit.chain) - 1)]
    return tuple(end_links(rename_links(links, completed.name, edit.at), end, edit.at))


def write_cut(edit: Edit, place: CutPlace) -> CutLinks:
    """The links with the cut: those up to it, the bridge, and the new link in the file's order."""
    layer, timezone = edit.layer, edit.at.timezone
    if layer.end is not None and place.at >= layer.end:
        links = rename_links(keep_links(edit.chain), layer.name, edit.at)
        return CutLinks(tuple(end_links(links, layer.end, edit.at)), effective=False)
    base = _end_at_cut(edit, place)
    runs_on = place.bridge is None and bool(base) and base[-1].origin == place.reading
    if runs_on and takes_same_turns(place.wanted, base[-1].layer):
        # The link that runs into the cut is what the file asks for: the waiting edit goes.
        groups = name_groups(place.wanted.groups, edit.chain[place.reading].groups)
        last = replace(base[-1], layer=replace(place.wanted, groups=groups))
        return CutLinks((*base[:-1], last))
    beginning = _begin_new(edit, place)
    new = [*beginning.layers]
    bridge_end = None
    if place.bridge is not None:
        bridge_end = min(place.takeover.at, layer.end or place.takeover.at)
        runs = edit.chain[place.running]
        new.insert(0, make_bridge(runs, place.bridge, place.at, bridge_end, timezone))
    origin = base[-1].origin if base else place.reading
    links = [*base, *(Link(keep_spelling(link, layer.name), origin) for link in new)]
    return CutLinks(tuple(links), bridge_end, beginning.first_turn)


def _end_at_cut(edit: Edit, place: CutPlace) -> list[Link]:
    """The links that begin before the cut; the link that runs then ends at it."""
    links = [link for link in keep_links(edit.chain) if link.layer.start < place.at]
    base = rename_links(links, edit.layer.name, edit.at)
    if not base:
        return []
    last = base[-1].layer
    keeps_turn = len(base) == len(edit.chain) and is_bridge(last)  # to the end of the turn
    if base[-1].origin == place.reading or keeps_turn or last.end is None or last.end > place.at:
        base[-1] = replace(base[-1], layer=replace(last, end=place.at))
    return base


@dataclass(frozen=True, slots=True)
class _Beginning:
    """The links from a cut on, with the end of their first turn as in CutLinks."""

    layers: tuple[Layer, ...] = ()
    first_turn: int | None = None


def _begin_new(edit: Edit, place: CutPlace) -> _Beginning:
    """The links in the new order and in the cadence of the file.

    Up to the first handoff of a new cadence the group that comes on has the duty of the link
    before: a turn of its own, or, where that would be too short, the beginning of its turn.
    """
    at, begins, timezone = place.takeover.at, place.takeover.begins, edit.at.timezone
    end, reading = edit.layer.end, edit.chain[place.reading]
    if end is not None and at >= end:
        return _Beginning()
    new = replace(edit.layer, handoff=place.wanted.handoff, start=begins, groups=place.order)
    turns = rhythm(new, clock(timezone))
    first, second = islice(turns.handoffs(begins), 2)
    if begins == at and (has_cadence_of(place.wanted, reading) or first - at < HALF_HOUR):
        return _Beginning((new,))
    lead = make_bridge(reading, place.order[0], at, first, timezone)
    has_duty = bool(on_call((lead,), (), timezone, at, first))  # what mask and hours leave
    if _SHORTEST * (first - at) < second - first or not has_duty:
        new = replace(new, start=align(new, first, timezone))
        links, turn_end = _keep_until_end(lead, new, end), second
    elif begins == at:
        links, turn_end = (new,), first
    else:
        rest = place.order if begins < first else rotate(place.order, 1)
        links, turn_end = _keep_until_end(lead, replace(new, groups=rest), end), first
    if abs(turn_end - at - (second - first)) < HALF_HOUR:
        return _Beginning(links)
    return _Beginning(links, turn_end if end is None else min(turn_end, end))


def _keep_until_end(lead: Layer, new: Layer, end: int | None) -> tuple[Layer, ...]:
    """A bridge up to the start of the link after it, as far as the layer's end allows both."""
    if end is not None and end <= new.start:
        return (replace(lead, end=end),)
    return replace(lead, end=new.start), new


def rename_links(links: Sequence[Link], name: str, at: Situation) -> list[Link]:
    """The links under the file's name; ended links keep theirs."""
    return [
        link if link.layer.ended(at.now) else replace(link, layer=keep_spelling(link.layer, name))
        for link in links
    ]


def end_links(links: Sequence[Link], end: int | None, at: Situation) -> list[Link]:
    """The links with the end of the layer; links that would begin after it go."""
    left = [
        link for link in links if end is None or link.layer.start < end or link.layer.ended(at.now)
    ]
    if not left or left[-1].layer.end == end:
        return left
    last = left[-1].layer
    if len(left) == len(links) or not last.ended(at.now):
        left[-1] = replace(left[-1], layer=replace(last, end=end))
    return left
