"""From a live chain and the file's layer to the links to write: what an edit does, and when.

An edit of a layer that runs makes five stops, each a file: normalise, compare_layer, place_cut,
links, explain_cut. What ends, and what begins late, is here. Pure: the same chain, layer, rollout
and time give the same links. Where nothing differs, these are the live links as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, product

from flashsync.model import wording
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.schedule import Layer
from flashsync.model.timezone import DAY
from flashsync.rotation.rollout.compare_layer import needs_cut, takes_same_turns
from flashsync.rotation.rollout.explain_cut import explain_cut, explain_obstacle, explain_update
from flashsync.rotation.rollout.handoffs import (
    HALF_HOUR,
    PLATFORM_WINDOW,
    Handoff,
    find_handoffs,
    make_bridge,
    next_half_hour,
    walk_handoffs,
)
from flashsync.rotation.rollout.links import keep_links, rename_links, update_in_place, write_cut
from flashsync.rotation.rollout.model import (
    EARLIEST,
    Cut,
    Edit,
    Link,
    Note,
    Refusal,
    Rolled,
    Situation,
)
from flashsync.rotation.rollout.normalise import (
    add_handoff,
    keep_handoff_form,
    keep_spelling,
    normalise,
    normalise_declared,
)
from flashsync.rotation.rollout.place_cut import FOLLOWED, Obstacle, find_takeover, place_cut
from flashsync.rotation.rollout.who_is_next import name_groups, rotate, turn_back


def roll_out(
    chain: Sequence[Layer],
    layer: Layer | None,
    rollout: Rollout,
    at: Situation,
    *,
    fresh: bool = False,
) -> Rolled:
    """What becomes of a chain: live layers of one name that do not overlap, by start.

    `layer` is the file's, None where the file has none. A `fresh` schedule is not live, and takes
    `start` as written.
    """
    if layer is None:
        return _end_gone(chain, rollout, at)
    if len(chain) == 1 and chain[0] == layer:  # as nearly each of a plan of 1,000 schedules
        return Rolled(keep_links(chain))
    if layer.ended(at.now) and chain and not chain[-1].ended(at.now) and not fresh:
        return _end_now(chain, layer, at)
    if layer.end is not None:  # links that would begin after it go
        begun = [link for link in chain if link.start < layer.end or link.ended(at.now)]
        chain = begun or chain[:1]
    ended = not chain or chain[-1].ended(at.now)
    if ended and layer.ended(at.now):
        return Rolled(keep_links(chain))
    if fresh or rollout.exact:
        return _write_exactly(chain, layer, at, fresh=fresh)
    if not ended and chain[0].begun(at.now):
        return _change(chain, layer, rollout, at)
    if layer.begun(at.now):
        return _begin_late(chain, layer, rollout, at) or _change(chain, layer, rollout, at)
    return _write_pending(chain, layer, at)


def _change(chain: Sequence[Layer], layer: Layer, rollout: Rollout, at: Situation) -> Rolled:
    """What becomes of a chain that has begun; `layer` has not ended."""
    completed = normalise(layer, chain[-1], at.timezone)
    edit = Edit(tuple(chain), layer, completed, rollout, at)
    if not needs_cut(edit):
        return explain_update(edit, update_in_place(edit))
    place = place_cut(edit)
    if isinstance(place, Obstacle):
        return explain_obstacle(edit, place)
    return explain_cut(edit, place, write_cut(edit, place))


def _write_pending(chain: Sequence[Layer], layer: Layer, at: Situation) -> Rolled:
    """Nothing runs, and the layer begins later: it takes `start` as written."""
    ended = [link for link in keep_links(chain) if link.layer.ended(at.now)]
    pending = chain[-1] if len(ended) < len(chain) else None
    new = normalise_declared(layer, pending, at.timezone)
    return Rolled((*ended, Link(new, len(chain) - 1 if chain else None)))


def _write_exactly(chain: Sequence[Layer], layer: Layer, at: Situation, *, fresh: bool) -> Rolled:
    """The file's start and order decide; the chain becomes one layer."""
    last = chain[-1] if chain else None
    new = normalise_declared(layer, last, at.timezone)
    link = Link(new, len(chain) - 1 if chain else None)
    moved = last is None or len(chain) > 1 or not takes_same_turns(new, last)
    begun = layer.begun(at.now) or (bool(chain) and chain[0].begun(at.now))
    if fresh or not (moved and begun):
        return Rolled((link,))
    note = Note(
        f"layers[{layer.name}] is written at once, as rollout `exact` asks: "
        "all its turns, past ones too, are counted from `start`"
    )
    return Rolled((link,), notes=(note,))


# Layers that end: gone from the file, or still running although their `end` has passed.


