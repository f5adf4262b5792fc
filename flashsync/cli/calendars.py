"""Reading who is on call: the options, the account and the people that such commands share."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from flashsync.api.client import Client
from flashsync.api.endpoints import people, shifts
from flashsync.api.endpoints.shifts import ListedCalendar, Live
from flashsync.cli.output import Output, write, write_json
from flashsync.cli.run import Run
from flashsync.declared.people import PersonName
from flashsync.declared.problems import nearest
from flashsync.errors import FilesError, UsageError
from flashsync.model.calendar import Calendar, Shift, Span, merged
from flashsync.model.desired import Desired
from flashsync.model.mask import hide
from flashsync.model.people import Account, Directory
from flashsync.model.schedule import Schedule, canonical_name
from flashsync.model.timezone import DAY, instants, wall_seconds_at
from flashsync.model.wording import first
from flashsync.operations.account import check_account, with_people_of
from flashsync.operations.files import (
    Declared,
    Reading,
    Settings,
    find_files,
    matches,
    read_schedules,
    read_settings,
    select,
)
from flashsync.operations.planning import words_of_account
from flashsync.plan.match import Known, match
from flashsync.render.calendar.model import CalendarView, ShownCalendar, midnight
from flashsync.resolve.names import AccountNames, Doubt
from flashsync.rotation.calendar import calendar as counted
from flashsync.rotation.calendar import computable

MARGIN = 15 * DAY
"""Seconds: so much is read on both sides of what is shown, so that shifts have their own ends."""


class Rota(Run):
    """A run that reads calendars."""

    def settings(self) -> Settings:
        """flashsync.yaml."""
        return read_settings(self._given["config"], self._cwd)

    def declared(self, settings: Settings) -> tuple[list[Declared], list[Declared]]:
        """The schedules of the files that are asked for, and the others. Raises FilesError."""
        reading = Reading()
        files = find_files(settings, self._given["paths"], self._cwd)
        found = list(read_schedules(files, reading, settings.config.secrets))
        reading.stop_on_errors()
        chosen = select(found, self._given["only"], reading)
        self.output.read(reading)
        wanted = [one for one in chosen if not one.schedule.absent]
        taken = {id(one) for one in wanted}
        return wanted, [one for one in found if id(one) not in taken]

    def connected(self) -> Client:
        """The client."""
        return self._connected()

    def account(self, settings: Settings) -> Account:
        """The account of the key. Raises AccountError."""
        return check_account(self.connected(), settings)

    def shown_zone(self, account: Account) -> str:
        """The zone in which times are shown."""
        return self._given["timezone"] or account.timezone

    def listed(self, window: Span) -> tuple[ListedCalendar, ...]:
        """All schedules of the account, with their shifts."""
        with self.output.reading():
            return shifts.list_calendars(self.connected(), *window)

    def directory(
        self,
        settings: Settings,
        account: Account,
        calendars: Iterable[Calendar],
        *schedules: Schedule,
    ) -> Directory:
        """Everyone in the account, and whoever else is on a calendar or a schedule."""
        client = self.connected()
        found = words_of_account(client, settings, account).directory
        return with_people_of(client, with_people_on(client, found, calendars), schedules)


def with_people_on(
    client: Client, directory: Directory, calendars: Iterable[Calendar]
) -> Directory:
    """The directory with everyone who is on one of the calendars."""
    ids = {id for one in calendars for shift in _all_shifts(one) for id in shift.people}
    unknown = {id for id in ids if id > 0} - directory.people.keys()
    if not unknown:
        return directory
    return replace(directory, people={**directory.people, **people.persons(client, unknown)})


def _all_shifts(calendar: Calendar) -> Iterable[Shift]:
    yield from calendar.final
    for lane in calendar.lanes:
        yield from lane.shifts


def live_of(
    declared: Sequence[Declared], others: Sequence[Declared], listed: Sequence[ListedCalendar]
) -> list[tuple[str, ListedCalendar | None]]:
    """Each declared schedule with the live one that it is. Raises FilesError."""
    known = [Known(one.id, one.name, one.team) for one in listed]
    matching = match(
        [_identity(one) for one in declared], known, [_identity(one) for one in others]
    )
    if matching.problems:
        raise FilesError(matching.problems)
    by_id = {one.id: one for one in listed}
    return [
        (found.desired.name, by_id[found.live.id] if found.live else None)
        for found in matching.matches
    ]


def _identity(one: Declared) -> Desired:
    given = one.schedule
    return Desired(
        Schedule(given.schedule, id=given.id), one.origin.position, given.renamed_from, given.absent
    )


def narrowed(listed: Sequence[ListedCalendar], only: Sequence[str]) -> list[ListedCalendar]:
    """The schedules that `--only` names, by name or glob. Raises UsageError for an unused one."""
    for pattern in only:
        if not any(matches(one.name, [pattern]) for one in listed):
            remedy = "check the name; a glob like 'prod-*' needs quotes in the shell"
            raise UsageError(f"--only {pattern} matches no schedule of the account", remedy)
    return [one for one in listed if not only or matches(one.name, only)]


def one_named(wanted: str, names: Sequence[str], where: str) -> str:
    """The one of the names that is meant, or that fits the glob. Raises UsageError."""
    same = [name for name in names if canonical_name(name) == canonical_name(wanted)]
    found = same or [name for name in names if matches(name, [wanted])]
    if len(found) == 1 or same:
        return found[0]
    if found:
        few = first([f"`{name}`" for name in found], 3)
        raise UsageError(f"{wanted} matches {few}", "name one of them")
    parts = [name for name in names if wanted.casefold() in name.casefold()]
    near = parts[0] if len(parts) == 1 else nearest(wanted, names)
    remedy = f"did you mean `{near}`?" if near else "`flashsync oncall --all` lists them"
    raise UsageError(f"no schedule of {where} is named `{wanted}`", remedy)


def my_calendars(client: Client, account: Account, window: Span) -> list[ShownCalendar]:
    """The schedules that the key's member is on, from well before a window to well after it.

    The platform answers for 30 days at most, so that it is asked several times.
    """
    start, end = window[0] - MARGIN, window[1] + MARGIN
    step = shifts.LONGEST_SELF_WINDOW
    parts = [(at, min(at + step, end)) for at in range(start, end, step)]
    found: dict[int, tuple[str, list[Shift]]] = {}
    for live in chain.from_iterable(_mine(client, account, part) for part in parts):
        id = live.schedule.id or 0
        _, final = found.setdefault(id, (live.schedule.name, []))
        final += _final(live, account.timezone)
    return [
        ShownCalendar(name, Calendar(start, end, (), merged(final)), id)
        for id, (name, final) in found.items()
    ]


def _final(live: Live, timezone: str) -> Sequence[Shift]:
    """What the answer says; where it has no computed shifts, what its layers give."""
    schedule, given = live.schedule, live.calendar
    if given.lanes or given.final or not computable(schedule.layers):
        return given.final
    return counted(schedule.layers, schedule.overrides, timezone, given.start, given.end).final


def _mine(client: Client, account: Account, window: Span) -> tuple[Live, ...]:
    return shifts.my_schedules(client, account.timezone, *window)


def write_calendars(output: Output, shown: Sequence[ShownCalendar], view: CalendarView) -> None:
    """Calendars in the format that was asked for."""
    if output.format == "json":
        from flashsync.render.calendar.json import render_calendar_json

        write_json(render_calendar_json(shown, view))
    elif output.format == "ics":
        write_ics(shown, view)
    else:
        from flashsync.render.calendar.text import render_calendar

        write(render_calendar(shown, view, output.results))


def write_ics(shown: Sequence[ShownCalendar], view: CalendarView) -> None:
    """Calendars as an iCalendar file; its text is UTF-8 whatever the terminal speaks."""
    from flashsync.render.calendar.ics import render_ics

    text = render_ics(shown, view)
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        write(text)
    else:
        sys.stdout.flush()
        buffer.write(hide(text).encode())
        buffer.flush()


def days_later(instant: int, days: int, timezone: str) -> int:
    """Days later at the same time of the clock, or after the gap where the clock skips it."""
    wall = wall_seconds_at(instant, timezone) + days * DAY
    found = instants(wall, timezone)
    return found[0] if found else midnight(wall // DAY + 1, timezone)


def person_named(text: str, directory: Directory, settings: Settings) -> int:
    """The id of the person whom a name means, be it one who has left. Raises UsageError."""
    names = AccountNames(directory, settings.config.people, leavers=True)
    try:
        return names.person(PersonName(text.strip()))
    except Doubt as doubt:
        raise UsageError(f"--person: {doubt.message}", doubt.remedy) from None
