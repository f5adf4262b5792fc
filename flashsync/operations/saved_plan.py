"""Saved plans: read, checked, compared with their files, shown without a key, and cut later."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from flashsync.api.client import Client
from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.schedules import LONGEST_WINDOW, read_calendar
from flashsync.apply.preconditions import Writers, check_plan, moved, outdated, with_secrets
from flashsync.declared.config import Config
from flashsync.errors import FilesError, Level, Problem, RefusedError
from flashsync.model.desired import Desired, RolloutKind
from flashsync.model.people import Account
from flashsync.model.schedule import Schedule
from flashsync.model.timezone import MINUTE
from flashsync.model.wording import joined, moment
from flashsync.operations.account import check_same_account, moved_zone
from flashsync.operations.effects import foresee
from flashsync.operations.files import Files, Reading, Settings
from flashsync.operations.options import SavedPlanOptions
from flashsync.operations.planning import (
    Planned,
    computed_shifts,
    match_files,
    scope_of,
    words_of_account,
)
from flashsync.operations.secrets import SecretReader
from flashsync.operations.selection import ALL
from flashsync.operations.session import Session
from flashsync.plan.fingerprint import is_as_planned
from flashsync.plan.model import Create, Facts, Plan, PlanBasis, Unchanged, Update, Write
from flashsync.plan.saved import plan_file
from flashsync.plan.saved.later_cut import as_of, at_a_later_cut, lasting, pinned, shifts_differ
from flashsync.plan.saved.staleness import (
    PLAN_AGAIN,
    REMEDY,
    DeclaredFiles,
    SavedPlanVerdict,
    age,
    late,
    mismatches,
    refresh_changes,
    refusals,
    too_old,
    uncovered,
)
from flashsync.plan.words import Words
from flashsync.resolve.names import AccountNames
from flashsync.resolve.schedule import ResolveContext, resolve

OLD = 10 * MINUTE
"""Seconds after which a note says how old a saved plan is."""


def load(path: Path) -> Plan:
    """The plan of a file. Raises RefusedError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        message = f"cannot read the plan {path} ({reason})"
        raise RefusedError(message, "use a file made by `flashsync plan --out`") from None
    return plan_file.load(text, str(path))


def show_saved_plan(session: Session, path: Path) -> Planned:
    """A saved plan as it was shown when it was made, with its age and its late cuts.

    Asks no account.
    """
    plan, now = load(path), session.now()
    zone = session.shown_zone(plan.account.timezone)
    late = (problem.message for problem in refusals(pinned(plan, now), now, zone))
    notes = (*plan.notes, f"this plan was {age(plan, now, zone)}", *late)
    return Planned(replace(plan, notes=notes), Words(plan.directory, zone), Reading(), {})


def open_saved_plan(
    session: Session,
    path: Path,
    options: SavedPlanOptions | None = None,
    *,
    later_cut: bool = False,
) -> Planned:
    """A saved plan, ready to be applied; with `later_cut`, late cuts move to the next handoff.

    Raises RefusedError if the plan is of another account, too old, late, or not what the files
    declare.
    """
    planned, problems = _open(session, path, options or SavedPlanOptions())
    if problems:
        raise RefusedError(problems)
    now = session.now()
    plan = pinned(planned.plan, now)
    if later_cut and late(plan, now):
        current = later(session.client, replace(planned, plan=plan), now)
    elif problems := list(refusals(plan, now, planned.words.timezone)):
        raise RefusedError(problems)
    else:
        current = overtaken(session.client, replace(planned, plan=as_of(plan, now)), now)
    if now - plan.created_at < OLD:
        return current
    # Its warnings are as old.
    made = moment(plan.created_at, planned.words.timezone, now)
    note = f"this plan was made {made}, and so were its warnings"
    if plan.window and not current.plan.window:
        note += "; the time that it looked at has passed: plan again to see whose shifts move"
    return replace(current, plan=replace(current.plan, notes=(*current.plan.notes, note)))


def check_saved_plan(
    session: Session, path: Path, options: SavedPlanOptions | None = None
) -> SavedPlanVerdict:
    """Whether `apply --plan` would carry out a saved plan, with all reasons against it."""
    try:
        planned, problems = _open(session, path, options or SavedPlanOptions())
    except RefusedError as refused:
        return SavedPlanVerdict(str(path), None, refused.problems)
    now = session.now()
    plan, words = pinned(planned.plan, now), planned.words
    problems += refusals(plan, now, words.timezone)
    with session.reporter.reading():
        try:
            plan_to_send = with_secrets(plan, planned.read)
        except RefusedError as refused:
            problems += refused.problems
        else:
            problems += check_plan(plan_to_send, session.client, words, now).objections
    return SavedPlanVerdict(str(path), plan, tuple(dict.fromkeys(problems)))


