"""What a plan says of an edit: its cut, notes, refusals, and the layer before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flashsync.model import wording
from flashsync.model.desired import RolloutKind
from flashsync.model.timezone import MINUTE
from flashsync.rotation.rollout.compare_layer import has_cadence_of, takes_same_turns
from flashsync.rotation.rollout.links import CutLinks, keep_links
from flashsync.rotation.rollout.model import Cut, Edit, Link, Note, Refusal, Rolled
from flashsync.rotation.rollout.normalise import add_handoff, keeps_form, measure_shift
from flashsync.rotation.rollout.place_cut import CutPlace, Obstacle, find_waiting
from flashsync.rotation.rollout.who_is_next import find_first, find_turn, name_groups, rotate
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
    return _show_layers(edit, Rolled(written.links, (cut,), notes))


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


def _show_layers(edit: Edit, rolled: Rolled) -> Rolled:
    """Adds the layer before and after as a plan shows it: in the file's order as far as they agree.

    The cadences are shown too where only the file's `start` says that they change.
    """
    last, completed = edit.chain[-1], edit.completed
    same_form = keeps_form(last, completed)
    # A handoff that the file does not give is not shown as removed where no week is left for it.
    unsaid = edit.layer.handoff is None and (same_form or not completed.rotation.weekly)
    wanted = replace(
        completed,
        start=last.start,
        handoff=last.handoff if unsaid else completed.handoff,
        groups=name_groups(edit.layer.groups, last.groups),
    )
    groups = rotate(last.groups, find_first(wanted.groups, last.groups))
    said = edit.layer.handoff is not None and last.handoff != completed.handoff
    moves = same_form and not has_cadence_of(completed, last) and not said
    return replace(
        rolled,
        shown=(replace(last, groups=groups), wanted),
        cadences=(last, completed) if moves else None,
    )


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
    return _show_layers(edit, Rolled(keep_links(edit.chain), refusals=(refusal,)))


def explain_update(edit: Edit, links: tuple[Link, ...]) -> Rolled:
    """The links of an edit without a cut, and, of a begun layer, what stays as it is."""
    chain, layer = edit.chain, edit.layer
    if not chain[0].begun(edit.at.now):
        return Rolled(links)
    notes = []
    if find_turn(layer.groups, chain[-1].groups):
        running = ((link, turn_at(link, edit.at.timezone, edit.at.now)) for link in chain)
        known = (
            link.groups[turn.index] for link, turn in running if turn and turn.index is not None
        )
        group = next(known, None)
        notes.append(
            Note(
                f"layers[{layer.name}].groups: same cycle, different starting point; "
                "no shift changes",
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
    if start in [link.start for link in chain] or not has_cadence_of(edit.completed, last):
        return
    shift = measure_shift(last, add_handoff(edit.layer, timezone), timezone)
    if shift:
        minutes = wording.count(-(-shift // MINUTE), "minute")
        yield Note(
            f"{name}: its handoffs are {minutes} away from `start`; less than half an hour is not "
            "compared"
        )
