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
from flashsync.operations.account import (
    instant,
    names_in,
    people_of,
    read_directory,
    read_live,
    with_people_of,
)
from flashsync.operations.checks import judge_plan
from flashsync.operations.files import (
    Declared,
    Files,
    Reading,
    Settings,
    acceptances,
    identity_of,
)
from flashsync.operations.options import PlanOptions
from flashsync.operations.secrets import SecretReader, read_secrets, references_of_journals
from flashsync.operations.session import Session
from flashsync.plan.build import build, wanted_ids
from flashsync.plan.drift import Acceptance, warn_of_undoing
from flashsync.plan.match import Known, Matching, match
from flashsync.plan.model import Facts, Plan
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
    if options.prune and not options.selection.complete:
        # In a run over some files, all other schedules would look undeclared.
        flag = "paths" if options.selection.paths else "--only"
        raise UsageError(f"--prune cannot be used with {flag}", "run it over all files")
    files = session.read_files(options.selection)
    if options.prune and files.settings.config.manage is None:
        message = "--prune needs `manage` in flashsync.yaml"
        raise UsageError(message, "list there the teams or names that it may delete")
    with session.reporter.reading():
        planned = _plan_files(session, files, options)
    session.reporter.files_read(planned.reading)
    return planned


def _plan_files(session: Session, files: Files, options: PlanOptions) -> Planned:
    """Read what the plan needs from the account, and make it."""
    client, now = session.client, session.now()
    settings, reading = files.settings, files.reading
    read = read_secrets(session.environment, settings, files.selected, reading)
    reading.stop_on_errors()
    account = session.account(settings)
    accepted = acceptances(settings, account.timezone, reading)
    reading.stop_on_errors()
    listed = schedules.list_schedules(client, account.timezone)
    directory = read_directory(client, account, names_in(files.selected, settings))
    names = AccountNames(directory, settings.config.people, leavers=options.leavers)
    rollout = rollout_of(options.rollout, account.timezone, now)
    desired, warnings = _resolve(files, rollout, names, account, read)
    rotas = [one.schedule for one in desired]
    directory = _confirm_people(client, rotas, directory)
    matching = match_files(desired, files, listed)
    limits = _limits_of(options, files, names, now)
    ids = wanted_ids(matching, limits)
    session.reporter.expect(len(ids))
    live = read_live(client, listed, ids, account, now)
    stamps = {one.id: one.stamp for one in listed} | {id: live[id].stamp for id in live}
    directory = with_short_names(directory, names, settings)
    writers = [stamps[id].by for id in ids if id in stamps]
    directory = with_people_of(client, directory, live.values(), writers)
    computed = computed_shifts(client, matching, live, account, now)
    journaled = partial(references_of_journals, session)
    in_account = Words(directory, account.timezone)
    facts = Facts(account, live, in_account, now, warnings, computed, journaled)
    plan = build(matching, facts, limits)
    words = Words(directory, session.shown_zone(account.timezone))
    if options.judged:
        plan = judge_plan(session, plan, desired, live, words, files, options)
        plan = warn_of_undoing(plan, accepted, words.timezone)
    notes = _notes(account, settings, directory, [*live.values(), *rotas])
    plan = replace(plan, notes=(*plan.notes, *notes))
    sources = PlanSources(files, matching, facts)
    return Planned(plan, words, reading, stamps, accepted, read, desired, rollout, sources=sources)


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


def _confirm_people(client: Client, rotas: Sequence[Schedule], directory: Directory) -> Directory:
    """api.md, Members and persons: a person's id is confirmed before it is used.

    Gives the directory with what only the confirmation tells. Raises FilesError.
    """
    used = people_of(rotas)
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


def with_short_names(directory: Directory, names: AccountNames, settings: Settings) -> Directory:
    """The directory with the short names of `people`, except names of nobody."""
    short: dict[int, str] = {}
    for name, person in settings.config.people.items():
        try:
            short.setdefault(names.known(person), name)
        except Doubt:
            continue
    return replace(directory, short_names=short)


def _notes(
    account: Account, settings: Settings, directory: Directory, rotas: Sequence[Schedule]
) -> Iterator[str]:
    """Notes on an account that no file names, and on roles that are shown by number."""
    if not settings.config.account:
        yield (
            f"this is the account {account.name} (id {account.id}); "
            f"pin it with `account: {account.name}` in flashsync.yaml"
        )
    if directory.roles_unread and any(
        member.role not in (PRIMARY, BACKUP)
        for rota in rotas
        for layer in rota.layers
        for group in layer.groups
        for member in group.members
    ):
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


def _limits_of(options: PlanOptions, files: Files, names: AccountNames, now: int) -> RunOptions:
    """What a run may do. Raises FilesError if the account lacks a team of `manage`."""
    otherwise = files.settings.config.safety
    deletes, percent = options.max_deletes, options.max_change_percent
    return RunOptions(
        scope=scope_of(files, names),
        safety=Safety(
            otherwise.max_deletes if deletes is None else deletes,
            otherwise.max_change_percent if percent is None else percent,
        ),
        prune=options.prune,
        create_lookalike=options.create_lookalike,
        send_secrets=options.send_secrets,
        complete=options.selection.complete,
        tidy_before=None if options.tidy is None else now - options.tidy,
    )


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
