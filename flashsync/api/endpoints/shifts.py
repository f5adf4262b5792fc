"""Who is on call when, as the platform computes it (api.md, Endpoints, Computed shifts).

Windows are in Unix seconds; the answers to all of these are clipped to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flashsync.api.client import Client
from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw
from flashsync.api.codec.schedule import (
    read_name,
    read_schedule,
    read_shifts,
    read_team,
    write_schedule,
)
from flashsync.api.endpoints.schedules import complete, read_info
from flashsync.api.paging import list_all
from flashsync.model.calendar import Calendar
from flashsync.model.schedule import Schedule
from flashsync.model.timezone import DAY

LONGEST_WINDOW = 44 * DAY
"""Seconds: `/schedule/info` wants less than 45 days, the others at most 45."""

LONGEST_SELF_WINDOW = 29 * DAY
"""Seconds to ask `/schedule/self` for: it takes less than 30 days (api.md)."""

PREVIEW = "/schedule/preview"


@dataclass(frozen=True, slots=True)
class Live:
    """A schedule as it is configured, with its shifts in a window."""

    schedule: Schedule
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class ListedCalendar:
    """A schedule of a listing, with its shifts in a window."""

    id: int
    name: str
    team: int
    calendar: Calendar


def read_calendar(
    client: Client,
    id: int,
    timezone: str,
    start: int,
    end: int,
    *,
    lanes: bool = True,
    once: bool = False,
) -> Live:
    """One schedule with its shifts; the account's zone is `timezone`. Raises NotFound, Failure.

    Without `lanes` its calendar has none, and takes half the time to read. With `once` it is asked
    for one time, whatever comes.
    """

    def read(schedule: Schedule, raw: Raw) -> Live:
        return Live(schedule, read_shifts(raw, start, end, lanes=lanes))

    return read_info(client, id, timezone, start, end, read, once=once)


def preview(
    client: Client, schedule: Schedule, start: int, end: int, *, patient: bool = True
) -> Calendar:
    """The shifts that a configuration would have; nothing is written. Raises Failure.

    Only what decides about shifts is sent. Without `patient`, a 429 is raised at once.
    """
    draft = Schedule(schedule.name, layers=schedule.layers, overrides=schedule.overrides)
    body = {**write_schedule(draft), "start": start, "end": end}

    def read(data: Any) -> Calendar:
        return read_shifts(json_fields.whole(data), start, end)

    return client.fetch(PREVIEW, read, body, patient=patient)


def list_calendars(client: Client, start: int, end: int) -> tuple[ListedCalendar, ...]:
    """All schedules of the account with their shifts. Raises Failure."""

    def read(raw: Raw) -> ListedCalendar:
        return ListedCalendar(
            json_fields.integer(raw, "schedule_id", "id"),
            read_name(raw),
            read_team(raw),
            read_shifts(raw, start, end),
        )

    window = {"start": start, "end": end}
    return complete(list_all(client, "/schedule/list", read, lambda item: item.id, window))


def my_schedules(client: Client, timezone: str, start: int, end: int) -> tuple[Live, ...]:
    """The schedules that the key's member is on, within at most `LONGEST_SELF_WINDOW`.

    The answer may have no computed shifts (api.md).
    """

    def read_one(raw: Raw) -> Live:
        return Live(read_schedule(raw, timezone), read_shifts(raw, start, end))

    def read(data: Any) -> tuple[Live, ...]:
        return json_fields.objects(json_fields.whole(data), "items", read_one)

    return client.fetch("/schedule/self", read, {"start": start, "end": end})
