"""Compares a saved plan with the files: does it write what they declare?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flashsync.api.client import Client
from flashsync.api.endpoints import schedules
from flashsync.apply.preconditions import Writers, outdated
from flashsync.errors import FilesError, Level, Problem
from flashsync.model.desired import Desired, Rollout, RolloutKind
from flashsync.model.people import Account
from flashsync.model.wording import moment
from flashsync.operations.files import Files
from flashsync.operations.planning import computed_shifts, match_files, scope_of
from flashsync.operations.selection import ALL
from flashsync.operations.session import Session
from flashsync.plan.build import Facts
from flashsync.plan.model import Create, Plan, PlanBasis, Unchanged
from flashsync.plan.saved import from_files
from flashsync.plan.words import Words
from flashsync.resolve.names import AccountNames
from flashsync.resolve.schedule import ResolveContext, resolve

_UNKNOWN = "was made by an earlier flashsync, which did not save its sources"


@dataclass(frozen=True, slots=True)
class FilesComparison:
    """Why a plan does not fit its files, and notes if it does.

    `plan` is the plan with its changes as files and account give them, if it fits.
    """

    plan: Plan
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def read_files_of(session: Session, plan: Plan) -> Files:
    """All files, with the schedules selected that the plan knows. Raises FilesError."""
    files = session.read_files(ALL)
    known = {one.name for one in plan.actions}
    selected = (
        one for one in files.declared if one.schedule.absent or one.schedule.schedule in known
    )
    return replace(files, selected=tuple(selected))


def compare_with_files(
    plan: Plan, name: str, files: Files, client: Client, account: Account, words: Words, now: int
) -> FilesComparison:
    """Whether the plan of the file `name` writes what the files declare.

    Reads the schedules that the plan writes. A schedule that has moved in the account is a problem:
    it cannot be compared.
    """
    if plan.basis is None:
        return FilesComparison(plan, (Problem(f"{name} {_UNKNOWN}", from_files.REMEDY),))
    basis, names = plan.basis, AccountNames(words.directory, files.settings.config.people)
    try:
        desired = _resolve(plan, basis, files, names, account)
        scope = scope_of(files, names)
        listed = schedules.list_schedules(client, account.timezone)
        present = {one.id for one in listed}
        ids = [one.id for one in plan.writes if not isinstance(one, Create)]
        there = [id for id in ids if id in present]
        live = schedules.read_many(client, there, account.timezone, now)
        stale = list(outdated(plan, live, listed, Writers(client, words, plan.created_at, now)))
        matching = match_files(desired, files, listed)
    except FilesError as error:
        return FilesComparison(plan, error.problems)
    made = plan.created_at
    computed = computed_shifts(client, matching, live, account, made)
    told = Words(words.directory, account.timezone)  # as files tell it, whatever zone is shown
    facts = Facts(account, live, told, made, computed=computed)
    against = from_files.DeclaredFiles(matching, scope)
    places = {place for place, _ in stale}
    found = tuple(from_files.mismatches(plan, basis, against, facts, places))
    if not (stale or found):
        plan = from_files.refresh_changes(plan, against, facts)
    declared = [one.schedule.schedule for one in files.declared if not one.schedule.absent]
    return FilesComparison(
        plan,
        (*(problem for _, problem in stale), *found),
        (
            *_rollout_note(basis.rollout, words, now),
            *from_files.uncovered(plan, basis, desired, declared),
        ),
    )


def _resolve(
    plan: Plan, basis: PlanBasis, files: Files, names: AccountNames, account: Account
) -> list[Desired]:
    """The declared schedules that the plan knows.

    A schedule that the plan does not write may be unresolvable. Raises FilesError for the others.
    """
    context = ResolveContext(names, account.timezone, files.settings.config.defaults, basis.rollout)
    unwritten = {one.name for one in plan.actions if isinstance(one, Unchanged)}
    desired: list[Desired] = []
    for one in files.selected:
        found, findings = resolve(one.schedule, one.origin.position, context)
        if found is not None:
            desired.append(found)
        elif one.schedule.schedule not in unwritten:
            files.reading.note(one.origin, [say for say in findings if say.level is Level.ERROR])
    files.reading.stop_on_errors()
    return desired


def _rollout_note(rollout: Rollout | None, words: Words, now: int) -> Sequence[str]:
    """A note on the rollout of the command line, which no file holds."""
    if rollout is None:
        return ()
    if rollout.kind is RolloutKind.AT and rollout.at is not None:
        return (f"this plan was made with --rollout {moment(rollout.at, words.timezone, now)}",)
    return (f"this plan was made with --rollout {rollout.kind.value}",)
