"""Time passes while a schedule is read and written: what is sent is of one moment."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.errors import ExitCode
from flashsync.sandbox import Reply
from flashsync.sandbox.rotation import on_call
from tests.apply.conftest import schedule
from tests.clock import Clock
from tests.promises.loop import Loop

ZONE = "Asia/Shanghai"
WEEK_OFF = {
    "override": "Alice is ill",
    "from": "2026-11-21 00:00",
    "to": "2026-11-28 00:00",
    "people": ["carol@example.com"],
}
"""It runs: the clock of tests stands on the 21st."""
SHORTER = {**WEEK_OFF, "to": "2026-11-24 00:00"}
OTHER = {**WEEK_OFF, "people": ["dave@example.com"]}
EDITS: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "comes": ([], [WEEK_OFF]),
    "goes": ([WEEK_OFF], []),
    "becomes shorter": ([WEEK_OFF], [SHORTER]),
    "is somebody else's": ([WEEK_OFF], [OTHER]),
}


@pytest.mark.parametrize("lost", [0, 1, 2], ids=["answered", "one answer lost", "two lost"])
@pytest.mark.parametrize(("before", "after"), EDITS.values(), ids=EDITS)
def test_an_override_that_runs_is_written_however_long_each_request_takes(
    loop: Loop,
    clock: Clock,
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    lost: int,
) -> None:
    loop.write(schedule(overrides=before))
    assert loop.apply(loop.plan()).exit_code is ExitCode.OK
    clock.advance(3600)
    loop.write(schedule(overrides=after))
    planned = loop.plan()
    asked, was = clock.now, on_call(layers(loop), ZONE, clock.now - 1)

    def slowly(endpoint: str, body: Any, act: Any) -> Reply | None:
        clock.advance(7)
        return None

    loop.sandbox.hook = slowly
    if lost:
        loop.sandbox.fail_next(Reply(drop=True), "/schedule/update", acted=True, times=lost)
    outcome = loop.apply(planned)
    assert [str(one.problem) for one in outcome.results if one.problem] == []
    assert outcome.exit_code is ExitCode.OK
    loop.sandbox.hook = None
    assert loop.plan().plan.empty
    assert on_call(layers(loop), ZONE, asked - 1) == was


def layers(loop: Loop) -> Any:
    return loop.sandbox.world.account.schedule("Production").layers
