"""A saved plan at a later moment: without what has passed, and with its cuts at other moments, at
the next handoff or at once when it is applied.

Whether a cut comes too late is in `staleness.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.errors import RefusedError
from flashsync.model.check_registry import COVERAGE_GAP, ON_CALL_NOW, SHORT_NOTICE
from flashsync.model.desired import Desired, LayerIntent, Rollout, RolloutKind
from flashsync.model.notify import SECRETS
from flashsync.model.schedule import Member, Schedule, canonical_name
from flashsync.model.timezone import MINUTE
from flashsync.plan.build import build
from flashsync.plan.match import Known, Match, Matching
from flashsync.plan.model import Action, Caution, Facts, Plan, Unchanged, Update
from flashsync.plan.safety import RunOptions, Safety
from flashsync.plan.saved.staleness import PLAN_AGAIN, ending_link, planned_at_once
from flashsync.rotation.compare import Move
from flashsync.rotation.rollout.chains import chains
from flashsync.rotation.rollout.handoffs import half_hour, is_bridge
from flashsync.rotation.rollout.model import Cut
from flashsync.rotation.rollout.roll_out import soonest_end
from flashsync.rotation.turns import turn_at

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
    if not isinstance(again, Update) or _changed_fields(again) != _changed_fields(update):
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
    edges = sorted({at for move in (*old, *new) for at in (move.start, move.end) if at < until})
    differing: set[Member] = set()
    for at in edges:
        was, becomes = (
            next((move for move in moves if move.start <= at < move.end), None)
            for moves in (old, new)
        )
        if was and becomes:
            differing |= was.after ^ becomes.after
        elif move := was or becomes:
            differing |= move.before ^ move.after
    return frozenset(member.person for member in differing)


def lasting(warnings: Sequence[Caution]) -> tuple[Caution, ...]:
    """Warnings that are not about shifts, which are others by now."""
    return tuple(warning for warning in warnings if warning.check not in _OF_SHIFTS)


def _changed_fields(update: Update) -> tuple[set[str], set[str]]:
    """The fields that change, without secrets, which have no values in a saved plan; and the layers
    that are cut."""
    fields = {change.path for change in update.changes if not change.path.endswith(SECRETS)}
    return fields, {cut.layer for cut in update.cuts if not cut.past_end}


def _desired(update: Update, live: Schedule) -> Desired:
    """What a file would ask for that led to this update."""
    target = update.target.schedule
    cuts = {cut.layer: cut for cut in update.cuts}
    gone = {cut.layer for cut in update.cuts if cut.comes is None and not cut.past_end}
    last = [
        chain[-1]
        for name, same in chains(target.layers).items()
        for chain in same
        if name not in gone
    ]
    intents = []
    for place in last:
        name, origin = target.layers[place].name, update.target.origins[place]
        was = None if origin is None else canonical_name(live.layers[origin].name)
        renamed = None if was == canonical_name(name) else was
        intents.append(LayerIntent(_rollout(cuts.get(name)), renamed))
    ending = next((cut for cut in update.cuts if cut.layer in gone), None)
    # As in a file: the names of groups are given, and carried fields are the live layer's.
    layers = tuple(replace(target.layers[place], carried={}) for place in last)
    return Desired(
        replace(target, id=update.id, layers=layers),
        update.source,
        rollout=_rollout(ending),
        intents=tuple(intents),
        ignored=update.target.ignored,
    )


def _rollout(cut: Cut | None) -> Rollout:
    """A date that has passed is the next handoff; what is made at once still is."""
    if cut is None:
        return Rollout()
    return Rollout(cut.how, cut.at if cut.how is RolloutKind.AT else None)


# What has passed is left out.


def as_of(plan: Plan, now: int) -> Plan:
    """A saved plan at a later moment (Unix seconds): what has passed since is left out.

    Once its window has passed, it says nothing of shifts any more.
    """
    if plan.window is None or now >= plan.window[1]:
        return replace(plan, window=None)
    actions: list[Action] = []
    for action in plan.actions:
        effect = None if isinstance(action, Unchanged) else action.effect
        if not isinstance(action, Unchanged) and effect is not None:
            moves = tuple(
                replace(move, start=max(move.start, now)) for move in effect.moves if move.end > now
            )
            running = next((move for move in moves if move.start == now), None)
            # A new schedule has nobody who would be relieved now.
            relieved = running is not None and bool(running.before or effect.now)
            gaps, old_gaps, left_gaps = (
                tuple(gap for gap in side if gap.end > now)
                for side in (effect.gaps, effect.old_gaps, effect.left_gaps)
            )
            effect = replace(
                effect,
                moves=moves,
                now=running if relieved else None,
                gaps=gaps,
                old_gaps=old_gaps,
                left_gaps=left_gaps,
            )
            action = replace(action, effect=effect)
        actions.append(action)
    return replace(plan, actions=tuple(actions), window=(now, plan.window[1]))


# Cuts that are to be made at once, made at the write.


def pinned(plan: Plan, now: int) -> Plan:
    """The plan with each cut that is to be made at once in the half-hour that runs at the write.

    Where another group is on call by then, the cut stays as it is, and is late. A layer that ends
    as its file's `end` has passed ends after the write.
    """
    zone = plan.account.timezone
    begin = half_hour(now, zone)
    actions = list(plan.actions)
    for place, update in enumerate(plan.actions):
        if not isinstance(update, Update):
            continue
        for cut in update.cuts:
            at_once = planned_at_once(cut, plan) and cut.at != begin
            if cut.past_end and cut.at - now < MINUTE:
                actions[place] = update = _move_cut(update, cut, soonest_end(now, zone))
            elif at_once and _same_turn(update, cut, zone, now):
                actions[place] = update = _move_cut(update, cut, begin)
    return replace(plan, actions=tuple(actions))


def _same_turn(update: Update, cut: Cut, timezone: str, now: int) -> bool:
    """Whether the group that was on call at a cut still is."""
    link = ending_link(update.target, cut)
    if link is None or link.fair:
        return False
    if is_bridge(link):  # which keeps one turn, and not those after it
        return cut.bridge is not None and now < cut.bridge
    link = replace(link, end=None)
    planned, current = (turn_at(link, timezone, at) for at in (cut.at, now))
    return planned is not None and planned == current


def _move_cut(update: Update, cut: Cut, at: int) -> Update:
    """The update with one of its cuts at another moment, and what begins or ends then.

    Moves that begin in the old half-hour begin in the new one.
    """
    layers = tuple(
        replace(
            layer,
            start=at if layer.start == cut.at else layer.start,
            end=at if layer.end == cut.at else layer.end,
        )
        if layer.name == cut.layer
        else layer
        for layer in update.target.schedule.layers
    )
    target = replace(update.target, schedule=replace(update.target.schedule, layers=layers))
    cuts = tuple(replace(other, at=at) if other is cut else other for other in update.cuts)
    effect = update.effect
    if effect is not None:
        moves = (
            replace(move, start=at) if cut.at <= move.start < at else move for move in effect.moves
        )
        left = tuple(move for move in moves if move.start < move.end)
        effect = replace(effect, moves=left)
    return replace(update, target=target, cuts=cuts, effect=effect)
