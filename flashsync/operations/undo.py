"""A journal to the plan that undoes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.schedules import Listed
from flashsync.apply.journal import find_journal, list_journals, of_a_run, read_journal
from flashsync.apply.preconditions import Writers
from flashsync.errors import Level, Problem, RefusedError
from flashsync.files import show_path
from flashsync.model.desired import Rollout
from flashsync.model.notify import SecretRefusedError
from flashsync.model.people import Account, Directory
from flashsync.model.schedule import Schedule, canonical_name
from flashsync.model.wording import moment
from flashsync.operations.account import (
    check_same_account,
    moved_zone,
    read_live,
    with_people_of,
)
from flashsync.operations.checks import judge_plan
from flashsync.operations.files import Files, Reading
from flashsync.operations.options import PlanOptions
from flashsync.operations.planning import Planned, computed_shifts, rollout_of, words_of_account
from flashsync.operations.secrets import SecretReader, references_of_journals
from flashsync.operations.session import Session
from flashsync.plan.build import build
from flashsync.plan.journal.codec import Journal, Journals, NotBegunError, Written
from flashsync.plan.match import Known, match
from flashsync.plan.model import Facts, Plan, Reason, Unchanged
from flashsync.plan.safety import RunOptions, Safety
from flashsync.plan.undo import Back, Present, back, leavers
from flashsync.plan.words import Words

_ALL = RunOptions(safety=Safety(max_change_percent=100), create_lookalike=True, complete=False)
"""An undo has no limits of its own: a person sees its plan and approves it."""


@dataclass(frozen=True, slots=True)
class UndoneRun:
    """The journal of the run to undo, and notes on how it was found."""

    journal: Journal
    notes: tuple[str, ...] = ()


def list_runs(session: Session) -> Journals:
    """The journals of all runs that began to write.

    Raises RefusedError if the folder cannot be read.
    """
    folder, cwd = session.journal_folder, session.folder
    journals = [_read_begun(path, cwd) for path in list_journals(folder, show_path(folder, cwd))]
    return Journals(
        tuple(journal for journal in journals if isinstance(journal, Journal)),
        tuple(problem for problem in journals if isinstance(problem, Problem)),
    )


def find_run(session: Session, id: str | None = None) -> UndoneRun:
    """The run of that id, by default the last run that wrote.

    Raises RefusedError, also if the last run was an undo, or its journal may be a broken one.
    """
    folder, cwd = session.journal_folder, session.folder
    shown_as = show_path(folder, cwd)
    paths = list_journals(folder, shown_as)
    if id is not None:
        path = find_journal(paths, id, shown_as)
        return UndoneRun(read_journal(path, show_path(path, cwd)))
    notes: list[str] = []
    for path in reversed(paths):
        found = _read_begun(path, cwd)
        if found is None or (isinstance(found, Journal) and not found.wrote):
            continue
        if of_a_run(path):
            return UndoneRun(_check_last(found), tuple(notes))
        # A whole journal is a copy, and its name does not say of when.
        said = found.shown_as if isinstance(found, Journal) else found.message
        notes.append(f"ignored because no run names a journal like this, {said}")
    message = f"no journal in {shown_as} has a write"
    raise RefusedError(message, "the journal is on the machine that ran apply; pass --journal DIR")


def _check_last(found: Journal | Problem) -> Journal:
    """The journal of the last run that wrote.

    Raises RefusedError if it cannot be read, since no older run is undone instead, or if it is an
    undo: a second `undo` does not restore everything.
    """
    if not isinstance(found, Journal):
        message = f"{found.message}, and that run may be the last that wrote"
        remedy = (
            "name an older one by its ID (--list shows them), or remove the file from its folder"
        )
        raise RefusedError(message, remedy)
    if found.undo_of is not None:
        message = f"the last run that wrote was itself an undo, of {found.undo_of}"
        remedy = f"`flashsync undo {found.id}` brings that change back; --list shows other runs"
        raise RefusedError(message, remedy)
    return found


def _read_begun(path: Path, cwd: Path) -> Journal | Problem | None:
    """The journal, or a problem with it; None if the run has written nothing."""
    try:
        return read_journal(path, show_path(path, cwd))
    except NotBegunError:
        return None
    except RefusedError as error:
        return replace(error.problems[0], level=Level.WARNING)


def plan_undo(session: Session, run: UndoneRun, options: PlanOptions | None = None) -> Planned:
    """Read what a run has written, and plan the way back. Raises FlashsyncError.

    The plan's notes begin with what is undone.
    """
    with session.reporter.reading():
        return _plan_undo(session, run, options or PlanOptions())


def _plan_undo(session: Session, run: UndoneRun, options: PlanOptions) -> Planned:
    """Read the schedules of the run's writes, and decide."""
    journal, settings = run.journal, session.settings()
    client, now = session.client, session.now()
    account = session.account(settings)
    check_same_account(journal.shown_as, journal.account, account, "name another journal")
    if moved := moved_zone(journal.shown_as, journal.account, account):
        raise RefusedError(moved, "its times mean other instants now, so change the files instead")
    writes = options.selection.select(journal.writes, lambda one: one.name, journal.shown_as)
    listed = schedules.list_schedules(client, account.timezone)
    named = {canonical_name(one.name): one.id for one in listed}
    there = {one.id for one in listed}
    ids = [one.id or named.get(canonical_name(one.name), 0) for one in writes]
    ids = [id for id in dict.fromkeys(ids) if id in there]
    session.reporter.expect(len(ids))
    live = read_live(client, listed, ids, account, now)
    known = [*live.values(), *(one.before for one in writes if one.before)]
    directory = words_of_account(client, settings, account).directory
    directory = with_people_of(client, directory, known, (one.stamp.by for one in listed))
    shown = Words(directory, session.shown_zone(account.timezone))
    read = SecretReader(session.environment, settings.config.secrets)
    ours = {id for one in journal.writes for id in one.requests}
    writers = Writers(client, shown, journal.started_at, now, ours)
    present = Present(live, named, writers.of_live, read, now)
    rollout = rollout_of(options.rollout, account.timezone, now) or Rollout()
    found = _find_states(journal, writes, present, rollout, directory)
    plan = _build_plan(session, found, listed, live, directory, account, now)
    if options.judged:
        files = Files(settings, (), (), Reading())
        plan = judge_plan(session, plan, found.desired, live, shown, files, options)
    when = moment(journal.started_at, shown.timezone, now)
    which = f"this undoes the {journal.command} of {when} ({journal.name})"
    notes = (which, *run.notes, *found.notes, *plan.notes)
    return Planned(
        replace(plan, notes=notes),
        shown,
        Reading(),
        {one.id: one.stamp for one in listed},
        read=read,
        unrestored=tuple(found.unrestored),
    )


