"""Saved plans: read from their files, shown without a key, and judged by when and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flashsync.cli import environment
from flashsync.cli.account import moved_zone
from flashsync.cli.planning import Planned
from flashsync.cli.workspace import Reading
from flashsync.errors import Problem, RefusedError, UsageError
from flashsync.model.people import Account
from flashsync.model.timezone import MINUTE
from flashsync.model.wording import moment
from flashsync.plan.model import Plan
from flashsync.plan.saved import plan_file
from flashsync.plan.saved.staleness import PLAN_AGAIN, age, pinned, refusals, too_old
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
        message = f"the plan {path} cannot be read: {reason}"
        raise RefusedError(message, "give a file made by `flashsync plan --out`") from None


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
    note = f"this plan was made {made}, and its warnings are of then"
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
    """A saved plan goes with nothing that would have changed it. Raises UsageError."""
    for name, other in DECIDED.items():
        if _was_given(given.get(name)):
            message = f"{flag} does not go with {other}: {why}"
            raise UsageError(message, "plan again with it, or leave it out")


_ONLY_SAVED = {
    "later_cut": "--later-cut",
    "max_age": "--max-age",
    "without_files": "--without-files",
}
"""Options that have a meaning for a saved plan alone."""


def check_saved_only(flag: str, given: Mapping[str, Any]) -> None:
    """Without a saved plan, which `flag` names, these options mean nothing. Raises UsageError."""
    for name, other in _ONLY_SAVED.items():
        if _was_given(given.get(name)):
            raise UsageError(f"{other} goes with {flag}", "without it, plans are always fresh")


def _was_given(value: Any) -> bool:
    """Whether an option stands on the command line; a limit of 0 does, too."""
    return value is not None and value is not False and value not in ((), {})