def _end_gone(chain: Sequence[Layer], rollout: Rollout, at: Situation) -> Rolled:
    """End a chain that the file does not have, at the cut. Ended links stay."""
    links = keep_links(chain)
    ended = tuple(link for link in links if link.layer.ended(at.now))
    moment = at.moment(rollout)
    waits = moment is not None and moment > at.now and chain[0].begun(at.now)
    runs = any(layer.begun(at.now) and not layer.ended(at.now) for layer in chain)
    if len(ended) == len(chain) or rollout.exact or not (waits or runs):
        return Rolled(ended)
    cut = _find_end(chain, at) if moment is None else moment
    if cut is None:
        # No handoff of a fair layer may be known because it ends before: then it ends anyway.
        if at.computed is not None and chain[-1].ended(at.now + PLATFORM_WINDOW):
            return Rolled(links)
        refusal = Refusal(
            f"the file has no layers[{chain[-1].name}], which is `fair`: when its turn ends is not "
            "known",
            "give a date and time as the schedule's `rollout`, write an `end`, or put the layer "
            "back",
        )
        return Rolled(links, refusals=(refusal,))
    left = [link for link in links if link.layer.start < cut]
    last = left[-1].layer if left else None
    if last is not None and (last.end is None or last.end > cut):
        left[-1] = replace(left[-1], layer=replace(last, end=cut))
    if tuple(left) == links:
        return Rolled(links)
    return Rolled(tuple(left), (Cut(chain[-1].name, cut, None),))


def _find_end(chain: Sequence[Layer], at: Situation) -> int | None:
    """The next handoff, on the half-hour."""
    running = max(index for index, link in enumerate(chain) if link.begun(at.now))
    since = at.now + at.earliest
    handoff = next(find_handoffs(chain, at.computed, at.timezone, since, running), None)
    return None if handoff is None else next_half_hour(handoff.at, at.timezone)


def _end_now(chain: Sequence[Layer], layer: Layer, at: Situation) -> Rolled:
    """End a chain that still runs though its `end` has passed, and drop links that have not begun.

    Only what comes is changed: the end in the file would change the calendar's past, so the chain
    ends at the first half-hour after the write, whatever the rollout. A chain that ends
    as soon anyway is unchanged; nothing else of the layer is compared.
    """
    links, last = keep_links(chain), chain[-1].end
    if last is not None and last <= at.now + EARLIEST + HALF_HOUR:
        return Rolled(links)
    end = soonest_end(at.now, at.timezone)
    begun = [link for link in links if link.layer.start < end]
    if not begun or begun[-1].layer.ended(at.now):
        return Rolled(tuple(begun))
    left = rename_links(begun, layer.name, at)
    running = left[-1].layer
    if running.end is None or running.end > end:
        left[-1] = replace(left[-1], layer=replace(running, end=end))
    declared, ends = (wording.time(instant, at.timezone) for instant in (layer.end or 0, end))
    note = Note(
        f"layers[{layer.name}].end, {declared}, has passed while the layer runs: it ends at "
        f"{ends}, and who was on call until then stays as it is"
    )
    cut = Cut(layer.name, end, None, how=RolloutKind.NOW, past_end=True)
    return Rolled(tuple(left), (cut,), (note,))


def soonest_end(now: int, timezone: str) -> int:
    """When a layer that should have ended can end: a whole half-hour that a write comes before."""
    return next_half_hour(now + EARLIEST, timezone)


# A layer of which nothing runs, added to a live schedule with a start in the past.


def _begin_late(
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
    return _begin_at_cut(chain, layer, ended, new, at)


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
        links = []
        for new, live in zip(made, pending, strict=True):
            groups = live.groups
            if len(groups) == len(layer.groups):
                groups = name_groups(turn_back(layer.groups, groups), groups)
            link = keep_handoff_form(new, live, timezone)
            if not takes_same_turns(link, live):
                break
            links.append(replace(link, name=keep_spelling(live, new.name).name, groups=groups))
        else:
            return links
    return []


def _begin_at_cut(
    chain: Sequence[Layer],
    layer: Layer,
    ended: Sequence[Link],
    new: Sequence[Layer],
    at: Situation,
) -> Rolled:
    """The ended links, and the new ones with their cut: perhaps a bridge, and the layer itself."""
    *bridges, last = new
    groups = name_groups(last.groups, ())
    names = {group.members: group for group in reversed(groups)}
    named = [replace(link, groups=(names[link.groups[0].members],)) for link in bridges]
    named.append(replace(last, groups=groups))
    first, *later = named
    when = wording.time(first.start, at.timezone)
    note = Note(f"layers[{layer.name}] begins at {when}, with the group whose turn it would be")
    cut = Cut(layer.name, first.start, first.groups[0], first.end if later else None)
    origin = len(chain) - 1 if chain else None
    links = (*ended, *(Link(link, origin) for link in named))
    pending = len(chain) > len(ended)
    shown = None if pending else (None, normalise_declared(layer, None, at.timezone))
    return Rolled(links, (cut,), (note,), shown=shown)
