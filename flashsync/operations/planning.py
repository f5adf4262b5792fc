"""Makes a plan of files and account, with the reads that commands share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from flashsync.api.client import Client
from flashsync.api.endpoints import people, schedules
from flashsync.api.endpoints.schedules import LONGEST_WINDOW, Listed, read_calendar
from flashsync.errors import FilesError, Problem, UsageError
from flashsync.model.calendar import Calendar
from flashsync.model.desired import Desired, Rollout, RolloutKind
from flashsync.model.people import Account, Directory
from flashsync.model.schedule import BACKUP, PRIMARY, Schedule, Stamp
from flashsync.operations import checks
from flashsync.operations.account import (
    check_account,
    names_in,
    read_directory,
    read_live,
    with_people_of,
)
from flashsync.operations.checks import read_guards
from flashsync.operations.command_times import instant
from flashsync.operations.effects import foresee
from flashsync.operations.files import (
    Declared,
    Reading,
    Settings,
    acceptances,
    find_files,
    read_schedules,
    select,
)
from flashsync.operations.journal_folder import references_of_journals
from flashsync.operations.options import EffectsMode, PlanOptions
from flashsync.operations.secrets import SecretReader, read_secrets
from flashsync.operations.selection import Selection
from flashsync.operations.session import Session
from flashsync.operations.validate import levels
from flashsync.plan.build import Facts, build, wanted_ids
from flashsync.plan.drift import Acceptance, warn_of_undoing
from flashsync.plan.match import Known, Matching, match
from flashsync.plan.model import Plan
from flashsync.plan.safety import RunOptions, Safety, Scope
from flashsync.plan.words import Words
from flashsync.resolve.names import AccountNames, Doubt, confirm
from flashsync.resolve.schedule import ResolveContext, resolve
from flashsync.rotation.calendar import computable
from flashsync.rotation.rollout.handoffs import on_grid


@dataclass(frozen=True, slots=True)
class PlanSources:
    """What a plan was made of: the files, and the live schedules that they mean."""

    files: Files
    matching: Matching
    facts: Facts


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what showing and applying it takes; `read` reads its secrets.

    `desired` and `rollout` are its sources: the declared schedules, and the rollout of the command
    line. `unrestored` has a sentence for everything that an undo cannot restore. `sources` are
    missing for a plan that was not made of files.
    """

    plan: Plan
    words: Words
    reading: Reading
    stamps: Mapping[int, Stamp]
    acceptances: tuple[Acceptance, ...] = ()
    read: SecretReader = field(default_factory=lambda: SecretReader({}))
    desired: Sequence[Desired] = ()
    rollout: Rollout | None = None
    unrestored: tuple[str, ...] = ()
    sources: PlanSources | None = None


def make_plan(session: Session, options: PlanOptions | None = None) -> Planned:
    """Read the files and the account, and plan what an apply would do. Raises FlashsyncError."""
    options = options or PlanOptions()
    check_prune(options)
    files = read_files(session, options.selection)
    if options.prune and files.settings.config.manage is None:
        message = "--prune needs `manage` in flashsync.yaml"
        raise UsageError(message, "list there the teams or names that it may delete")
    with session.reporter.reading():
        planned = _plan_files(session, files, options)
    session.reporter.files_read(planned.reading)
    return planned


def check_prune(options: PlanOptions) -> None:
    """`--prune` needs all files: in a run over some, all other schedules would look undeclared."""
    if options.prune and not options.selection.complete:
        flag = "paths" if options.selection.paths else "--only"
        raise UsageError(f"--prune cannot be used with {flag}", "run it over all files")


def _plan_files(session: Session, files: Files, options: PlanOptions) -> Planned:
    """Read what the plan needs from the account, and make it."""
    client, now = session.client, session.now()
    read = read_secrets(session.environment, files.settings, files.selected, files.reading)
    files.reading.stop_on_errors()
    account = check_account(client, files.settings)
    accepted = acceptances(files.settings, account.timezone, files.reading)
    files.reading.stop_on_errors()
    listed = schedules.list_schedules(client, account.timezone)
    directory = read_directory(client, account, names_in(files.selected, files.settings))
    names = AccountNames(directory, files.settings.config.people, leavers=options.leavers)
    rollout = rollout_of(options.rollout, account.timezone, now)
    desired, warnings = _resolve(files, rollout, names, account, read)
    directory = _confirmed(client, desired, directory)
    matching = match_files(desired, files, listed)
    limits = limits_of(options, files, names, now)
    ids = wanted_ids(matching, limits)
    session.reporter.expect(len(ids))
    live = read_live(client, listed, ids, account, now)
    stamps = {one.id: one.stamp for one in listed} | {id: live[id].stamp for id in live}
    directory = with_short_names(directory, names, files.settings)
    directory = with_people_of(client, directory, live.values(), _writers(stamps, ids))
    words = Words(directory, account.timezone)
    computed = computed_shifts(client, matching, live, account, now)
    journaled = partial(references_of_journals, session)
    facts = Facts(account, live, words, now, warnings, computed, journaled)
    plan = build(matching, facts, limits)
    words = Words(directory, session.shown_zone(account.timezone))
    if options.judged:
        plan = judge_plan(session, plan, desired, live, words, files, options)
        plan = warn_of_undoing(plan, accepted, words.timezone)
    rotas = [*live.values(), *(one.schedule for one in desired)]
    notes = [*_pin_account(account, files), *_name_roles(directory, rotas)]
    plan = replace(plan, notes=(*plan.notes, *notes))
    sources = PlanSources(files, matching, facts)
    return Planned(
        plan, words, files.reading, stamps, accepted, read, desired, rollout, sources=sources
    )


