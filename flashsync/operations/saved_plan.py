"""Saved plans: read, shown without a key, judged by when and where, and cut later."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flashsync.api.client import Client
from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.shifts import LONGEST_WINDOW, read_calendar
from flashsync.apply.last_writer import Writers
from flashsync.apply.preconditions import moved
from flashsync.errors import Problem, RefusedError, UsageError
from flashsync.model.people import Account
from flashsync.model.schedule import Schedule
from flashsync.model.timezone import MINUTE
from flashsync.model.wording import joined, moment
from flashsync.operations import environment
from flashsync.operations.account import moved_zone
from flashsync.operations.effects import foresee
from flashsync.operations.files import Reading
from flashsync.operations.planning import Planned
from flashsync.plan.build import Facts
from flashsync.plan.effects import as_of
from flashsync.plan.fingerprint import fingerprint
from flashsync.plan.model import Action, Plan, Update, Write
from flashsync.plan.saved import plan_file
from flashsync.plan.saved.later_cut import at_a_later_cut, lasting, shifts_differ
from flashsync.plan.saved.staleness import PLAN_AGAIN, age, late, pinned, refusals, too_old
from flashsync.plan.words import Words

OLD = 10 * MINUTE
"""Seconds from which on the age of a saved plan is worth a word."""


def load(path: Path) -> Plan:
    """The plan of a file. Raises RefusedError."""
    return plan_file.load(_text(path), str(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        message = f"cannot read the plan {path} ({reason})"
        raise RefusedError(message, "use a file made by `flashsync plan --out`") from None


def offline(path: Path, timezone: str | None) -> Planned:
    """A saved plan as it was shown when it was made, with its age, and the cuts that are late."""
    plan, now = load(path), environment.now()
    zone = timezone or plan.account.timezone
    late = (problem.message for problem in refusals(pinned(plan, now), now, zone))
    notes = (*plan.notes, f"this plan was {age(plan, now, zone)}", *late)
    return Planned(replace(plan, notes=notes), Words(plan.directory, zone), Reading(), {})


def unfit(
    plan: Plan, account: Account, path: Path, max_age: int | None, timezone: str
) -> Iterator[Problem]:
    """Why a plan cannot be carried out, whatever it is about: its zone and its age."""
    if moved := moved_zone(str(path), plan.account, account):
        yield Problem(moved, PLAN_AGAIN)
    yield from too_old(plan, environment.now(), max_age, timezone)


def aged(plan: Plan, saved: Plan, words: Words, now: int) -> Plan:
    """A saved plan as of now, with its age, since warnings are of its day."""
    if now - saved.created_at < OLD:
        return plan
    made = moment(saved.created_at, words.timezone, now)
    note = f"this plan was made {made}, and so were its warnings"
    if saved.window and not plan.window:
        note += "; the time that it looked at has passed: plan again to see whose shifts move"
    return replace(plan, notes=(*plan.notes, note))


DECIDED = {
    "paths": "paths",
    "only": "--only",
    "prune": "--prune",
    "max_deletes": "--max-deletes",
    "max_change_percent": "--max-change-percent",
    "rollout": "--rollout",
    "effects": "--effects",
    "checks": "--check-level",
    "window": "--window",
    "create_lookalike": "--create-lookalike",
    "send_secrets": "--send-secrets",
    "out": "--out",
}
"""Options that decide when a plan is made."""


def check_alone(flag: str, given: Mapping[str, Any], why: str) -> None:
    """Refuses options that would have changed a saved plan. Raises UsageError."""
    for name, other in DECIDED.items():
        if _was_given(given.get(name)):
            message = f"{flag} cannot be used with {other} because {why}"
            raise UsageError(message, "plan again with it, or remove it")


_ONLY_SAVED = {
    "later_cut": "--later-cut",
    "max_age": "--max-age",
    "without_files": "--without-files",
}
"""Options that work only for a saved plan."""


def check_saved_only(flag: str, given: Mapping[str, Any]) -> None:
    """Without a saved plan, which `flag` names, these options mean nothing. Raises UsageError."""
    for name, other in _ONLY_SAVED.items():
        if _was_given(given.get(name)):
            raise UsageError(f"{other} needs {flag}", "without it, every plan is new")


def _was_given(value: Any) -> bool:
    """Whether an option is on the command line; a limit of 0 is."""
    return value is not None and value is not False and value not in ((), {})


# `apply --plan FILE --later-cut`: a saved plan that is late, at the next handoff.


def later(client: Client, planned: Planned, now: int) -> Planned:
    """The saved plan with its late cuts at the next handoff, and their effects computed anew.

    Raises RefusedError where a schedule has moved since the plan, or where the changes would be
    others than those that were planned.
    """
    plan, words = planned.plan, planned.words
    again: dict[str, Update] = {}
    live: dict[int, Schedule] = {}
    for update in late(plan, now):
        again[update.name], live[update.id] = _again(client, plan, update, words, now)
    fresh = replace(plan, actions=tuple(again.values()), created_at=now)
    foreseen = foresee(fresh, live, client).plan
    taken = {one.name: one for one in foreseen.writes}
    actions = tuple(taken.get(one.name, one) for one in as_of(plan, now).actions)
    result = replace(
        plan,
        actions=actions,
        created_at=now,
        window=foreseen.window,
        notes=(*plan.notes, _note(plan, again, taken, words)),
    )
    return replace(planned, plan=result)


def _again(
    client: Client, plan: Plan, update: Update, words: Words, now: int
) -> tuple[Update, Schedule]:
    """An update at its next cut, with the live schedule that it was made from."""
    zone = plan.account.timezone
    found = read_calendar(client, update.id, zone, now, now + LONGEST_WINDOW)
    writers = Writers(client, words, plan.created_at, now)
    if problem := moved(update, found.schedule, writers):
        raise RefusedError(problem)
    calendars = {update.id: found.calendar}
    facts = Facts(
        plan.account,
        {update.id: found.schedule},
        Words(words.directory, zone),
        now,
        computed=calendars,
    )
    return at_a_later_cut(update, found.schedule, facts), found.schedule


def _note(plan: Plan, again: Collection[str], taken: Mapping[str, Write], words: Words) -> str:
    """Whose shifts differ from what was planned."""
    said = "taken at a later cut"
    pairs = [(one.effect, taken[one.name].effect) for one in plan.writes if one.name in again]
    until = plan.window[1] if plan.window else 0
    differ: set[int] = set()
    for old, new in pairs:
        if not until or not (old and old.source and new and new.source):
            return f"{said}: it is unknown whose shifts differ from the planned ones"
        differ |= shifts_differ(old.moves, new.moves, until)
    if not differ:
        return f"{said}: no shift differs from the planned shifts"
    people = joined(sorted(map(words.directory.person, differ)))
    return f"{said}: shifts differ from the planned shifts, of {people}"


# A saved plan whose effects were overtaken by overrides that people made in the console since.


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
