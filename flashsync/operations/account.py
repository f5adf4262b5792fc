"""The live account: the connection, who is in it, which schedules it has, and its clocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flashsync.api.client import Client
from flashsync.api.credentials import proxy_for
from flashsync.api.endpoints import people, schedules
from flashsync.api.endpoints.schedules import Listed, ListedCalendar
from flashsync.api.errors import Unread, read_if_possible
from flashsync.api.redact import Exchange
from flashsync.declared.command_line import moment, suggest_time, time_away, time_near
from flashsync.declared.people import NamedBy, PersonName
from flashsync.declared.problems import Findings
from flashsync.declared.scalars import Moment
from flashsync.declared.schedule import people_in
from flashsync.errors import FilesError, RefusedError, UsageError
from flashsync.model.people import Account, Directory, Person
from flashsync.model.schedule import Schedule
from flashsync.model.timezone import instants, offset, wall_seconds_at
from flashsync.model.wording import wall_time
from flashsync.operations.environment import credentials
from flashsync.operations.files import Declared, Settings, identity_of
from flashsync.operations.options import ConnectionOptions
from flashsync.plan.match import Known, Matching, match
from flashsync.resolve.names import Doubt, kind


def connect(
    environment: Mapping[str, str],
    options: ConnectionOptions,
    observe: Callable[[Exchange], None] | None,
    remark: Callable[[str], None] | None = None,
    cache: Path | None = None,
) -> Client:
    """A client for the account of the environment's key. Raises ConfigError."""
    account_key = credentials(environment)
    return Client(
        account_key,
        rate=options.rate,
        parallel=options.parallel,
        proxy=proxy_for(account_key, environment),
        observe=observe,
        remark=remark,
        slots=cache,
    )


def check_same_account(what: str, of: Account, account: Account, otherwise: str) -> None:
    """Raise RefusedError if a saved plan or a journal (`what`) is of another account."""
    if account.id != of.id:
        message = (
            f"{what} was made for the account {of.name} (id {of.id}), "
            f"and the key belongs to {account.name} (id {account.id})"
        )
        raise RefusedError(message, f"use the other account's key, or {otherwise}")


def moved_zone(what: str, of: Account, account: Account) -> str:
    """Why the times of a saved plan or a journal mean other instants now; empty if they do not."""
    if account.timezone == of.timezone:
        return ""
    return (
        f"{what} was made while the account's time zone was {of.timezone}; "
        f"it is {account.timezone} now"
    )


def read_directory(client: Client, account: Account, names: Sequence[PersonName]) -> Directory:
    """Everyone in the account, the account itself, and people whom only the names lead to.

    An id in a file is a person's: where a member has it as well, the person is meant.
    """
    listing = people.members(client)
    everyone = {person.id: person for person in listing.items}
    if not listing.complete:
        everyone |= _beyond_the_listing(client, names, everyone.values())
    ids = {int(name.text) for name in names if kind(name) is NamedBy.ID and name.text.isdigit()}
    persons = read_if_possible(lambda: people.persons(client, {*ids, account.id}))
    if isinstance(persons, Unread) and ids:
        persons = people.persons(client, ids)  # only this endpoint knows them
    everyone |= {} if isinstance(persons, Unread) else persons
    teams = {team.id: team for team in people.teams(client)}
    roles = read_if_possible(lambda: people.roles(client))
    if isinstance(roles, Unread):
        return Directory(everyone, teams, roles_unread=roles.reason)
    return Directory(everyone, teams, {role.id: role for role in roles})


def _beyond_the_listing(
    client: Client, names: Sequence[PersonName], known: Iterable[Person]
) -> dict[int, Person]:
    """The members that the platform does not list: after 10,000, they are found by name."""
    have = {text.casefold() for person in known for text in (person.email, person.name)}
    wanted = {name.text for name in names if kind(name) is not NamedBy.ID}
    missing = sorted(text for text in wanted if text.casefold() not in have)
    parts = [people.find_members(client, text) for text in missing]
    return {person.id: person for part in parts for person in part}


