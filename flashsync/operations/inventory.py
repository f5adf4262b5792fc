"""What the account has (schedules, people, teams, roles), and which files name it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flashsync.api.endpoints.schedules import ListedCalendar
from flashsync.declared.config import Config
from flashsync.declared.people import PersonName
from flashsync.declared.schedule import NO_TEAM_WORD
from flashsync.errors import Position, UsageError
from flashsync.files.discover import DEFAULT_GLOBS, find_existing
from flashsync.model.command_results import Inventory, InventoryEntry, InventoryKind
from flashsync.model.people import Account, Directory, MemberStatus
from flashsync.model.timezone import HOUR
from flashsync.operations.account import match_declared, names_in, read_directory
from flashsync.operations.calendars import list_calendars, with_people_on
from flashsync.operations.files import (
    Declared,
    Reading,
    Settings,
    read_schedules,
)
from flashsync.operations.planning import with_short_names
from flashsync.operations.selection import ALL, Selection
from flashsync.operations.session import Session
from flashsync.resolve.names import FIXED_ROLES, AccountNames, Doubt

Name = TypeVar("Name")
Sources = dict[int | str, list[Position]]
"""Where files name something: by id, or by the name of what the account lacks."""


@dataclass(frozen=True, slots=True)
class _Both:
    """The files and the account that are compared."""

    settings: Settings
    declared: tuple[Declared, ...]
    reading: Reading
    account: Account
    directory: Directory
    names: AccountNames
    listed: tuple[ListedCalendar, ...]
    now: int


def take_inventory(
    session: Session, kind: InventoryKind, selection: Selection = ALL, *, missing: bool = False
) -> Inventory:
    """All entries of a kind, by name; with `missing`, only what one side lacks.

    `selection` narrows them by name. Without any schedule file, nothing is declared.
    """
    both = _read(session)
    entries = _LISTS[kind](both)
    chosen = [one for one in entries if selection.matches(one.name)]
    if selection.only and not chosen:
        patterns = " or ".join(selection.only)
        raise UsageError(f"--only {patterns} matches none of the {kind}", "check the name")
    if missing:
        chosen = [one for one in chosen if one.missing]
    ordered = sorted(chosen, key=lambda one: (one.name.casefold(), one.id or 0))
    notes: tuple[str, ...] = ()
    if kind is InventoryKind.ROLES and both.directory.roles_unread:
        notes = (f"the account's own roles were not read ({both.directory.roles_unread})",)
    return Inventory(kind, tuple(ordered), both.account, both.directory, both.now, notes)


def _read(session: Session) -> _Both:
    settings = session.settings()
    reading = Reading()
    globs = settings.config.schedules or DEFAULT_GLOBS
    paths = find_existing(globs, base=settings.base, cwd=session.folder)  # if any exist yet
    declared = tuple(read_schedules(paths, reading, settings.config.secrets))
    reading.stop_on_errors()
    session.reporter.files_read(reading)
    account = session.account(settings)
    now = session.now()
    listed = list_calendars(session, (now, now + HOUR))
    directory = read_directory(session.client, account, names_in(declared, settings))
    names = AccountNames(directory, settings.config.people, leavers=True)
    directory = with_people_on(session.client, directory, [one.calendar for one in listed])
    directory = with_short_names(directory, names, settings)
    return _Both(settings, declared, reading, account, directory, names, listed, now)


def _list_schedules(both: _Both) -> Iterator[InventoryEntry]:
    """Raises FilesError where files mean one live schedule twice."""
    matching = match_declared(both.declared, both.listed)
    sources = {pair.live.id: pair.desired.source for pair in matching.matches if pair.live}
    for one in both.listed:
        shift = one.calendar.at(both.now)
        yield InventoryEntry(
            one.name,
            one.id,
            (sources[one.id],) if one.id in sources else (),
            team=one.team,
            on_call=shift.members if shift else frozenset(),
        )
    for pair in matching.matches:
        if pair.live is None and not pair.desired.absent:
            yield InventoryEntry(pair.desired.name, None, (pair.desired.source,))


def _list_people(both: _Both) -> Iterator[InventoryEntry]:
    """Members who have left only where files name them."""
    sources = _find_sources(_people_in_files(both), both.names.person, str)
    for person in both.directory.people.values():
        places = _places(sources, person.id)
        if places or person.status is not MemberStatus.DELETED:
            name = both.directory.person(person.id)
            yield InventoryEntry(name, person.id, places, email=person.email, status=person.status)
    yield from _list_unknown(sources)


def _people_in_files(both: _Both) -> Iterator[tuple[PersonName, Position]]:
    for short, name in both.settings.config.people.items():
        position = both.settings.position(both.reading.locator, "people", short)
        if position:
            yield name, position
    without_config = Settings(Config(), both.settings.base)
    for one in both.declared:
        for name in dict.fromkeys(names_in([one], without_config)):
            yield name, one.origin.position


def _list_teams(both: _Both) -> Iterator[InventoryEntry]:
    sources = _find_sources(_teams_in_files(both), both.names.team, str)
    for team in both.directory.teams.values():
        live = sum(one.team == team.id for one in both.listed)
        yield InventoryEntry(team.name, team.id, _places(sources, team.id), schedules=live)
    yield from _list_unknown(sources)


def _teams_in_files(both: _Both) -> Iterator[tuple[str, Position]]:
    config, locator = both.settings.config, both.reading.locator
    keys = [(("defaults", "team"), config.defaults.team)]
    manage = (config.manage.teams if config.manage else None) or ()
    keys += [(("manage", "teams"), team) for team in manage]
    for path, team in keys:
        position = both.settings.position(locator, *path)
        if team and team != NO_TEAM_WORD and position:
            yield team, position
    for one in both.declared:
        if one.schedule.team and one.schedule.team != NO_TEAM_WORD:
            yield one.schedule.team, one.origin.position


def _list_roles(both: _Both) -> Iterator[InventoryEntry]:
    sources = _find_sources(_roles_in_files(both), both.names.role, str)
    for id in sorted({*FIXED_ROLES.values(), *both.directory.roles}):
        yield InventoryEntry(both.directory.role(id), id, _places(sources, id))
    yield from _list_unknown(sources)


def _roles_in_files(both: _Both) -> Iterator[tuple[str, Position]]:
    """Who has no role in a file is primary."""
    for one in both.declared:
        members = (
            member
            for layer in one.schedule.layers or ()
            for group in layer.groups
            for member in group.members
        )
        for role in dict.fromkeys(member.role or "primary" for member in members):
            yield role, one.origin.position


def _find_sources(
    named: Iterable[tuple[Name, Position]], find: Callable[[Name], int], show: Callable[[Name], str]
) -> Sources:
    """The positions of names by what they mean in the account."""
    sources: Sources = {}
    for name, position in named:
        try:
            meant: int | str = find(name)
        except Doubt:
            meant = show(name)
        places = sources.setdefault(meant, [])
        if position not in places:
            places.append(position)
    return sources


def _places(sources: Mapping[int | str, Sequence[Position]], id: int) -> tuple[Position, ...]:
    return tuple(sources.get(id, ()))


def _list_unknown(sources: Sources) -> Iterator[InventoryEntry]:
    """What files name and the account lacks."""
    for name, places in sources.items():
        if isinstance(name, str):
            yield InventoryEntry(name, None, tuple(places))


_LISTS: Mapping[InventoryKind, Callable[[_Both], Iterator[InventoryEntry]]] = {
    InventoryKind.SCHEDULES: _list_schedules,
    InventoryKind.PEOPLE: _list_people,
    InventoryKind.TEAMS: _list_teams,
    InventoryKind.ROLES: _list_roles,
}
