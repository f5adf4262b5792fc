"""The schedules of an account: list, read, create, update, delete; and who is on call when, as the
platform computes it (api.md, Endpoints, Computed shifts).

Windows are in Unix seconds; the answers to all that ask for one are clipped to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flashsync.api.client import LAST_PAGE, PAGE, Client, list_all
from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw, WrongShape
from flashsync.api.codec.schedule import (
    SCHEDULE_ID,
    SCHEDULE_NAME,
    TEAM,
    read_schedule,
    read_shifts,
    read_stamp,
    write_schedule,
)
from flashsync.api.errors import Failure, Unclear
from flashsync.model.calendar import Calendar
from flashsync.model.schedule import NO_TEAM, Schedule, Stamp, canonical_name
from flashsync.model.timezone import DAY

Value = TypeVar("Value")

INFO = "/schedule/info"
CREATE = "/schedule/create"
UPDATE = "/schedule/update"
DELETE = "/schedule/delete"
PREVIEW = "/schedule/preview"
_LIST = "/schedule/list"

LONGEST_WINDOW = 44 * DAY
"""Seconds: `/schedule/info` wants less than 45 days, the others at most 45."""

LONGEST_SELF_WINDOW = 29 * DAY
"""Seconds to ask `/schedule/self` for: it takes less than 30 days (api.md)."""

SMALLEST_WINDOW = 3600
"""Seconds: `/schedule/info` wants a window, and computes the shifts within it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A schedule as a listing shows it. `schedule` is there where the answer held all of it."""

    id: int
    name: str
    team: int
    stamp: Stamp
    schedule: Schedule | None = None


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


class _Identified(Protocol):
    @property
    def id(self) -> int: ...


Item = TypeVar("Item", bound=_Identified)


def list_schedules(
    client: Client, timezone: str, query: Mapping[str, str] | None = None
) -> tuple[Listed, ...]:
    """All schedules of the account in the zone `timezone`, or those for a `query`.

    Raises Failure, also where there are more than the platform lists.

    Documented listings have null for `layers`, and null, empty and absent mean the same: such a
    field may be empty or left out of the listing, so an item is read as a whole schedule only where
    it has each of them.
    """

    def read(raw: Raw) -> Listed:
        whole = bool(raw.get("layers") and raw.get("notify")) and "description" in raw
        return Listed(
            id=json_fields.integer(raw, *SCHEDULE_ID),
            name=json_fields.text(raw, *SCHEDULE_NAME, default=None),
            team=json_fields.integer(raw, *TEAM, default=NO_TEAM),
            stamp=read_stamp(raw),
            schedule=read_schedule(raw, timezone) if whole else None,
        )

    return _list_all(client, read, query)


def list_calendars(client: Client, start: int, end: int) -> tuple[ListedCalendar, ...]:
    """All schedules of the account with their shifts. Raises as `list_schedules`."""

    def read(raw: Raw) -> ListedCalendar:
        return ListedCalendar(
            id=json_fields.integer(raw, *SCHEDULE_ID),
            name=json_fields.text(raw, *SCHEDULE_NAME, default=None),
            team=json_fields.integer(raw, *TEAM, default=NO_TEAM),
            calendar=read_shifts(raw, start, end),
        )

    return _list_all(client, read, {"start": start, "end": end})


def _list_all(
    client: Client, read: Callable[[Raw], Item], query: Mapping[str, Any] | None
) -> tuple[Item, ...]:
    listing = list_all(client, _LIST, read, lambda item: item.id, query)
    if not listing.complete:
        raise Failure(
            _LIST,
            what=f"the account has {LAST_PAGE * PAGE:,} schedules or more",
            remedy="the platform lists no further, so flashsync cannot know them all",
        )
    return listing.items


def find_by_name(client: Client, name: str, timezone: str) -> Listed | None:
    """The schedule of that name (as identity compares names), or None."""
    wanted = canonical_name(name)
    matching = list_schedules(client, timezone, {"query": name})
    same = [listed for listed in matching if canonical_name(listed.name) == wanted]
    return next((listed for listed in same if listed.name == name), same[0] if same else None)


def read_schedule_info(client: Client, id: int, timezone: str, now: int) -> Schedule:
    """One schedule as it is configured; `now` is in Unix seconds. Raises NotFound, Failure."""
    end = now + SMALLEST_WINDOW
    return _read_info(client, id, timezone, now, end, lambda schedule, raw: schedule)


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
    return _read_info(
        client,
        id,
        timezone,
        start,
        end,
        lambda schedule, raw: Live(schedule, read_shifts(raw, start, end, lanes=lanes)),
        once=once,
    )


def _read_info(
    client: Client,
    id: int,
    timezone: str,
    start: int,
    end: int,
    read: Callable[[Schedule, Raw], Value],
    *,
    once: bool = False,
) -> Value:
    """What `read` makes of one schedule and of the answer that it is in."""

    def checked(data: Any) -> Value:
        raw = json_fields.whole(data)
        schedule = read_schedule(raw, timezone)
        if schedule.id != id:
            raise WrongShape(raw, "schedule_id", f"{id}, which was asked for,", schedule.id)
        return read(schedule, raw)

    body = {"schedule_id": id, "start": start, "end": end}
    return client.fetch(INFO, checked, body, once=once)


def read_many(client: Client, ids: Sequence[int], timezone: str, now: int) -> dict[int, Schedule]:
    """These schedules as they are configured, read in parallel, one request each.

    `/schedule/infos` has no layers (api.md), so it saves nothing.
    """
    wanted = list(dict.fromkeys(ids))
    read = client.each(lambda id: read_schedule_info(client, id, timezone, now), wanted)
    return dict(zip(wanted, read, strict=True))


def my_schedules(client: Client, timezone: str, start: int, end: int) -> tuple[Live, ...]:
    """The schedules that the key's member is on, within at most `LONGEST_SELF_WINDOW`.

    The answer may have no computed shifts (api.md).
    """

    def read(data: Any) -> tuple[Live, ...]:
        items = json_fields.listing(json_fields.whole(data), "items", dict)
        return tuple(
            Live(read_schedule(raw, timezone), read_shifts(raw, start, end)) for raw in items
        )

    return client.fetch("/schedule/self", read, {"start": start, "end": end})


def preview(
    client: Client, schedule: Schedule, start: int, end: int, *, patient: bool = True
) -> Calendar:
    """The shifts that a configuration would have; nothing is written. Raises Failure.

    Only what decides about shifts is sent. Without `patient`, a 429 is raised at once.
    """
    draft = Schedule(schedule.name, layers=schedule.layers, overrides=schedule.overrides)
    body = {**write_schedule(draft), "start": start, "end": end}
    return client.fetch(
        PREVIEW,
        lambda data: read_shifts(json_fields.whole(data), start, end),
        body,
        patient=patient,
    )


def create(client: Client, schedule: Schedule) -> int:
    """Create it and give its id; sent once.

    Raises Unclear where nobody knows whether it was created: look it up by `find_by_name`.
    """
    try:
        return client.fetch(
            CREATE,
            lambda data: json_fields.integer(json_fields.whole(data), "schedule_id"),
            write_schedule(schedule),
            once=True,
        )
    except Failure as error:
        failure = error
    raise Unclear(failure) if failure.maybe_done else failure


def update(client: Client, schedule: Schedule) -> None:
    """Write the whole schedule, which has an id; sent once.

    To send it again does no harm to itself, but a console override that was made in between would
    be lost: whoever repeats it reads first.
    """
    client.call(UPDATE, write_schedule(schedule), once=True)


def delete(client: Client, id: int) -> None:
    """Delete it; sent once. Raises NotFound where it is gone."""
    client.call(DELETE, {"schedule_ids": [id]}, once=True)
