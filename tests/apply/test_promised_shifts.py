"""After a write, the shifts that the platform computes are held to what the plan promised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from flashsync.errors import ExitCode
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.operations.options import EffectsMode
from flashsync.plan.outcome import Outcome, WriteStatus
from flashsync.sandbox import Reply
from tests.apply.conftest import schedule
from tests.clock import frozen
from tests.promises.loop import Loop

DAY = 86400
EXACT = Rollout(RolloutKind.EXACT)
SWAPPED = [{**schedule()["layers"][0], "groups": ["bob@example.com", "alice@example.com"]}]


def differently(person: int) -> Callable[..., Reply | None]:
    """A platform that puts somebody else on call than the rules and the preview say."""
    written = False

    def hook(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        nonlocal written
        written = written or endpoint in ("/schedule/create", "/schedule/update")
        if endpoint != "/schedule/info" or not written:
            return None
        reply = act()
        for shift in reply.content["data"]["final_schedule"]["schedules"][:1]:
            shift["group"]["members"] = [{"role_id": 0, "person_ids": [person]}]
        return reply

    return hook


def erin(loop: Loop) -> int:
    people = loop.sandbox.world.account.people.values()
    return next(one.person_id for one in people if one.email == "erin@example.com")


def told(outcome: Outcome) -> str:
    return str(outcome.results[0].problem)


def test_a_create_with_other_shifts_is_not_finished(loop: Loop) -> None:
    loop.write(schedule())
    planned = loop.plan()
    loop.sandbox.hook = differently(erin(loop))
    outcome = loop.apply(planned)
    assert outcome.exit_code is ExitCode.UNFINISHED
    assert outcome.results[0].status is WriteStatus.DIFFERS
    assert "was promised, and erin" in told(outcome).replace("Erin", "erin")


def test_an_update_with_other_shifts_is_not_finished(loop: Loop) -> None:
    loop.write(schedule())
    loop.apply(loop.plan())
    loop.write(schedule(layers=SWAPPED))
    planned = loop.plan(rollout=EXACT)
    loop.sandbox.hook = differently(erin(loop))
    outcome = loop.apply(planned)
    assert outcome.exit_code is ExitCode.UNFINISHED
    assert "was promised" in told(outcome)


def test_an_edit_that_moves_nobody_promises_that(loop: Loop) -> None:
    loop.write(schedule())
    loop.apply(loop.plan())
    loop.write(schedule(description="New words"))
    planned = loop.plan()
    loop.sandbox.hook = differently(erin(loop))
    assert loop.apply(planned).exit_code is ExitCode.UNFINISHED


@pytest.mark.parametrize("mode", [EffectsMode.NONE, EffectsMode.SERVER])
def test_what_was_not_computed_is_not_promised(loop: Loop, mode: EffectsMode) -> None:
    loop.write(schedule())
    planned = loop.plan(effects=mode)
    loop.sandbox.hook = differently(erin(loop))
    expected = ExitCode.OK if mode is EffectsMode.NONE else ExitCode.UNFINISHED
    assert loop.apply(planned).exit_code is expected


def test_a_swap_in_the_console_after_the_plan_breaks_no_promise(loop: Loop) -> None:
    loop.write(schedule())
    loop.apply(loop.plan())
    loop.write(schedule(layers=SWAPPED))
    planned = loop.plan(rollout=EXACT)
    start = int(frozen()) // DAY * DAY
    loop.sandbox.console.add_override("Production", ["erin@example.com"], start, start + 2 * DAY)
    outcome = loop.apply(planned)
    assert outcome.exit_code is ExitCode.OK
    assert "kept an override" in outcome.results[0].notes[0]


def test_a_swap_that_vanished_after_the_plan_breaks_no_promise(loop: Loop) -> None:
    loop.write(schedule())
    loop.apply(loop.plan())
    start = int(frozen()) // DAY * DAY
    loop.sandbox.console.add_override("Production", ["erin@example.com"], start, start + 2 * DAY)
    loop.write(schedule(layers=SWAPPED))
    planned = loop.plan(rollout=EXACT)
    layers = loop.sandbox.console.schedule("Production")["layers"]
    kept = [layer for layer in layers if layer["mode"] == 0]
    loop.sandbox.console.edit("Production", {"layers": kept})
    assert loop.apply(planned).exit_code is ExitCode.OK


def test_a_console_override_after_the_plan_breaks_no_promise(loop: Loop) -> None:
    start = int(frozen()) // DAY * DAY + DAY
    cover = {
        "override": "Away",
        "from": f"{datetime.fromtimestamp(start, UTC):%Y-%m-%d %H:%M}Z",
        "to": f"{datetime.fromtimestamp(start + 2 * DAY, UTC):%Y-%m-%d %H:%M}Z",
        "people": ["carol@example.com"],
    }
    loop.write(schedule())
    loop.apply(loop.plan())
    loop.write(schedule(overrides=[cover]))
    planned = loop.plan()
    loop.sandbox.console.add_override(
        "Production", ["erin@example.com"], start + DAY // 2, start + 3 * DAY
    )
    assert loop.apply(planned).exit_code is ExitCode.OK
