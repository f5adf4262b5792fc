"""A layer of which nothing runs, added to a live schedule with a start in the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, product

from flashsync.model import wording
from flashsync.model.desired import Rollout
from flashsync.model.schedule import Group, Layer
from flashsync.model.timezone import DAY
from flashsync.rotation.rollout.compare_layer import duty
from flashsync.rotation.rollout.handoffs import (
    HALF_HOUR,
    Handoff,
    make_bridge,
    next_half_hour,
    walk_handoffs,
)
from flashsync.rotation.rollout.links import keep_links
from flashsync.rotation.rollout.model import Cut, Link, Note, Refusal, Rolled, Situation
from flashsync.rotation.rollout.normalise import (
    add_handoff,
    complete_declared,
    keep_handoff_form,
    keep_spelling,
    name_groups,
    turn_back,
)
from flashsync.rotation.rollout.place_cut import FOLLOWED, find_takeover
from flashsync.rotation.rollout.who_is_next import rotate


def begin_late(
    chain: Sequence[Layer], layer: Layer, rollout: Rollout, at: Situation
) -> Rolled | None:
    """Begin at the cut, in the rhythm that `start` gives, with the group whose turn it would be.

    The links of `chain` have ended or have not begun. Pending links are the layer, where they begin
    as it would have begun if added earlier. None where they begin before: then they are edited.
    """
    ended = [link for link in keep_links(chain) if link.layer.ended(at.now)]
    pending = chain[len(ended) :]
    open_layer = add_handoff(layer, at.timezone)
    moment = at.moment(rollout)
    since = at.now + at.earliest if moment is None else moment
    if ended and ended[-1].layer.end is not None:
        since = max(since, next_half_hour(ended[-1].layer.end, at.timezone))
    new = _begin(open_layer, since, at.timezone, bridged=moment is not None)
    if new is None:
        refusal = Refusal(
            f"layers[{layer.name}] cannot begin at any handoff of the rhythm that its `start` "
            "gives",
            "write a `start` to come, or pass --rollout exact to begin at `start`",
        )
        return Rolled(keep_links(chain), refusals=(refusal,))
    if pending and (not new or pending[0].start <= new[-1].start):
        same = _complete_pending(open_layer, pending, at.timezone)
        if same:
            return Rolled((*ended, *keep_links(same, len(ended))))
        if not new or pending[0].start < new[0].start:
            return None
    if not new:
        note = f"layers[{layer.name}] ends before its next handoff, so it will not take effect"
        return Rolled(tuple(ended), notes=(Note(note),))
    return _explain(chain, layer, ended, _name(new), at)


def _begin(layer: Layer, since: int, timezone: str, *, bridged: bool) -> tuple[Layer, ...] | None:
    """The links with which a layer begins at a moment or later; none where it ends before.

    None where its rhythm can be kept at no handoff.
    """
    endless = replace(layer, end=None)
    first: Handoff | None = None
    for handoff in islice(walk_handoffs((endless,), timezone, since, 0), FOLLOWED):
        first = first or handoff
        takeover = find_takeover(endless, layer, layer, handoff, timezone)
        if takeover is not None:
            break
    else:
        return None
    links = [replace(layer, start=takeover.at, groups=handoff.coming)]
    if bridged and handoff == first and since < takeover.at and handoff.number:
        (group, *_) = rotate(layer.groups, handoff.number - 1)
        links.insert(0, make_bridge(layer, group, since, takeover.at, timezone))
    left = [link for link in links if layer.end is None or link.start < layer.end]
    if left and layer.end is not None:
        left[-1] = replace(left[-1], end=min(left[-1].end or layer.end, layer.end))
    return tuple(left)


def _complete_pending(layer: Layer, pending: Sequence[Layer], timezone: str) -> list[Layer]:
    """The pending links, if an earlier run would have added them; with the file's names and end."""
    begins = pending[0].start
    moments = (begins, begins - HALF_HOUR + 1, begins - DAY + 1)
    for since, bridged in product(moments, (False, True)):
        made = _begin(layer, since, timezone, bridged=bridged)
        if made is None or len(made) != len(pending):
            continue
        pairs = [
            (keep_handoff_form(new, live, timezone), live)
            for new, live in zip(made, pending, strict=True)
        ]
        if all((new.start, duty(new)) == (live.start, duty(live)) for new, live in pairs):
            return [_complete_names(new, live, layer.groups) for new, live in pairs]
    return []


def _complete_names(new: Layer, live: Layer, desired: Sequence[Group]) -> Layer:
    """The link with the names in the file, and else with the names of the live link."""
    groups = live.groups
    if len(groups) == len(desired):
        groups = name_groups(turn_back(desired, groups), groups)
    return replace(new, name=keep_spelling(live, new.name).name, groups=groups)


def _name(links: Sequence[Layer]) -> list[Layer]:
    """The links with names of groups: a bridge has the name that its group has after it."""
    last = replace(links[-1], groups=name_groups(links[-1].groups, ()))
    names = {group.members: group for group in reversed(last.groups)}
    bridges = [
        replace(link, groups=tuple(names[group.members] for group in link.groups))
        for link in links[:-1]
    ]
    return [*bridges, last]


def _explain(
    chain: Sequence[Layer],
    layer: Layer,
    ended: Sequence[Link],
    new: Sequence[Layer],
    at: Situation,
) -> Rolled:
    """The ended links, and the new ones with their cut."""
    begins, (first, *later) = new[0].start, new
    when = wording.time(begins, at.timezone)
    note = Note(f"layers[{layer.name}] begins at {when}, with the group whose turn it would be")
    cut = Cut(layer.name, begins, first.groups[0], first.end if later else None)
    origin = len(chain) - 1 if chain else None
    links = (*ended, *(Link(link, origin) for link in new))
    pending = len(chain) > len(ended)
    shown = None if pending else (None, complete_declared(layer, None, at.timezone))
    return Rolled(links, (cut,), (note,), shown=shown)
