"""What a plan says of an edit: its cut, notes, refusals, and the layer before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flashsync.model import wording
from flashsync.model.desired import RolloutKind
from flashsync.model.schedule import Group, Layer
from flashsync.model.timezone import MINUTE
from flashsync.rotation.rollout.compare_layer import takes_same_turns
from flashsync.rotation.rollout.grid import keeps_form, measure_shift
from flashsync.rotation.rollout.links import CutLinks, keep_links
from flashsync.rotation.rollout.model import Cut, Edit, Link, Note, Refusal, Rolled
from flashsync.rotation.rollout.normalise import add_handoff, find_turn, name_groups
from flashsync.rotation.rollout.place_cut import CutPlace, Obstacle, find_waiting, has_grid_of
from flashsync.rotation.rollout.who_is_next import find_first, rotate
from flashsync.rotation.turns import computable_layer, turn_at


def explain_cut(edit: Edit, place: CutPlace, written: CutLinks) -> Rolled:
    """The links of an edit with its cut and what to know of it."""
    name = edit.layer.name
    if not written.effective:
        when = wording.time(place.at, edit.at.timezone)
        note = Note(
            f"layers[{name}]: the edit will not take effect, since the layer ends before {when}"
        )
        cut = Cut(name, place.at, place.order[0], effective=False)
        return Rolled(written.links, (cut,), (note,))
    cut = Cut(
        name,
        place.at,
        place.order[0] if place.bridge is None else place.bridge,
        written.bridge_end,
        written.first_turn,
        how=RolloutKind.AT if place.joins else RolloutKind.NEXT_HANDOFF,
        fair=place.bridge is None and not computable_layer(edit.layer),
    )
    notes = (*_list_notes(edit, place), *_note_start(edit))
    return Rolled(written.links, (cut,), notes, (), _show(edit), _show_cadences(edit))


def _list_notes(edit: Edit, place: CutPlace) -> Iterator[Note]:
    name, timezone = f"layers[{edit.layer.name}]", edit.at.timezone
    waiting = find_waiting(edit)
    if waiting is not None and not takes_same_turns(place.wanted, edit.chain[place.reading]):
        when = wording.time(waiting, timezone)
        yield Note(f"{name}: an earlier edit waits for {when}, and both take effect as one then")
    if place.postponed:
        when = wording.time(place.takeover.at, timezone)
        yield Note(f"{name} is cut at {when}: only there can its rhythm go on unmoved")
    if place.takeover.moved:
        yield Note(
            f"{name}: its handoffs are off the half-hour, and move to it with the cut, by "
            f"{-(-place.takeover.moved // MINUTE)} min"
        )
    if not (computable_layer(edit.chain[place.reading]) and computable_layer(edit.layer)):
        yield Note(f"{name} is `fair`: the server counts fairness anew from the cut on")


def _show(edit: Edit) -> tuple[Layer, Layer]:
    """The edit as a plan shows it: both sides in the file's order as far as they agree."""
    last, completed = edit.chain[-1], edit.completed
    unsaid = edit.layer.handoff is None and keeps_form(last, completed)
    wanted = replace(
        completed,
        start=last.start,
        handoff=last.handoff if unsaid else completed.handoff,
        groups=name_groups(edit.layer.groups, last.groups),
    )
    groups = rotate(last.groups, find_first(wanted.groups, last.groups))
    return replace(last, groups=groups), wanted


def _show_cadences(edit: Edit) -> tuple[Layer, Layer] | None:
    """The layers with the cadence before and after, where only the file's `start` says that it
    changes."""
    last, completed = edit.chain[-1], edit.completed
    if has_grid_of(completed, last) or not keeps_form(last, completed):
        return None
    said = edit.layer.handoff is not None and last.handoff != completed.handoff
    return None if said else (last, completed)


def explain_obstacle(edit: Edit, obstacle: Obstacle) -> Rolled:
    """The live links, with why they cannot be cut and what to do."""
    name = edit.layer.name
    remedy = "give a date and time as its `rollout`, to be cut there"
    match obstacle:
        case Obstacle.RHYTHM:
            why = "cannot be cut at any handoff so that its rhythm goes on unmoved"
            remedy = "change `rotation`, or pass --rollout exact to count all turns from `start`"
        case Obstacle.NOT_READ:
            why = "is `fair`, so that only the server knows whose turn it is, and it was not asked"
        case Obstacle.TOO_EARLY:
            when = wording.time(find_waiting(edit) or edit.at.now, edit.at.timezone)
            why = f"has an edit that waits for {when}, and this one would bring it forward"
            remedy = f"give {when} or later as its `rollout`, or first take the earlier edit back"
        case Obstacle.NO_HANDOFF:
            why = "is `fair`, and the server shows no handoff to cut it at within 44 days"
    refusal = Refusal(f"layers[{name}] {why}", remedy)
    shown, cadences = _show(edit), _show_cadences(edit)
    return Rolled(keep_links(edit.chain), refusals=(refusal,), shown=shown, cadences=cadences)


def explain_update(edit: Edit, links: tuple[Link, ...]) -> Rolled:
    """The links of an edit without a cut, and, of a begun layer, what stays as it is."""
    chain, layer = edit.chain, edit.layer
    if not chain[0].begun(edit.at.now):
        return Rolled(links)
    notes = []
    if find_turn(layer.groups, chain[-1].groups):
        group = _find_current(edit)
        notes.append(
            Note(
                f"layers[{layer.name}].groups: same cycle, different starting point; "
                f"no shift changes{'; on call now is' if group else ''}",
                group,
            )
        )
    return Rolled(links, notes=(*notes, *_note_start(edit)))


def _note_start(edit: Edit) -> Iterator[Note]:
    """What of a running layer's `start` does not count: that it lies ahead, and less than half an
    hour."""
    chain, start, last = edit.chain, edit.layer.start, edit.chain[-1]
    name, timezone = f"layers[{edit.layer.name}]", edit.at.timezone
    if start > edit.at.now:
        when = wording.time(start, timezone)
        yield Note(f"{name}.start, {when}, is ahead, but the layer runs and does not pause for it")
    if start in [link.start for link in chain] or not has_grid_of(edit.completed, last):
        return
    shift = measure_shift(last, add_handoff(edit.layer, timezone), timezone)
    if shift:
        minutes = wording.count(-(-shift // MINUTE), "minute")
        yield Note(
            f"{name}: its handoffs are {minutes} away from `start`; less than half an hour is not "
            "compared"
        )


def _find_current(edit: Edit) -> Group | None:
    """The group whose turn runs, where that is known here."""
    for link in edit.chain:
        turn = turn_at(link, edit.at.timezone, edit.at.now)
        if turn is not None and turn.index is not None:
            return link.groups[turn.index]
    return None
