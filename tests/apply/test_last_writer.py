"""Who is named as having written since: what the log has after a write that is known."""

from __future__ import annotations

import json

import httpx
import pytest

from flashsync.apply.last_writer import Writers
from flashsync.model.people import Directory
from flashsync.model.schedule import Stamp
from flashsync.plan.words import Words
from tests.api.peers import client, ok

PLAN = 1_767_578_400
"""When it was made, by a clock that may be wrong."""
ALICE, BOB = 1, 2


def log(*writes: tuple[int, int, str]) -> httpx.Response:
    """Writes to schedule 7: seconds after the plan, who, by which request."""
    docs = [
        {
            "created_at": (PLAN + seconds) * 1000,
            "member_id": who,
            "member_name": f"member {who}",
            "operation": "update",
            "request_id": request,
            "body": json.dumps({"schedule_id": 7}),
        }
        for seconds, who, request in writes
    ]
    return ok({"docs": docs, "search_after_ctx": ""})


def named(response: httpx.Response, known: Stamp, *ours: str) -> list[str]:
    """The requests by which somebody wrote since."""
    peer = client(lambda request: response)
    writers = Writers(peer, Words(Directory({}, {}, {}), "UTC"), PLAN, PLAN + 60, ours)
    said = writers.of(7, "Mine", None, known)
    return [part.split(")")[0] for part in said.split("request ")[1:]]


@pytest.mark.parametrize("known", [Stamp(ALICE, PLAN - 90), Stamp(ALICE, PLAN + 90)])
def test_what_the_plan_has_seen_is_not_named_whatever_the_clocks_say(known: Stamp) -> None:
    at = known.at - PLAN
    answer = log((at + 2, BOB, "c"), (at + 1, BOB, "b"), (at, ALICE, "a"), (at - 1, BOB, "z"))
    assert named(answer, known) == ["c", "b"]


def test_a_stamp_from_long_ago_is_not_in_what_is_searched() -> None:
    answer = log((-50, BOB, "b"), (-100, ALICE, "a"))
    assert named(answer, Stamp(ALICE, PLAN - 9_999)) == ["b", "a"]


def test_without_a_stamp_it_is_the_time_of_the_plan() -> None:
    assert named(log((1, BOB, "b"), (-1, ALICE, "a")), Stamp()) == ["b"]


def test_of_two_writes_in_one_second_the_last_came_later() -> None:
    twice = log((5, ALICE, "b"), (5, ALICE, "a"))
    assert named(twice, Stamp(ALICE, PLAN + 5)) == ["b"]
    assert named(log((5, ALICE, "a")), Stamp(ALICE, PLAN + 5)) == []
    with_bob = log((5, BOB, "c"), (5, ALICE, "b"), (5, ALICE, "a"))
    assert named(with_bob, Stamp(ALICE, PLAN + 5)) == ["c"]


def test_what_came_before_a_write_of_ours_is_not_named() -> None:
    answer = log((-5, BOB, "c"), (-10, ALICE, "ours"), (-20, BOB, "a"))
    assert named(answer, Stamp(), "ours") == ["c"]
    assert named(log((3, ALICE, "ours"), (2, BOB, "a")), Stamp(), "ours") == []
