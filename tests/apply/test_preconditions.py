"""Before a write: what it would do to shifts is held to the plan, and later writers are named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from flashsync.api.endpoints.schedules import read_schedule_info
from flashsync.apply import preconditions
from flashsync.apply.preconditions import Writers
from flashsync.errors import RefusedError
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.people import Directory
from flashsync.model.schedule import Stamp
from flashsync.model.timezone import DAY
from flashsync.operations.options import EffectsMode
from flashsync.operations.planning import Planned
from flashsync.plan.model import Effect, EffectSource, Update
from flashsync.plan.promised_shifts import Window
from flashsync.plan.words import Words
from flashsync.sandbox import Reply
from tests.api.peers import client, ok
from tests.apply.conftest import schedule
from tests.clock import Clock
from tests.promises.loop import Loop

EXACT = Rollout(RolloutKind.EXACT)
SWAPPED = [{**schedule()["layers"][0], "groups": ["bob@example.com", "alice@example.com"]}]
NIGHTS = {
    "layer": "Nights",
    "rotation": "1 day",
    "start": "2026-01-05 22:00",
    "groups": ["carol@example.com", "dave@example.com"],
}


def promising_nothing(planned: Planned) -> Planned:
    """The plan with an update that shows no shift that moves."""
    plan = planned.plan
    actions = tuple(
        replace(one, effect=Effect(EffectSource.LOCAL)) if isinstance(one, Update) else one
        for one in plan.actions
    )
    return replace(planned, plan=replace(plan, actions=actions))


def applied(loop: Loop, **more: Any) -> None:
    loop.write(schedule(**more))
    loop.apply(loop.plan())


def refused(loop: Loop, planned: Planned) -> str:
    """What an apply says that writes nothing."""
    writes = []
    earlier = loop.sandbox.hook

    def hook(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if endpoint == "/schedule/update":
            writes.append(body)
        return earlier(endpoint, body, act) if earlier else None

    loop.sandbox.hook = hook
    with pytest.raises(RefusedError) as refusal:
        loop.apply(planned)
    assert writes == []
    return "; ".join(problem.text for problem in refusal.value.problems)


def test_shifts_that_the_plan_does_not_show_are_refused_before_the_write(loop: Loop) -> None:
    applied(loop)
    loop.write(schedule(layers=SWAPPED))
    said = refused(loop, promising_nothing(loop.plan(rollout=EXACT, effects=EffectsMode.LOCAL)))
    assert "writing `Production` would move a shift that the plan does not show: " in said
    assert "Sat 21 Nov 16:33 – Mon 23 Nov 10:00 from Bob Martin to Alice Zhang, and 2 more" in said


def test_nothing_is_written_where_one_of_several_would_move_shifts(loop: Loop) -> None:
    loop.write(schedule("Calm"), schedule())
    loop.apply(loop.plan())
    loop.write(schedule("Calm", description="New"), schedule(layers=SWAPPED))
    assert "`Production`" in refused(
        loop, promising_nothing(loop.plan(rollout=EXACT, effects=EffectsMode.LOCAL))
    )


def test_a_layer_that_the_plan_leaves_alone_moves_not_even_in_its_past(
    loop: Loop, clock: Clock
) -> None:
    """As the platform would store it: here, with a start that a faulty write has moved."""
    layers = [schedule()["layers"][0], NIGHTS]
    applied(loop, layers=layers)
    loop.write(schedule(layers=layers, description="New"))
    (action,) = loop.plan().plan.writes
    assert isinstance(action, Update)
    zone = loop.sandbox.world.account.time_zone
    live = read_schedule_info(loop.client, action.id, zone, clock.now)
    faulty = replace(
        live, layers=(replace(live.layers[0], start=live.layers[0].start - DAY), *live.layers[1:])
    )
    window = Window(clock.now, clock.now + 14 * DAY, clock.now)
    found = preconditions.unshown_by_engine(action, live, faulty, zone, window)
    assert found
    assert found[0].start < clock.now
    assert preconditions.unshown_by_engine(action, live, live, zone, window) == ()
    silent = replace(action, effect=None)
    assert preconditions.unshown_by_engine(silent, live, faulty, zone, window) == found


def other_rules(loop: Loop, *, in_previews: bool) -> None:
    """A platform that reads the live layers in another way than the local engine."""
    erin = next(
        one.person_id
        for one in loop.sandbox.world.account.people.values()
        if one.email == "erin@example.com"
    )
    changed = ("/schedule/info", "/schedule/preview") if in_previews else ("/schedule/info",)

    def hook(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if endpoint not in changed:
            return None
        reply = act()
        for shift in reply.content["data"]["final_schedule"]["schedules"]:
            shift["group"]["members"] = [{"role_id": 0, "person_ids": [erin]}]
        return reply

    loop.sandbox.hook = hook


def test_where_the_engine_is_wrong_the_preview_speaks_before_the_write(loop: Loop) -> None:
    applied(loop)
    loop.write(schedule(description="New words"))
    planned = loop.plan()
    other_rules(loop, in_previews=False)
    assert "from Erin Novak to Bob Martin" in refused(loop, planned)


def test_where_the_engine_is_wrong_and_the_preview_agrees_it_is_written(loop: Loop) -> None:
    applied(loop)
    loop.write(schedule(description="New words"))
    planned = loop.plan()
    other_rules(loop, in_previews=True)
    assert loop.apply(planned).exit_code == 0


def test_a_platform_that_gives_no_preview_is_written_to(loop: Loop) -> None:
    applied(loop)
    loop.write(schedule(description="New words"))
    planned = loop.plan()
    other_rules(loop, in_previews=True)
    earlier = loop.sandbox.hook

    def hook(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if endpoint == "/schedule/preview":
            return Reply(403, {"error": {"code": "AccessDenied", "message": "no"}})
        return earlier(endpoint, body, act) if earlier else None

    loop.sandbox.hook = hook
    assert loop.apply(planned).exit_code == 0


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
