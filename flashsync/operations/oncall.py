"""Who is on call, now and next, the shifts of the key's member, and why somebody is on call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.schedules import LONGEST_WINDOW, Live, list_schedules, read_calendar
from flashsync.errors import UsageError
from flashsync.model.calendar import (
    AskedMoment,
    Calendar,
    CalendarView,
    Post,
    Shift,
    ShownCalendar,
    Span,
    merged,
)
from flashsync.model.people import Account
from flashsync.model.timezone import DAY
from flashsync.operations.account import instant
from flashsync.operations.calendar_sources import offline_zone, resolve_offline
from flashsync.operations.calendars import (
    MARGIN,
    ShownCalendars,
    directory_of,
    find_name,
    list_calendars,
    match_live,
    read_declared,
    select_live,
)
from flashsync.operations.selection import ALL, Selection
from flashsync.operations.session import Session
from flashsync.rotation.calendar import calendar as computed_calendar
from flashsync.rotation.calendar import computable
from flashsync.rotation.explain import ExplainedCase, explain


@dataclass(frozen=True, slots=True)
class OncallPosts:
    """The schedules, and the moment that was asked for."""

    posts: list[Post]
    moment: AskedMoment


def read_oncall(
    session: Session, selection: Selection, *, all_: bool = False, at: str | None = None
) -> OncallPosts:
    """Who is on call on the declared schedules, or on all of the account; `at` is a time."""
    declared = None if all_ else read_declared(session, selection)
    settings = declared.settings if declared else session.settings()
    account = session.account(settings)
    now = session.now()
    asked = _moment(session, at, account.timezone)
    start = asked - 8 * DAY  # a week before and more, so that a weekly shift has its own start
    listed = list_calendars(session, (start, start + LONGEST_WINDOW))
    if declared:
        posts = [
            Post(pair.name, pair.live.id, pair.live.calendar) if pair.live else Post(pair.name)
            for pair in match_live(declared, listed)
        ]
    else:
        posts = [Post(one.name, one.id, one.calendar) for one in select_live(selection, listed)]
    calendars = [post.calendar for post in posts if post.calendar]
    directory = directory_of(session, settings, account, calendars)
    zone = session.shown_zone(account.timezone)
    return OncallPosts(posts, AskedMoment(asked, now, zone, directory))


def _moment(session: Session, at: str | None, timezone: str) -> int:
    now = session.now()
    return now if at is None else instant(at, "--at", timezone, now=now)


def read_my_shifts(session: Session, days: int, at: str | None = None) -> ShownCalendars:
    """The shifts of the key's member. Raises UsageError if the key has no member."""
    settings = session.settings()
    account = session.account(settings)
    if not account.member:
        message = f"this APP key is nobody's, it belongs to the account {account.name}"
        raise UsageError(message, "use a key that a member created")
    now = session.now()
    start = _moment(session, at, account.timezone)
    window = (start, start + days * DAY)
    with session.reporter.reading():
        mine = _my_calendars(session, account, window)
    directory = directory_of(session, settings, account, [one.calendar for one in mine])
    zone = session.shown_zone(account.timezone)
    return ShownCalendars(mine, CalendarView(window, zone, now, directory, person=account.member))


def _my_calendars(session: Session, account: Account, window: Span) -> list[ShownCalendar]:
    """The schedules that the key's member is on, from well before a window to well after it.

    The platform answers for less than 30 days, so it is asked several times. It may answer without
    computed shifts (api.md); for fair layers, which only the platform can compute, `/schedule/info`
    has them.
    """
    start, end = window[0] - MARGIN, window[1] + MARGIN
    step = schedules.LONGEST_SELF_WINDOW
    parts = [(at, min(at + step, end)) for at in range(start, end, step)]
    answers = chain.from_iterable(
        schedules.my_schedules(session.client, account.timezone, *part) for part in parts
    )
    by_id: dict[int, tuple[str, list[Shift]]] = {}
    for live in answers:
        _, final = by_id.setdefault(live.schedule.id or 0, (live.schedule.name, []))
        final += _read_final(session, live, account.timezone)
    return [
        ShownCalendar(name, Calendar(start, end, (), merged(final)), id)
        for id, (name, final) in by_id.items()
    ]


def _read_final(session: Session, live: Live, timezone: str) -> Sequence[Shift]:
    """The shifts of the answer; without computed shifts, the shifts that its layers give."""
    schedule, given = live.schedule, live.calendar
    if given.lanes or given.final:
        return given.final
    if not computable(schedule.layers):
        id, start, end = schedule.id or 0, given.start, given.end
        return read_calendar(session.client, id, timezone, start, end).calendar.final
    computed = computed_calendar(
        schedule.layers, schedule.overrides, timezone, given.start, given.end
    )
    return computed.final


# Why somebody is on call: one schedule at a moment, live or as its file says.


def explain_live(session: Session, name: str, at: str | None = None) -> ExplainedCase:
    """The schedule as it is configured now, and whom the platform has on call at the moment."""
    settings = session.settings()
    account = session.account(settings)
    moment = _moment(session, at, account.timezone)
    start = moment - MARGIN
    with session.reporter.reading():
        listed = {one.name: one.id for one in list_schedules(session.client, account.timezone)}
        id = listed[find_name(name, list(listed), "the account")]
        live = read_calendar(session.client, id, account.timezone, start, start + LONGEST_WINDOW)
    schedule = live.schedule
    directory = directory_of(session, settings, account, [live.calendar], schedule)
    explanation = explain(schedule.layers, schedule.overrides, account.timezone, moment)
    zone = session.shown_zone(account.timezone)
    return ExplainedCase(schedule, explanation, live.calendar, session.now(), zone, directory)


def explain_declared(session: Session, name: str, at: str | None = None) -> ExplainedCase:
    """The schedule as its file says, each layer counted from its `start`."""
    timezone = offline_zone(session.settings())
    declared = read_declared(session, ALL)
    moment = _moment(session, at, timezone)
    resolved = resolve_offline(declared.chosen, declared.settings)
    by_name = {schedule.name: schedule for schedule in resolved.schedules}
    schedule = by_name[find_name(name, list(by_name), "the files")]
    explanation = explain(schedule.layers, schedule.overrides, timezone, moment)
    zone = session.shown_zone(timezone)
    return ExplainedCase(schedule, explanation, None, session.now(), zone, resolved.directory)