def _find_states(
    journal: Journal,
    writes: Sequence[Written],
    present: Present,
    rollout: Rollout,
    directory: Directory,
) -> Back:
    """The schedules to restore. Raises RefusedError, also if a secret may not be read any more."""
    try:
        found = back(journal, writes, present, rollout)
    except SecretRefusedError as refused:
        raise RefusedError(refused.message, refused.remedy) from None
    if problems := [*found.problems, *leavers(found, present, directory, present.now)]:
        raise RefusedError(problems)
    return found


def _build_plan(
    session: Session,
    found: Back,
    listed: Sequence[Listed],
    live: Mapping[int, Schedule],
    directory: Directory,
    account: Account,
    now: int,
) -> Plan:
    """The plan that restores the schedules, with the reason `undone` for each write."""
    known = [Known(one.id, one.name, one.team, one.stamp) for one in listed]
    matching = match(found.desired, known)
    if matching.problems:  # what a file would say does not help here
        remedy = "undo both by omitting --only, or rename the other schedule first"
        raise RefusedError([replace(one, remedy=remedy) for one in matching.problems])
    computed = computed_shifts(session.client, matching, live, account, now)
    words = Words(directory, account.timezone)
    journaled = partial(references_of_journals, session)
    facts = Facts(account, live, words, now, found.warnings, computed, journaled)
    plan = build(matching, facts, _ALL)
    marked = (
        one if isinstance(one, Unchanged) else replace(one, reason=Reason.UNDONE)
        for one in plan.actions
    )
    return replace(plan, actions=tuple(marked))