def judge_plan(
    session: Session,
    plan: Plan,
    desired: Sequence[Desired],
    live: Mapping[int, Schedule],
    words: Words,
    files: Files,
    options: PlanOptions,
) -> Plan:
    """The plan with its effects and the results of the checks."""
    by_name = {one.name: one for one in desired}
    settings = levels(files.settings.config, options.checks)
    needed = checks.need_calendars(plan, by_name, settings)
    foreseen = foresee(
        plan,
        live,
        session.client,
        options.effects or EffectsMode.AUTO,
        seconds=options.window,
        least=settings.within,
        also=needed,
    )
    places = checks.Places({one.schedule.schedule: one for one in files.selected}, files.reading)
    cases = checks.make_cases(foreseen, by_name, live, words)
    guards = read_guards(session.client, settings, cases.values(), session.now())
    cases = {place: guards.add_to(case) for place, case in cases.items()}
    plan = checks.run_checks(foreseen.plan, cases, settings, places)
    return replace(plan, notes=(*plan.notes, *guards.notes))


def computed_shifts(
    client: Client, matching: Matching, live: Mapping[int, Schedule], account: Account, now: int
) -> dict[int, Calendar]:
    """The platform's shifts of declared schedules with fair layers: only it knows their turns."""
    declared = [
        found.live.id for found in matching.matches if found.live and not found.desired.absent
    ]
    fair = [id for id in declared if id in live and not computable(live[id].layers)]

    def read(id: int) -> Calendar:
        end = now + LONGEST_WINDOW
        return read_calendar(client, id, account.timezone, now, end).calendar

    return dict(zip(fair, client.each(read, fair), strict=True))


def _writers(stamps: Mapping[int, Stamp], ids: Sequence[int]) -> list[int]:
    return [stamps[id].by for id in ids if id in stamps]


def _resolve(
    files: Files,
    rollout: Rollout | None,
    names: AccountNames,
    account: Account,
    read: SecretReader,
) -> tuple[list[Desired], dict[str, tuple[str, ...]]]:
    """The desired schedules, and warnings by schedule. Raises FilesError with all problems."""
    context = ResolveContext(
        names,
        account.timezone,
        files.settings.config.defaults,
        rollout,
        read,
    )
    desired: list[Desired] = []
    warnings: dict[str, tuple[str, ...]] = {}
    for one in files.selected:
        found, findings = resolve(one.schedule, one.origin.position, context)
        before = len(files.reading.problems)
        files.reading.note(one.origin, findings)
        if found is not None:
            desired.append(found)
            said = (problem.text for problem in files.reading.problems[before:])
            warnings[found.name] = tuple(dict.fromkeys(said))
    files.reading.stop_on_errors()
    return desired, warnings


def _confirmed(client: Client, desired: Sequence[Desired], directory: Directory) -> Directory:
    """api.md, Members and persons: a person's id is confirmed before it is used.

    Gives the directory with what only the confirmation tells. Raises FilesError.
    """
    used = {
        member.person
        for one in desired
        for layer in one.schedule.layers
        for group in layer.groups
        for member in group.members
    }
    used |= {
        person for one in desired for cover in one.schedule.overrides for person in cover.people
    }
    found = people.persons(client, used)
    if problems := confirm(used, directory.people, found):
        raise FilesError(problems)
    return replace(directory, people={**directory.people, **found})


def match_files(desired: Sequence[Desired], files: Files, listed: Sequence[Listed]) -> Matching:
    """Match desired and live schedules; schedules of other files keep theirs. Raises FilesError."""
    known = [Known(one.id, one.name, one.team, one.stamp) for one in listed]
    chosen = {one.source for one in desired}
    others = [identity_of(one) for one in files.declared if one.origin.position not in chosen]
    matching = match(desired, known, others)
    if matching.problems:
        raise FilesError(matching.problems)
    return matching


