"""Why somebody is on call: one schedule at a moment, live or as its file says."""

from __future__ import annotations

from flashsync.api.endpoints.schedules import LONGEST_WINDOW, list_schedules, read_calendar
from flashsync.operations.account import instant
from flashsync.operations.calendar_sources import offline_zone, resolve_offline
from flashsync.operations.calendars import MARGIN, directory_of, find_name, read_declared
from flashsync.operations.selection import ALL
from flashsync.operations.session import Session
from flashsync.rotation.explain import ExplainedCase, explain


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


def _moment(session: Session, at: str | None, timezone: str) -> int:
    now = session.now()
    return now if at is None else instant(at, "--at", timezone, now=now)
