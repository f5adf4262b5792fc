"""The live account: whose it is, who is in it, and which schedules it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from flashsync.api.client import Client
from flashsync.api.credentials import proxy_for
from flashsync.api.endpoints import people, schedules
from flashsync.api.endpoints.schedules import Listed
from flashsync.api.errors import Unread, read_if_possible
from flashsync.api.redact import Exchange
from flashsync.declared.expectation import people_in
from flashsync.declared.people import NamedBy, PersonName
from flashsync.errors import AccountError, Problem, RefusedError
from flashsync.files import Locator
from flashsync.model.people import Account, Directory, Person
from flashsync.model.schedule import Schedule
from flashsync.operations.environment import credentials
from flashsync.operations.files import Declared, Settings
from flashsync.operations.options import ConnectionOptions
from flashsync.resolve.names import kind


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


def check_account(client: Client, settings: Settings) -> Account:
    """The account of the key, which has to be the one that the configuration names.

    Raises AccountError before anything else is read.
    """
    account = people.me(client)
    client.share_limit(account.id)
    config, locator = settings.config, Locator()
    if config.account and config.account not in (account.name, str(account.id)):
        message = (
            f"the key belongs to the account {account.name} (id {account.id}), "
            f"and flashsync.yaml names {config.account}"
        )
        remedy = "use that account's key, or correct `account`"
        raise AccountError(Problem(message, remedy, settings.position(locator, "account")))
    if config.timezone and config.timezone != account.timezone:
        message = f"the account's time zone is {account.timezone}, not {config.timezone}"
        remedy = f"write `timezone: {account.timezone}`"
        raise AccountError(Problem(message, remedy, settings.position(locator, "timezone")))
    return account


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


def with_people_of(
    client: Client, directory: Directory, live: Iterable[Schedule], writers: Iterable[int] = ()
) -> Directory:
    """The directory with everyone who is on a live schedule or wrote it."""
    ids = {id for schedule in live for id in _people_of(schedule)} | set(writers)
    unknown = {id for id in ids if id > 0} - directory.people.keys()
    more = people.persons(client, unknown) if unknown else {}
    return replace(directory, people={**directory.people, **more})


def _people_of(schedule: Schedule) -> Iterable[int]:
    for layer in schedule.layers:
        for group in layer.groups:
            yield from (member.person for member in group.members)
    for override in schedule.overrides:
        yield from override.people
