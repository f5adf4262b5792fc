"""Reading calendars: the files, the live schedules and the people that such commands share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flashsync.api.client import Client
from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.schedules import ListedCalendar
from flashsync.declared.people import PersonName
from flashsync.declared.problems import nearest
from flashsync.errors import UsageError
from flashsync.model.calendar import Calendar, CalendarView, ShownCalendar, Span
from flashsync.model.people import Account, Directory
from flashsync.model.schedule import Schedule, canonical_name
from flashsync.model.timezone import DAY, instants, midnight, wall_seconds_at
from flashsync.model.wording import first
from flashsync.operations.account import as_usage_error, match_declared, with_people_of
from flashsync.operations.files import Declared, Settings
from flashsync.operations.planning import words_of_account
from flashsync.operations.selection import Selection, matches
from flashsync.operations.session import Session
from flashsync.resolve.names import AccountNames

MARGIN = 15 * DAY
"""Seconds: so much is read on both sides of what is shown, so that shifts have their own ends."""


@dataclass(frozen=True, slots=True)
class ShownCalendars:
    """Calendars, and how they are looked at. `warnings` are for the reader of the calendars."""

    calendars: list[ShownCalendar]
    view: CalendarView
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeclaredPart:
    """The selected schedules of the files that are not `absent`, and all other schedules."""

    settings: Settings
    chosen: tuple[Declared, ...]
    others: tuple[Declared, ...] = field(default=())


def read_declared(session: Session, selection: Selection) -> DeclaredPart:
    """Read the files. Raises FilesError."""
    files = session.read_files(selection)
    session.reporter.files_read(files.reading)
    chosen = tuple(one for one in files.selected if not one.schedule.absent)
    ids = {id(one) for one in chosen}
    others = tuple(one for one in files.declared if id(one) not in ids)
    return DeclaredPart(files.settings, chosen, others)


def list_calendars(session: Session, window: Span) -> tuple[ListedCalendar, ...]:
    """All schedules of the account, with their shifts."""
    with session.reporter.reading():
        return schedules.list_calendars(session.client, *window)


def directory_of(
    session: Session,
    settings: Settings,
    account: Account,
    calendars: Iterable[Calendar],
    *schedules: Schedule,
) -> Directory:
    """Everyone in the account, and whoever else is on a calendar or a schedule."""
    directory = words_of_account(session.client, settings, account).directory
    directory = with_people_on(session.client, directory, calendars)
    return with_people_of(session.client, directory, schedules)


def with_people_on(
    client: Client, directory: Directory, calendars: Iterable[Calendar]
) -> Directory:
    """The directory with everyone who is on one of the calendars."""
    ids = {
        id
        for calendar in calendars
        for shifts in (calendar.final, *(lane.shifts for lane in calendar.lanes))
        for shift in shifts
        for id in shift.people
    }
    return with_people_of(client, directory, (), ids)


@dataclass(frozen=True, slots=True)
class LiveMatch:
    """A declared schedule, and the live schedule that it is; None if it is not live."""

    name: str
    live: ListedCalendar | None


def match_live(declared: DeclaredPart, listed: Sequence[ListedCalendar]) -> list[LiveMatch]:
    """Each chosen schedule with its live schedule. Raises FilesError."""
    matching = match_declared(declared.chosen, listed, declared.others)
    by_id = {one.id: one for one in listed}
    return [
        LiveMatch(pair.desired.name, by_id[pair.live.id] if pair.live else None)
        for pair in matching.matches
    ]


def select_live(selection: Selection, listed: Sequence[ListedCalendar]) -> list[ListedCalendar]:
    """The selected schedules of the account. Raises UsageError as `Selection` does."""
    return selection.select(listed, lambda one: one.name, "the account")


def find_name(wanted: str, names: Sequence[str], source: str) -> str:
    """The one name that is meant, or that fits the glob. Raises UsageError."""
    same = [name for name in names if canonical_name(name) == canonical_name(wanted)]
    fitting = same or [name for name in names if matches(name, [wanted])]
    if len(fitting) == 1 or same:
        return fitting[0]
    if fitting:
        few = first([f"`{name}`" for name in fitting], 3)
        raise UsageError(f"{wanted} matches {few}", "name one of them")
    parts = [name for name in names if wanted.casefold() in name.casefold()]
    near = parts[0] if len(parts) == 1 else nearest(wanted, names)
    remedy = f"did you mean `{near}`?" if near else "`flashsync oncall --all` lists them"
    raise UsageError(f"no schedule of {source} is named `{wanted}`", remedy)


def days_later(instant: int, days: int, timezone: str) -> int:
    """Days later at the same time of the clock, or after the gap if the clock skips it."""
    wall = wall_seconds_at(instant, timezone) + days * DAY
    later = instants(wall, timezone)
    return later[0] if later else midnight(wall // DAY + 1, timezone)


def find_person(text: str, directory: Directory, settings: Settings) -> int:
    """The id of the person whom a name means, even if they have left. Raises UsageError."""
    names = AccountNames(directory, settings.config.people, leavers=True)
    with as_usage_error("--person"):
        return names.person(PersonName(text.strip()))
