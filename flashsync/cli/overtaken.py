"""A saved plan whose effects were overtaken by overrides that people made in the console since."""

from __future__ import annotations

from dataclasses import replace

from flashsync.api.client import Client
from flashsync.api.endpoints import schedules
from flashsync.cli.effects import foresee
from flashsync.cli.planning import Planned
from flashsync.model.schedule import Schedule
from flashsync.model.wording import joined
from flashsync.plan.fingerprint import fingerprint
from flashsync.plan.model import Action, Update
from flashsync.plan.saved.later_cut import lasting


def overtaken(client: Client, planned: Planned, now: int) -> Planned:
    """The plan with the effects computed anew where overrides of the console are others by now.

    `now` is in Unix seconds, and the plan is of then. What else has moved is left to apply, which
    refuses it. Raises Failure where the account cannot be read.
    """
    plan = planned.plan
    if plan.window is None:
        return planned
    updates = [one for one in plan.writes if isinstance(one, Update) and _moves(one)]
    live = _read(client, updates, plan.account.timezone, now)
    other = [one for one in updates if one.id in live and _others(one, live[one.id])]
    if not other:
        return planned
    seconds = plan.window[1] - now
    again = replace(plan, actions=tuple(other), created_at=now)
    foreseen = foresee(again, live, client, seconds=seconds).plan
    found = {one.name: _anew(one) for one in foreseen.actions}
    actions = tuple(found.get(one.name, one) for one in plan.actions)
    names = joined(sorted(one.name for one in other))
    note = (
        f"people changed overrides of {names} in the console since the plan was made: who is on "
        "call is shown with them"
    )
    return replace(planned, plan=replace(plan, actions=actions, notes=(*plan.notes, note)))


def _moves(update: Update) -> bool:
    """Whether it is known to move shifts, be it where an override holds.

    Overrides of the file give way to the console's as they are at the write.
    """
    effect = update.effect
    if update.target.schedule.overrides:
        return True
    return effect is not None and bool(effect.moves or effect.later or update.cuts)


def _anew(action: Action) -> Action:
    """An action without the warnings about the shifts that it had before."""
    remarks = action.remarks
    return replace(action, remarks=replace(remarks, warnings=lasting(remarks.warnings)))


def _read(client: Client, updates: list[Update], timezone: str, now: int) -> dict[int, Schedule]:
    """The schedules whose shifts move, as far as they are still there."""
    if not updates:
        return {}
    listed = {one.id for one in schedules.list_schedules(client, timezone)}
    ids = [one.id for one in updates if one.id in listed]
    return dict(schedules.read_many(client, ids, timezone, now))


def _others(update: Update, live: Schedule) -> bool:
    """Whether the console's overrides are others than the plan was made with, and nothing else."""
    identities = {one.identity for one in live.console_overrides}
    return fingerprint(live) == update.fingerprint and identities != set(update.kept)
