"""A saved plan made again for a later cut: the same changes, at the next handoff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.errors import RefusedError
from flashsync.plan.build import Facts, build
from flashsync.plan.identity import Known, Match, Matching
from flashsync.plan.model import Remarks, Update
from flashsync.plan.options import Options, Safety
from flashsync.rotation.chains import chains
from flashsync.rotation.moves import Move
from flashsync.state.desired import Desired, LayerIntent
from flashsync.state.notify import SECRETS
from flashsync.state.rollout import Rollout, RolloutKind
from flashsync.state.schedule import Layer, Schedule

_OF_SHIFTS = ("(short_notice)", "(on_call_now)", "(coverage_gap)")
"""How warnings end that are about shifts."""
_ANY = 100
"""Percent: how much may change was judged when the plan was made."""


def at_a_later_cut(update: Update, live: Schedule, facts: Facts) -> Update:
    """The update with its cuts at the next handoff, from the live schedule as it is now.

    Raises RefusedError where that would be another change than the one that was planned.
    """
    known = Known(update.id, live.name)
    matching = Matching((Match(_desired(update), known),), (), ())
    plan = build(matching, facts, Options(safety=Safety(max_change_percent=_ANY), complete=False))
    if plan.refusals:
        raise RefusedError(plan.refusals)
    (again,) = plan.actions
    if not isinstance(again, Update) or _fields(again) != _fields(update):
        message = f"a later cut of `{update.name}` would be another change than the planned one"
        raise RefusedError(message, "plan again, and look at it")
    # Secrets have no values in a saved plan: what stands in it is what is sent.
    schedule = replace(again.target.schedule, notify=update.target.schedule.notify)
    return replace(
        again,
        target=replace(again.target, schedule=schedule),
        changes=(*again.changes, *(one for one in update.changes if _secret(one.path))),
        reason=update.reason,
        kept=update.kept,
        remarks=Remarks(again.remarks.notes, _lasting(update.remarks.warnings)),
    )


def shifts_differ(old: Sequence[Move], new: Sequence[Move]) -> frozenset[int]:
    """The people whose shifts differ between two sets of moves."""
    return frozenset(
        member.person for one in set(old) ^ set(new) for member in one.before ^ one.after
    )


def _fields(update: Update) -> set[str]:
    """The fields that change, but for secrets, whose values a saved plan does not hold."""
    return {one.path for one in update.changes if not _secret(one.path)}


def _secret(path: str) -> bool:
    return path.endswith(SECRETS)


def _lasting(warnings: Sequence[str]) -> tuple[str, ...]:
    """Warnings that are not about the shifts of the cut that has passed."""
    return tuple(one for one in warnings if not one.endswith(_OF_SHIFTS))


def _desired(update: Update) -> Desired:
    """What a file would ask for that led to this update."""
    target = update.target.schedule
    gone = {cut.layer for cut in update.cuts if cut.comes is None}
    last = [
        target.layers[chain[-1]]
        for name, found in chains(target.layers).items()
        for chain in found
        if name not in gone
    ]
    how = {cut.layer: cut.how for cut in update.cuts}
    rollouts = [_rollout(how.get(one.name)) for one in last]
    return Desired(
        replace(target, id=update.id, layers=tuple(map(_open, last))),
        update.source,
        rollout=Rollout(),
        intents=tuple(map(LayerIntent, rollouts)),
    )


def _rollout(how: RolloutKind | None) -> Rollout:
    """A date that has passed is the next handoff; what is made at once still is."""
    return Rollout(RolloutKind.NOW) if how is RolloutKind.NOW else Rollout()


def _open(layer: Layer) -> Layer:
    """A link as a file's layer: its groups' names are given, its carried fields the live one's."""
    return replace(layer, carried={})
