"""The schedules of an account: list, read, create, update, delete (api.md, Endpoints)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flashsync.api.client import Client
from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw, WrongShape
from flashsync.api.codec.schedule import (
    read_name,
    read_schedule,
    read_stamp,
    read_team,
    write_schedule,
)
from flashsync.api.errors import Failure, Unclear
from flashsync.api.paging import LAST_PAGE, PAGE, Listing, list_all
from flashsync.model.schedule import Schedule, Stamp, canonical_name

Value = TypeVar("Value")

INFO = "/schedule/info"
CREATE = "/schedule/create"
UPDATE = "/schedule/update"
DELETE = "/schedule/delete"

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


def list_schedules(
    client: Client, timezone: str, query: Mapping[str, str] | None = None
) -> tuple[Listed, ...]:
    """All schedules of the account in the zone `timezone`, or those for a `query`.

    Raises Failure, also where there are more than the platform lists.
    """

    def read(raw: Raw) -> Listed:
        return Listed(
            id=json_fields.integer(raw, "schedule_id", "id"),
            name=read_name(raw),
            team=read_team(raw),
            stamp=read_stamp(raw),
            schedule=read_schedule(raw, timezone) if _whole(raw) else None,
        )

    return complete(list_all(client, "/schedule/list", read, lambda item: item.id, query))


def _whole(raw: Raw) -> bool:
    """Whether an item of a listing holds all that `/schedule/info` would.

    Documented listings have null for `layers`, and null, empty and absent mean the same: such a
    field may be empty or left out of the listing, so only an answer that has each of them counts.
    """
    return bool(raw.get("layers") and raw.get("notify")) and "description" in raw


def find_by_name(client: Client, name: str, timezone: str) -> Listed | None:
    """The schedule of that name (as identity compares names), or None."""
    wanted = canonical_name(name)
    matching = list_schedules(client, timezone, {"query": name})
    same = [listed for listed in matching if canonical_name(listed.name) == wanted]
    return next((listed for listed in same if listed.name == name), same[0] if same else None)


def read_schedule_info(client: Client, id: int, timezone: str, now: int) -> Schedule:
    """One schedule as it is configured; `now` is in Unix seconds. Raises NotFound, Failure."""
    end = now + SMALLEST_WINDOW
    return read_info(client, id, timezone, now, end, lambda schedule, raw: schedule)


def read_info(
    client: Client,
    id: int,
    timezone: str,
    start: int,
    end: int,
    read: Callable[[Schedule, Raw], Value],
    *,
    once: bool = False,
) -> Value:
    """What `read` makes of one schedule and of the answer that it is in, for a window.

    The window is in Unix seconds; with `once` it is asked for one time. Raises NotFound, Failure.
    """

    def checked(data: Any) -> Value:
        raw = json_fields.whole(data)
        schedule = read_schedule(raw, timezone)
        if schedule.id != id:
            raise WrongShape("schedule_id", f"{id}, which was asked for,", schedule.id)
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


def create(client: Client, schedule: Schedule) -> int:
    """Create it and give its id; sent once.

    Raises Unclear where nobody knows whether it was created: look it up by `find_by_name`.
    """

    def read(data: Any) -> int:
        return json_fields.integer(json_fields.whole(data), "schedule_id")

    try:
        return client.fetch(CREATE, read, write_schedule(schedule), once=True)
    except Failure as error:
        failure = error
    raise Unclear(failure) if failure.maybe_done else failure


def update(client: Client, schedule: Schedule) -> None:
    """Write the whole schedule, which has an id; sent once.

    To send it again does no harm to itself, but a console override that was made in between would
    be lost: whoever repeats it reads first.
    """
    client.fetch(UPDATE, _anything, write_schedule(schedule), once=True)


def delete(client: Client, id: int) -> None:
    """Delete it; sent once. Raises NotFound where it is gone."""
    client.fetch(DELETE, _anything, {"schedule_ids": [id]}, once=True)


def _anything(data: Any) -> None:
    """The answer to a write has nothing that is not read back."""


def complete(listing: Listing[Value]) -> tuple[Value, ...]:
    """The schedules of a listing. Raises Failure where there are more than the platform lists."""
    if not listing.complete:
        raise Failure(
            "/schedule/list",
            what=f"the account has {LAST_PAGE * PAGE:,} schedules or more",
            remedy="the platform lists no further, so flashsync cannot know them all",
        )
    return listing.items
