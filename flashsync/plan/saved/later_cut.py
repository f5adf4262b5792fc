"""A saved plan made again for a later cut: the same changes, at the next handoff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flashsync.errors import RefusedError
from flashsync.model.check_registry import COVERAGE_GAP, ON_CALL_NOW, SHORT_NOTICE
from flashsync.model.desired import Desired, LayerIntent, Rollout, RolloutKind
from flashsync.model.notify import SECRETS
from flashsync.model.schedule import Layer, Member, Schedule, canonical_name
from flashsync.plan.build import build
from flashsync.plan.match import Known, Match, Matching
from flashsync.plan.model import Caution, Facts, Update
from flashsync.plan.safety import RunOptions, Safety
from flashsync.plan.saved.staleness import PLAN_AGAIN
from flashsync.rotation.compare import Move
from flashsync.rotation.rollout.chains import chains
from flashsync.rotation.rollout.model import Cut

_OF_SHIFTS = (SHORT_NOTICE, ON_CALL_NOW, COVERAGE_GAP)
"""Checks of shifts."""
_ANY = 100
"""Percent: how much may change was judged when the plan was made."""


def at_a_later_cut(update: Update, live: Schedule, facts: Facts) -> Update:
    """The update with its cuts at the next handoff, for a live schedule that has not moved since.

    Raises RefusedError where that would be another change than the planned one.
    """
    known = Known(update.id, live.name)
    matching = Matching((Match(_desired(update, live), known),), (), ())
    plan = build(
        matching, facts, RunOptions(safety=Safety(max_change_percent=_ANY), complete=False)
    )
    if plan.refusals:
        raise RefusedError(plan.refusals)
    (again,) = plan.actions
    if not isinstance(again, Update) or _what(again) != _what(update):
        message = f"a later cut of `{update.name}` would be another change than the planned one"
        raise RefusedError(message, PLAN_AGAIN)
    # Secrets have no values in a saved plan: its references are what is sent. The changes are as
    # the reviewer has seen them: turns are counted in the file's order, and not from the cut.
    schedule = replace(again.target.schedule, notify=update.target.schedule.notify)
    return replace(
        again,
        target=replace(again.target, schedule=schedule),
        changes=update.changes,
        reason=update.reason,
        kept=update.kept,
        remarks=replace(again.remarks, warnings=lasting(update.remarks.warnings)),
    )


def shifts_differ(old: Sequence[Move], new: Sequence[Move], until: int) -> frozenset[int]:
    """The people who are on call at other times after the new moves than after the old ones.

    Both are moves of one schedule, in order, looked at until an instant (Unix seconds); a window
    may have cut them anywhere later.
    """
    edges = sorted({at for one in (*old, *new) for at in (one.start, one.end) if at < until})
    return frozenset(member.person for at in edges for member in _apart(_at(old, at), _at(new, at)))


def lasting(warnings: Sequence[Caution]) -> tuple[Caution, ...]:
    """Warnings that are not about shifts, which are others by now."""
    return tuple(one for one in warnings if one.check not in _OF_SHIFTS)


def _at(moves: Sequence[Move], instant: int) -> Move | None:
    return next((one for one in moves if one.start <= instant < one.end), None)


def _apart(old: Move | None, new: Move | None) -> frozenset[Member]:
    """Who differs where a stretch moves otherwise, or on one side only."""
    if old is None or new is None:
        one = old or new
        return one.before ^ one.after if one else frozenset()
    return old.after ^ new.after


def _what(update: Update) -> tuple[set[str], set[str]]:
    """The fields that change, without secrets, which have no values in a saved plan; and the layers
    that are cut."""
    fields = {one.path for one in update.changes if not _secret(one.path)}
    return fields, {cut.layer for cut in update.cuts if not cut.past_end}


def _secret(path: str) -> bool:
    return path.endswith(SECRETS)


def _desired(update: Update, live: Schedule) -> Desired:
    """What a file would ask for that led to this update."""
    target = update.target.schedule
    gone = {cut.layer for cut in update.cuts if cut.comes is None and not cut.past_end}
    last = [
        chain[-1]
        for name, found in chains(target.layers).items()
        for chain in found
        if name not in gone
    ]
    layers = tuple(_open(target.layers[place]) for place in last)
    ending = next((cut for cut in update.cuts if cut.layer in gone), None)
    return Desired(
        replace(target, id=update.id, layers=layers),
        update.source,
        rollout=_rollout(ending),
        intents=tuple(_intents(update, live, last)),
        ignored=update.target.ignored,
    )


def _intents(update: Update, live: Schedule, last: Sequence[int]) -> Iterator[LayerIntent]:
    """What the file said of the layers, by the places of their last links in the target."""
    cuts = {cut.layer: cut for cut in update.cuts}
    for place in last:
        name, origin = update.target.schedule.layers[place].name, update.target.origins[place]
        was = None if origin is None else canonical_name(live.layers[origin].name)
        renamed = None if was == canonical_name(name) else was
        yield LayerIntent(_rollout(cuts.get(name)), renamed)


def _rollout(cut: Cut | None) -> Rollout:
    """A date that has passed is the next handoff; what is made at once still is."""
    if cut is None:
        return Rollout()
    return Rollout(cut.how, cut.at if cut.how is RolloutKind.AT else None)


def _open(layer: Layer) -> Layer:
    """A link as a file's layer: its groups' names are given, its carried fields the live one's."""
    return replace(layer, carried={})