def _open(session: Session, path: Path, options: SavedPlanOptions) -> tuple[Planned, list[Problem]]:
    """A plan from a file, and problems with its zone, its age or its files.

    Raises RefusedError if it is unreadable or of another account.
    """
    plan, now = load(path), session.now()
    if options.without_files and not session.options.config:
        settings = Settings(Config(), session.folder)  # none is looked for
    else:
        settings = session.settings()
    account = session.account(settings)
    check_same_account(str(path), plan.account, account, "plan again")
    zone = session.shown_zone(account.timezone)
    zone_moved = moved_zone(str(path), plan.account, account)
    problems = [Problem(zone_moved, PLAN_AGAIN)] if zone_moved else []
    problems += too_old(plan, now, options.max_age, zone)
    files: Files | None = None
    if settings.origin is not None and not options.without_files:
        try:
            files = read_files_of(session, plan)
        except FilesError as error:
            problems += error.problems
    declared = files.selected if files else ()
    directory = words_of_account(session.client, settings, account, declared).directory
    # People have the names of files and account; the plan's if they are in neither, or without its
    # files.
    names = {id: name for id, name in plan.names.items() if not files or id not in directory.people}
    words = Words(replace(directory, short_names={**directory.short_names, **names}), zone)
    if files is not None and plan.account.timezone == account.timezone:
        with session.reporter.reading():
            comparison = compare_with_files(
                plan, str(path), files, session.client, account, words, now
            )
        problems += comparison.problems
        plan = replace(comparison.plan, notes=(*plan.notes, *comparison.notes))
    plan = replace(plan, account=replace(account, timezone=plan.account.timezone))
    read = SecretReader(session.environment, session.settings().config.secrets)
    return Planned(plan, words, Reading(), {}, read=read), problems


# Whether a saved plan writes what its files declare.


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
        message = f"{name} was made by an earlier flashsync, which did not save its sources"
        return FilesComparison(plan, (Problem(message, REMEDY),))
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
    in_account = Words(words.directory, account.timezone)  # as in files, whatever zone is shown
    facts = Facts(account, live, in_account, made, computed=computed)
    against = DeclaredFiles(matching, scope)
    found = tuple(mismatches(plan, basis, against, facts, {place for place, _ in stale}))
    if not (stale or found):
        plan = refresh_changes(plan, against, facts)
    notes: list[str] = []
    if rollout := basis.rollout:  # no file holds it
        given: str = rollout.kind.value
        if rollout.kind is RolloutKind.AT and rollout.at is not None:
            given = moment(rollout.at, words.timezone, now)
        notes.append(f"this plan was made with --rollout {given}")
    declared = [one.schedule.schedule for one in files.declared if not one.schedule.absent]
    notes += uncovered(plan, basis, desired, declared)
    problems = (*(problem for _, problem in stale), *found)
    return FilesComparison(plan, problems, tuple(notes))


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


# `apply --plan FILE --later-cut`: a saved plan that is late, at the next handoff.


def later(client: Client, planned: Planned, now: int) -> Planned:
    """The saved plan with its late cuts at the next handoff, and with new effects for them.

    Raises RefusedError if a schedule has moved since the plan, or if the later cut makes other
    changes than planned.
    """
    plan, words = planned.plan, planned.words
    again: dict[str, Update] = {}
    live: dict[int, Schedule] = {}
    for update in late(plan, now):
        again[update.name], live[update.id] = _move_cut(client, plan, update, words, now)
    fresh = replace(plan, actions=tuple(again.values()), created_at=now)
    foreseen = foresee(fresh, live, client).plan
    taken = {one.name: one for one in foreseen.writes}
    actions = tuple(taken.get(one.name, one) for one in as_of(plan, now).actions)
    result = replace(
        plan,
        actions=actions,
        created_at=now,
        window=foreseen.window,
        notes=(*plan.notes, _note_differences(plan, again, taken, words)),
    )
    return replace(planned, plan=result)


def _move_cut(
    client: Client, plan: Plan, update: Update, words: Words, now: int
) -> tuple[Update, Schedule]:
    """An update at its next cut, with its live schedule."""
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


def _note_differences(
    plan: Plan, again: Collection[str], taken: Mapping[str, Write], words: Words
) -> str:
    """A note on the people with other shifts than planned."""
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


# A saved plan with effects from before later overrides in the console.


def overtaken(client: Client, planned: Planned, now: int) -> Planned:
    """The plan with new effects for schedules with other console overrides than it was made with.

    `now` is in Unix seconds, and the plan is of then. Apply refuses all else that has moved. Raises
    Failure if the account cannot be read.
    """
    plan, zone = planned.plan, planned.plan.account.timezone
    if plan.window is None:
        return planned
    updates = [one for one in plan.writes if isinstance(one, Update) and _may_move(one)]
    listed = {one.id for one in schedules.list_schedules(client, zone)} if updates else set()
    live = schedules.read_many(client, [one.id for one in updates if one.id in listed], zone, now)
    other = [
        one
        for one in updates
        if one.id in live
        and is_as_planned(one, live[one.id])
        and {override.identity for override in live[one.id].console_overrides} != set(one.kept)
    ]
    if not other:
        return planned
    again = replace(plan, actions=tuple(other), created_at=now)
    foreseen = foresee(again, live, client, seconds=plan.window[1] - now).plan
    found = {
        # Old warnings about shifts are left out.
        one.name: replace(one, remarks=replace(one.remarks, warnings=lasting(one.remarks.warnings)))
        for one in foreseen.actions
    }
    actions = tuple(found.get(one.name, one) for one in plan.actions)
    names = joined(sorted(one.name for one in other))
    note = (
        f"people changed overrides of {names} in the console since the plan was made: who is on "
        "call is shown with them"
    )
    return replace(planned, plan=replace(plan, actions=actions, notes=(*plan.notes, note)))


def _may_move(update: Update) -> bool:
    """Whether an update may move shifts, perhaps only during an override.

    Overrides of files yield to overrides of the console, as they are at the write.
    """
    effect = update.effect
    if update.target.schedule.overrides:
        return True
    return effect is not None and bool(effect.moves or effect.later or update.cuts)