def identity_of(one: Declared) -> Desired:
    """The part of a declared schedule by which its live schedule is found."""
    given = one.schedule
    return Desired(
        Schedule(given.schedule, id=given.id),
        one.origin.position,
        given.renamed_from,
        given.absent,
    )


def with_short_names(directory: Directory, names: AccountNames, settings: Settings) -> Directory:
    """The directory with the short names of `people`, except names of nobody."""
    short: dict[int, str] = {}
    for name, person in settings.config.people.items():
        try:
            short.setdefault(names.person(person), name)
        except Doubt:
            continue
    return replace(directory, short_names=short)


def _pin_account(account: Account, files: Files) -> Iterator[str]:
    if not files.settings.config.account:
        yield (
            f"this is the account {account.name} (id {account.id}); "
            f"pin it with `account: {account.name}` in flashsync.yaml"
        )


def _name_roles(directory: Directory, schedules: Sequence[Schedule]) -> Iterator[str]:
    """A note where the account's own roles are on duty and their names are not known."""
    members = {
        member
        for schedule in schedules
        for layer in schedule.layers
        for group in layer.groups
        for member in group.members
    }
    if directory.roles_unread and any(one.role not in (PRIMARY, BACKUP) for one in members):
        yield (
            "other roles than primary and backup are shown by number, because their names were "
            f"not read ({directory.roles_unread})"
        )


def words_of_account(
    client: Client, settings: Settings, account: Account, declared: Sequence[Declared] = ()
) -> Words:
    """Words for a saved plan or a journal, with the people of these schedules."""
    people = settings.config.people
    directory = read_directory(client, account, names_in(declared, settings))
    names = AccountNames(directory, people)
    return Words(with_short_names(directory, names, settings), account.timezone)


# What the files and the options ask of a run that plans.


@dataclass(frozen=True, slots=True)
class Files:
    """Everything that was read from disk."""

    settings: Settings
    declared: tuple[Declared, ...]
    selected: tuple[Declared, ...]
    reading: Reading


def read_files(session: Session, selection: Selection) -> Files:
    """Read and check all files, before anything is asked of the account. Raises FilesError."""
    reading = Reading()
    settings = session.valid_settings(reading)
    paths = find_files(settings, selection.paths, session.folder, reading)
    declared = tuple(read_schedules(paths, reading, settings.config.secrets))
    reading.stop_on_errors()
    return Files(settings, declared, select(declared, selection, reading), reading)


def rollout_of(given: Rollout | str | None, timezone: str, now: int) -> Rollout | None:
    """The rollout of the command line; a time is on the account's clocks. Raises UsageError."""
    if not isinstance(given, str):
        return given
    if given in list(RolloutKind):
        return Rollout(RolloutKind(given))
    at = instant(given, "--rollout", timezone)
    if not on_grid(at, timezone):
        raise UsageError(f"--rollout: {given} is not on a full or half hour", "use :00 or :30")
    if at <= now:
        raise UsageError(f"--rollout: {given} is past", "use a later time, or next_handoff")
    return Rollout(RolloutKind.AT, at)


def limits_of(options: PlanOptions, files: Files, names: AccountNames, now: int) -> RunOptions:
    """What a run may do. Raises FilesError if the account lacks a team of `manage`."""
    config = files.settings.config
    safety = Safety(
        _given(options.max_deletes, config.safety.max_deletes),
        _given(options.max_change_percent, config.safety.max_change_percent),
    )
    return RunOptions(
        scope=scope_of(files, names),
        safety=safety,
        prune=options.prune,
        create_lookalike=options.create_lookalike,
        send_secrets=options.send_secrets,
        complete=options.selection.complete,
        tidy_before=None if options.tidy is None else now - options.tidy,
    )


def _given(number: int | None, otherwise: int) -> int:
    return otherwise if number is None else number


def scope_of(files: Files, names: AccountNames) -> Scope:
    """`manage` with team ids. Raises FilesError if the account lacks a team."""
    manage = files.settings.config.manage
    if manage is None:
        return Scope()
    ids: set[int] = set()
    problems: list[Problem] = []
    for index, team in enumerate(manage.teams or ()):
        try:
            ids.add(names.team(team))
        except Doubt as doubt:
            position = files.settings.position(files.reading.locator, "manage", "teams", index)
            problems.append(Problem(doubt.message, doubt.remedy, position))
    if problems:
        raise FilesError(problems)
    return Scope(None if manage.teams is None else frozenset(ids), manage.names)