def names_in(declared: Sequence[Declared], settings: Settings) -> list[PersonName]:
    """Every way in which the files name a person."""
    names = list(settings.config.people.values())
    for item in declared:
        for layer in item.schedule.layers or ():
            names += [member.person for group in layer.groups for member in group.members]
        for override in item.schedule.overrides:
            names += override.people
        names += people_in(item.schedule.expect)
    return names


def read_live(
    client: Client, listed: Sequence[Listed], ids: Sequence[int], account: Account, now: int
) -> dict[int, Schedule]:
    """The schedules of these ids, whole; only schedules that the listing cut are asked for."""
    whole = {item.id: item.schedule for item in listed if item.schedule is not None}
    known = {id: whole[id] for id in ids if id in whole}
    missing = [id for id in ids if id not in known]
    return known | schedules.read_many(client, missing, account.timezone, now)


def match_declared(
    declared: Sequence[Declared],
    listed: Sequence[Listed | ListedCalendar],
    others: Sequence[Declared] = (),
) -> Matching:
    """The live schedule of each declared one; `others` keep theirs. Raises FilesError."""
    known = [Known(one.id, one.name, one.team) for one in listed]
    matching = match([*map(identity_of, declared)], known, [*map(identity_of, others)])
    if matching.problems:
        raise FilesError(matching.problems)
    return matching


def with_people_of(
    client: Client, directory: Directory, live: Iterable[Schedule], others: Iterable[int] = ()
) -> Directory:
    """The directory with everyone who is on a live schedule, and with `others`, by their ids."""
    unknown = {id for id in (*people_of(live), *others) if id > 0} - directory.people.keys()
    if not unknown:
        return directory
    return replace(directory, people={**directory.people, **people.persons(client, unknown)})


def people_of(schedules: Iterable[Schedule]) -> set[int]:
    """The ids of everyone who has a turn or an override."""
    ids: set[int] = set()
    for schedule in schedules:
        for layer in schedule.layers:
            ids.update(member.person for group in layer.groups for member in group.members)
        for override in schedule.overrides:
            ids |= override.people
    return ids


# Arguments of a command line: names of the account, and times on its clocks.


@contextmanager
def as_usage_error(argument: str = "") -> Iterator[None]:
    """Raise UsageError for a value that is not valid, or that the account does not know."""
    prefix = f"{argument}: " if argument else ""
    try:
        yield
    except Findings as wrong:
        finding = wrong.findings[0]
        raise UsageError(f"{prefix}{finding.message}", finding.remedy) from None
    except Doubt as doubt:
        raise UsageError(f"{prefix}{doubt.message}", doubt.remedy) from None


def instant(
    text: str, option: str, timezone: str, *, now: int | None = None, date: bool = False
) -> int:
    """The moment (Unix seconds) that an option names on the account's clocks.

    With `now`, it may be relative to it: `tomorrow`, `fri 18:00`, `+2h`. With `date`, a day alone
    is its beginning. Raises UsageError.
    """
    stripped = text.strip()
    try:
        if now is not None:
            away = time_away(stripped)
            if away is not None and not date:
                return now + away
            shown = wall_seconds_at(now + (away or 0), timezone)
            given = time_near(stripped if away is None else "today", shown, date=date)
            if given is not None:
                return _instant_of(given, option, timezone)
        date_alone = date and len(stripped) == len("2026-01-05") and stripped.count("-") == 2
        given = moment(f"{stripped} 00:00" if date_alone else stripped)
    except Findings as wrong:
        (finding,) = wrong.findings
        remedy = finding.remedy
        if now is not None and finding.message.startswith("expected a time,"):
            remedy = suggest_time(stripped)
        raise UsageError(f"{option}: {finding.message}", remedy) from None
    return _instant_of(given, option, timezone)


def _instant_of(given: Moment, option: str, timezone: str) -> int:
    if given.offset is not None:
        return given.wall - given.offset
    candidates = instants(given.wall, timezone)
    if len(candidates) == 1:
        return candidates[0]
    written = wall_time(given.wall)
    if not candidates:
        message = f"{option}: {timezone} skips {written}, when its clocks change"
        raise UsageError(message, "give a time before or after, or add an offset")
    both = " or ".join(f"'{written} {offset(at, timezone)}'" for at in candidates)
    message = f"{option}: {timezone} has {written} twice, when its clocks change"
    raise UsageError(message, f"write {both}")
