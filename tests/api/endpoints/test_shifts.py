"""Computed shifts: read from each answer that has them, and asked for against the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from flashsync.api.client import Client
from flashsync.api.codec.json_fields import WrongShape
from flashsync.api.codec.schedule import read_shifts
from flashsync.api.concurrency import Patience
from flashsync.api.credentials import Credentials
from flashsync.api.endpoints.schedules import list_calendars, my_schedules, preview, read_calendar
from flashsync.api.errors import TooFrequent
from flashsync.api.rate_limit import Limiter
from flashsync.model.calendar import Shift
from flashsync.model.notify import Secret
from flashsync.model.schedule import Member
from flashsync.model.timezone import DAY
from flashsync.sandbox import UNLIMITED, Options, Sandbox, refusal, running, seed

NOW = 1_795_000_000
ZONE = "Asia/Shanghai"


def shift(start: int, end: int, *people: int, index: int = 0) -> dict[str, Any]:
    group = {"group_name": "A", "members": [{"role_id": 0, "person_ids": list(people)}]}
    return {"start": start, "end": end, "group": group, "index": index}


def on_call(start: int, end: int, *people: int) -> Shift:
    return Shift(start, end, frozenset(map(Member, people)))


def test_touching_shifts_of_the_same_people_are_one() -> None:
    answer = {"final_schedule": {"schedules": [shift(0, 5, 1), shift(5, 9, 1), shift(9, 12, 2)]}}
    assert read_shifts(answer, 0, 20).final == (on_call(0, 9, 1), on_call(9, 12, 2))


def test_shifts_are_clipped_to_the_window() -> None:
    answer = {"final_schedule": {"schedules": [shift(0, 5, 1), shift(8, 30, 2), shift(40, 50, 1)]}}
    assert read_shifts(answer, 2, 20).final == (on_call(2, 5, 1), on_call(8, 20, 2))


def test_shifts_that_overlap_are_on_call_together() -> None:
    answer = {"final_schedule": [{"schedules": [shift(0, 6, 1)]}, {"schedules": [shift(4, 9, 2)]}]}
    expected = (on_call(0, 4, 1), on_call(4, 6, 1, 2), on_call(6, 9, 2))
    assert read_shifts(answer, 0, 20).final == expected


@pytest.mark.parametrize("nothing", [None, {}, [], {"schedules": None}, {"schedules": []}])
def test_no_shifts_have_many_forms(nothing: object) -> None:
    assert read_shifts({"final_schedule": nothing}, 0, 20).final == ()
    assert read_shifts({}, 0, 20).final == ()


@pytest.mark.parametrize("key", ["schedule_layers", "layer_schedules"])
def test_lanes_are_read_from_both_names_overrides_last(key: str) -> None:
    answer = {
        key: [
            {"layer_name": "Swap", "mode": 1, "schedules": [shift(4, 5, 2)]},
            {"layer_name": "Primary", "mode": 0, "schedules": [shift(0, 9, 1, index=3)]},
        ]
    }
    first, second = read_shifts(answer, 0, 20).lanes
    assert (first.name, first.override, first.shifts[0].index) == ("Primary", False, 3)
    assert (second.name, second.override) == ("Swap", True)


def test_a_wrong_shape_is_named_by_its_path() -> None:
    answer = {"final_schedule": {"schedules": [{"start": "x", "end": 5, "group": {}}]}}
    with pytest.raises(WrongShape) as wrong:
        read_shifts(answer, 0, 20)
    assert "final_schedule.schedules[0].start" in wrong.value.within(answer)


@pytest.fixture(params=["null", "empty", "missing"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    options = Options(form=request.param, limits=UNLIMITED)
    with running(seed("demo"), options, now=lambda: NOW) as server:
        yield server


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    given = Credentials(Secret("sandbox-key"), sandbox.url)
    with Client(given, sleep=lambda seconds: None) as found:
        yield found


def test_all_endpoints_say_the_same_of_a_schedule(client: Client) -> None:
    window = (NOW, NOW + 20 * DAY)
    listed = list_calendars(client, *window)
    assert len(listed) == 3
    for one in listed:
        live = read_calendar(client, one.id, ZONE, *window)
        assert live.calendar.final == one.calendar.final
        bare = read_calendar(client, one.id, ZONE, *window, lanes=False)
        assert (bare.calendar.lanes, bare.calendar.final) == ((), one.calendar.final)
        assert preview(client, live.schedule, *window).final == one.calendar.final
        assert [lane.override for lane in live.calendar.lanes] == sorted(
            lane.override for lane in live.calendar.lanes
        )
    for mine in my_schedules(client, ZONE, *window):
        (same,) = (one for one in listed if one.id == mine.schedule.id)
        assert mine.calendar.final == same.calendar.final


def test_an_impatient_preview_is_refused_at_once(client: Client, sandbox: Sandbox) -> None:
    live = read_calendar(client, list_calendars(client, NOW, NOW + DAY)[0].id, ZONE, NOW, NOW + DAY)
    sandbox.fail_next(refusal("RequestTooFrequently"), "/schedule/preview")
    with pytest.raises(TooFrequent):
        preview(client, live.schedule, NOW, NOW + DAY, patient=False)
    assert sandbox.counts["/schedule/preview"] == 1


def test_the_room_for_previews_counts_what_the_limits_let_through() -> None:
    clock = [100.0]
    limiter = Limiter(1.0, Patience(lambda seconds: None, lambda: clock[0]))
    assert limiter.room("/schedule/preview", 0) == 10
    assert limiter.room("/schedule/preview", 20) == 40
    assert limiter.room("/schedule/info", 0) == 50
    for _ in range(40):
        clock[0] += 1
        with limiter.slot("/schedule/preview"):
            pass
    assert limiter.room("/schedule/preview", 20) == 0
    assert limiter.room("/schedule/preview", 30) > 0
    limiter.pause(100)
    assert limiter.room("/schedule/preview", 30) == 0
