"""What is written of an edit: the links of the chain, with a cut or in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flashsync.model.schedule import Layer
from flashsync.model.timezone import DAY, WEEK, time_of_week
from flashsync.rotation.cadence import Included, Wall, rhythm
from flashsync.rotation.rollout.compare_layer import duty, ends_in_bridge
from flashsync.rotation.rollout.handoffs import is_bridge, make_bridge
from flashsync.rotation.rollout.model import Edit, Link, Situation
from flashsync.rotation.rollout.normalise import add_handoff, keep_spelling, name_groups
from flashsync.rotation.rollout.place_cut import CutPlace, keeps_turns
from flashsync.rotation.rollout.who_is_next import rotate
from flashsync.rotation.wall_clock import clock


@dataclass(frozen=True, slots=True)
class CutLinks:
    """The links of a chain with a cut; all instants are Unix seconds.

    `bridge_end` is the end of the bridge that begins at the cut, `first_turn` that of the first
    turn in a new rhythm where it is short. `effective` is False where the layer ends before.
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
    if _is_taken_back(edit, place, base):
        groups = name_groups(place.wanted.groups, edit.chain[place.reading].groups)
        last = replace(base[-1], layer=replace(place.wanted, groups=groups))
        return CutLinks((*base[:-1], last))
    new, first_turn = _begin_new(edit, place)
    bridge_end = None
    if place.bridge is not None:
        bridge_end = min(place.takeover.at, layer.end or place.takeover.at)
        runs = edit.chain[place.running]
        new.insert(0, make_bridge(runs, place.bridge, place.at, bridge_end, timezone))
    origin = base[-1].origin if base else place.reading
    links = [*base, *(Link(keep_spelling(link, layer.name), origin) for link in new)]
    return CutLinks(tuple(links), bridge_end, first_turn)


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


def _is_taken_back(edit: Edit, place: CutPlace, base: Sequence[Link]) -> bool:
    """Whether the link that runs into the cut is what the file asks for: a waiting edit goes."""
    if place.bridge is not None or not base or base[-1].origin != place.reading:
        return False
    return duty(place.wanted) == duty(base[-1].layer)


def _begin_new(edit: Edit, place: CutPlace) -> tuple[list[Layer], int | None]:
    """The links in the new order, and the end of the first turn where that is short."""
    at, end, timezone = place.takeover.at, edit.layer.end, edit.at.timezone
    if end is not None and at >= end:
        return [], None
    new = replace(edit.layer, handoff=place.wanted.handoff, start=at, groups=place.order)
    if new.handoff == 0 and not time_of_week(at, timezone):
        new = add_handoff(new, timezone)
    elif new.handoff == 0:
        # A handoff of 0 only works where a link starts then (api.md, `handoff_time`).
        monday = monday_after(at, timezone)
        until = min(monday, end or monday)
        later = add_handoff(replace(new, start=monday), timezone)
        lead = make_bridge(later, place.order[0], at, until, timezone)
        rest = [replace(later, groups=rotate(place.order, 1))] if until != end else []
        return [lead, *rest], until
    if keeps_turns(edit.chain[place.reading], new):
        return [new], None
    return [new], _end_short_turn(new, timezone)


def _end_short_turn(layer: Layer, timezone: str) -> int | None:
    """The end of a layer's first turn where it is shorter than the later ones; else None."""
    there = clock(timezone)
    beat = rhythm(layer, there)
    match beat:
        case Wall():
            short = beat.second - there.wall(layer.start) < beat.step
        case Included():
            short = there.wall(layer.start) % DAY != beat.cut
        case _:
            short = False
    return beat.begin(1) if short else None


def monday_after(at: int, timezone: str) -> int:
    """The first Monday 00:00 after an instant (Unix seconds)."""
    there = clock(timezone)
    wall = there.wall(at)
    # 1970-01-05 was a Monday.
    return there.instant(wall - (wall - 4 * DAY) % WEEK + WEEK)


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
