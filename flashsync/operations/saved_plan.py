"""Saved plans: read, checked, shown without a key, and cut later."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from flashsync.api.client import Client
from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.schedules import LONGEST_WINDOW, read_calendar
from flashsync.apply.preconditions import Writers, check_plan, moved, with_secrets
from flashsync.declared.config import Config
from flashsync.errors import FilesError, Problem, RefusedError
from flashsync.model.people import Account, Directory
from flashsync.model.schedule import Schedule
from flashsync.model.timezone import MINUTE
from flashsync.model.wording import joined, moment
from flashsync.operations.account import check_same_account, moved_zone
from flashsync.operations.effects import foresee
from flashsync.operations.files import Files, Reading, Settings
from flashsync.operations.from_files import FilesComparison, compare_with_files, read_files_of
from flashsync.operations.options import SavedPlanOptions
from flashsync.operations.planning import Planned, words_of_account
from flashsync.operations.secrets import SecretReader
from flashsync.operations.session import Session
from flashsync.plan.build import Facts
from flashsync.plan.effects import as_of
from flashsync.plan.fingerprint import is_as_planned
from flashsync.plan.model import Action, Plan, Update, Write
from flashsync.plan.saved import plan_file
from flashsync.plan.saved.later_cut import at_a_later_cut, lasting, shifts_differ
from flashsync.plan.saved.staleness import (
    PLAN_AGAIN,
    SavedPlanVerdict,
    age,
    late,
    pinned,
    refusals,
    too_old,
)
from flashsync.plan.words import Words

OLD = 10 * MINUTE
"""Seconds after which a note says how old a saved plan is."""


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
    return replace(current, plan=aged(current.plan, planned.plan, planned.words, now))


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
    plan, settings = load(path), _settings_of(session, options)
    account = session.account(settings)
    check_same_account(str(path), plan.account, account, "plan again")
    zone = session.shown_zone(account.timezone)
    problems = list(_unfit(plan, account, path, options.max_age, zone, session.now()))
    files: Files | None = None
    if settings.origin is not None and not options.without_files:
        try:
            files = read_files_of(session, plan)
        except FilesError as error:
            problems += error.problems
    declared = files.selected if files else ()
    words = words_of_account(session.client, settings, account, declared)
    shown = Words(_with_names(plan, words.directory, by_files=files is not None), zone)
    if files is not None and plan.account.timezone == account.timezone:
        comparison = _compare(session, plan, path, files, account, shown)
        problems += comparison.problems
        plan = replace(comparison.plan, notes=(*plan.notes, *comparison.notes))
    plan = replace(plan, account=replace(account, timezone=plan.account.timezone))
    read = SecretReader(session.environment, session.settings().config.secrets)
    return Planned(plan, shown, Reading(), {}, read=read), problems


def _settings_of(session: Session, options: SavedPlanOptions) -> Settings:
    """The configuration for a saved plan; --without-files looks for none."""
    if options.without_files and not session.options.config:
        return Settings(Config(), session.folder)
    return session.settings()


def _unfit(
    plan: Plan, account: Account, path: Path, max_age: int | None, timezone: str, now: int
) -> Iterator[Problem]:
    """Why a plan cannot be applied, whatever it writes: its zone and its age."""
    if moved := moved_zone(str(path), plan.account, account):
        yield Problem(moved, PLAN_AGAIN)
    yield from too_old(plan, now, max_age, timezone)


def _compare(
    session: Session, plan: Plan, path: Path, files: Files, account: Account, words: Words
) -> FilesComparison:
    with session.reporter.reading():
        client, now = session.client, session.now()
        return compare_with_files(plan, str(path), files, client, account, words, now)


def _with_names(plan: Plan, directory: Directory, *, by_files: bool) -> Directory:
    """People by the names that they had when the plan was made.

    With its files, people have the names of files and account, and the plan's if they are in
    neither.
    """
    known = plan.names
    if by_files:
        known = {id: name for id, name in known.items() if id not in directory.people}
    return replace(directory, short_names={**directory.short_names, **known})


def aged(plan: Plan, saved: Plan, words: Words, now: int) -> Plan:
    """A saved plan as of now, with a note on its age, since its warnings are as old."""
    if now - saved.created_at < OLD:
        return plan
    made = moment(saved.created_at, words.timezone, now)
    note = f"this plan was made {made}, and so were its warnings"
    if saved.window and not plan.window:
        note += "; the time that it looked at has passed: plan again to see whose shifts move"
    return replace(plan, notes=(*plan.notes, note))


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
    plan = planned.plan
    if plan.window is None:
        return planned
    updates = [one for one in plan.writes if isinstance(one, Update) and _moves(one)]
    live = _read(client, updates, plan.account.timezone, now)
    other = [one for one in updates if one.id in live and _has_new_overrides(one, live[one.id])]
    if not other:
        return planned
    seconds = plan.window[1] - now
    again = replace(plan, actions=tuple(other), created_at=now)
    foreseen = foresee(again, live, client, seconds=seconds).plan
    found = {one.name: _without_shift_warnings(one) for one in foreseen.actions}
    actions = tuple(found.get(one.name, one) for one in plan.actions)
    names = joined(sorted(one.name for one in other))
    note = (
        f"people changed overrides of {names} in the console since the plan was made: who is on "
        "call is shown with them"
    )
    return replace(planned, plan=replace(plan, actions=actions, notes=(*plan.notes, note)))


def _moves(update: Update) -> bool:
    """Whether an update may move shifts, perhaps only during an override.

    Overrides of files yield to overrides of the console, as they are at the write.
    """
    effect = update.effect
    if update.target.schedule.overrides:
        return True
    return effect is not None and bool(effect.moves or effect.later or update.cuts)


def _without_shift_warnings(action: Action) -> Action:
    """The action without its old warnings about shifts."""
    remarks = action.remarks
    return replace(action, remarks=replace(remarks, warnings=lasting(remarks.warnings)))


def _read(client: Client, updates: list[Update], timezone: str, now: int) -> dict[int, Schedule]:
    """The live schedules of the updates, except deleted ones."""
    if not updates:
        return {}
    listed = {one.id for one in schedules.list_schedules(client, timezone)}
    ids = [one.id for one in updates if one.id in listed]
    return dict(schedules.read_many(client, ids, timezone, now))


def _has_new_overrides(update: Update, live: Schedule) -> bool:
    """Whether only overrides of the console have changed since the plan."""
    identities = {one.identity for one in live.console_overrides}
    return is_as_planned(update, live) and identities != set(update.kept)
