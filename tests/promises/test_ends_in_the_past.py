"""The promise: a file's `end` that has passed ends what runs now, and never the calendar's past.

Judged by the sandbox's own counter over the past 60 and the next 120 days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note
from hypothesis import strategies as st

from flashsync.errors import ExitCode
from flashsync.model.desired import Rollout
from flashsync.plan.saved.later_cut import pinned
from flashsync.plan.saved.staleness import late, refusals
from flashsync.sandbox.model import Layer
from tests.clock import NOW, Clock
from tests.promises import oracle, rotas
from tests.promises.loop import Loop
from tests.properties import trying
from tests.rotation import edits

DAY, HALF = 86400, 1800
PAST, COMING = 60 * DAY, 120 * DAY
ROLLOUTS = {
    "next_handoff": edits.NEXT,
    "now": edits.NOW,
    "exact": edits.EXACT,
    "a date": edits.on_date(NOW - NOW % HALF + 3 * DAY),
}
SOON = NOW + 600 + HALF
"""A layer that ends now has ended by then: ten minutes for the write, and up to the half-hour."""

ALICE, BOB, CAROL = (f"{name}@example.com" for name in ("alice", "bob", "carol"))
BEFORE = "2026-06-01 10:00"


def rota(**more: Any) -> dict[str, Any]:
    whole = {"layer": "P", "rotation": "1 week", "start": BEFORE, "groups": [ALICE, BOB], **more}
    return {"schedule": rotas.NAME, "layers": [whole]}


def put(loop: Loop, clock: Clock, *trees: dict[str, Any], at: int = NOW - 90 * DAY) -> None:
    """Apply these, each a week after the one before it; then it is now."""
    loop.forget()
    loop.sandbox.world.account.time_zone = "Asia/Shanghai"
    for number, tree in enumerate(trees):
        clock.set(at + number * 7 * DAY)
        loop.write(tree)
        assert loop.apply(loop.plan(judged=False)).exit_code is ExitCode.OK
    clock.set(NOW)


def live(loop: Loop) -> Sequence[Layer]:
    return loop.sandbox.world.account.schedule(rotas.NAME).layers


def ends_now(loop: Loop, clock: Clock, rollout: Rollout, zone: str) -> None:
    """Apply the files that are there: what was stays, what runs ends soon, and that is all."""
    before, now = live(loop), clock.now
    planned = loop.plan(rollout=rollout)
    assert planned.plan.refusals == ()
    outcome = loop.apply(planned)
    problems = [str(one.problem) for one in outcome.results if one.problem]
    assert (outcome.exit_code, problems) == (ExitCode.OK, [])
    after = live(loop)
    was, still = (oracle.duty(side, zone, now - PAST, now) for side in (before, after))
    assert still == was
    soon = now + 600 + HALF
    end = max((one.end or soon for one in oracle.rotations(after, "P")), default=now)
    assert end < soon
    coming = [oracle.duty(side, zone, now, now + COMING) for side in (before, after)]
    assert coming[1] == oracle.duty(before, zone, now, max(now, end))
    for later in (0, 1, 600, HALF, DAY):
        clock.set(now + later)
        assert loop.plan(rollout=rollout, judged=False).plan.empty
    clock.set(now)


FORMS: dict[str, list[dict[str, Any]]] = {
    "a week": [rota()],
    "on weekdays": [rota(days="mon-fri")],
    "in turns of 7 days, continuous": [rota(rotation="7 days", days="mon-fri", continuous="true")],
    "in office hours": [rota(rotation="1 day", hours="09:00-18:00")],
    "by the hour": [rota(rotation="12 hours")],
    "with an end to come": [rota(end="2027-02-01 10:00")],
    "edited, with links that are over": [rota(), rota(groups=[ALICE, BOB, CAROL])],
    "beside another layer": [
        {**rota(), "layers": [*rota()["layers"], {**rota()["layers"][0], "layer": "Q"}]}
    ],
}


@pytest.mark.parametrize("rollout", ROLLOUTS)
@pytest.mark.parametrize("form", FORMS)
def test_a_layer_of_any_form_ends_now(loop: Loop, clock: Clock, form: str, rollout: str) -> None:
    put(loop, clock, *FORMS[form])
    tree = FORMS[form][-1]
    first, *others = tree["layers"]
    loop.write({**tree, "layers": [{**first, "end": "2026-11-01 10:00"}]})
    if not others:
        ends_now(loop, clock, ROLLOUTS[rollout], "Asia/Shanghai")
        return
    before = oracle.duty(live(loop), "Asia/Shanghai", NOW - PAST, NOW)
    loop.write({**tree, "layers": [{**first, "end": "2026-11-01 10:00"}, *others]})
    assert loop.apply(loop.plan(rollout=ROLLOUTS[rollout])).exit_code is ExitCode.OK
    assert oracle.duty(live(loop), "Asia/Shanghai", NOW - PAST, NOW) == before
    ends = {one.name: one.end for one in live(loop)}
    assert ends["Q"] is None
    assert NOW < (ends["P"] or 0) < SOON
    assert loop.plan(rollout=ROLLOUTS[rollout]).plan.empty


def test_an_edit_that_waits_for_its_handoff_does_not_come(loop: Loop, clock: Clock) -> None:
    put(loop, clock, rota(), at=NOW - 90 * DAY)
    loop.write(rota(groups=[ALICE, BOB, CAROL]))
    assert loop.apply(loop.plan()).exit_code is ExitCode.OK
    assert len(live(loop)) == 2
    loop.write(rota(groups=[ALICE, BOB, CAROL], end="2026-11-01 10:00"))
    ends_now(loop, clock, edits.NEXT, "Asia/Shanghai")


def test_other_edits_of_a_layer_that_is_over_are_not_made(loop: Loop, clock: Clock) -> None:
    put(loop, clock, rota())
    loop.write(rota(groups=[CAROL], rotation="1 day", end="2026-11-01 10:00"))
    ends_now(loop, clock, edits.NEXT, "Asia/Shanghai")


def test_the_plan_says_so(loop: Loop, clock: Clock) -> None:
    put(loop, clock, rota())
    loop.write(rota(end="2026-11-01 10:00"))
    (action,) = loop.plan().plan.writes
    (said,) = (one for one in action.remarks.notes if one.startswith("layers[P]"))
    assert said == (
        "layers[P].end, 2026-11-01 10:00, has passed while the layer runs: it ends at "
        "2026-11-21 17:00, and who was on call until then stays as it is"
    )


@pytest.mark.parametrize("late", [600, 3 * 3600, 3 * DAY])
def test_a_saved_plan_ends_it_when_it_is_written(loop: Loop, clock: Clock, late: int) -> None:
    put(loop, clock, rota())
    loop.write(rota(end="2026-11-01 10:00"))
    planned = loop.plan()
    assert loop.objections_of_files(planned) == []
    clock.advance(late)
    assert loop.objections_of_files(planned) == []
    before, now = live(loop), clock.now
    plan = pinned(planned.plan, now)
    assert loop.apply(replace(planned, plan=plan)).exit_code is ExitCode.OK
    (one,) = live(loop)
    assert now <= (one.end or 0) < now + 600 + HALF
    was, still = (
        oracle.duty(side, "Asia/Shanghai", now - PAST, now) for side in (before, live(loop))
    )
    assert still == was


def test_an_end_that_passes_between_plan_and_write_is_planned_again(
    loop: Loop, clock: Clock
) -> None:
    put(loop, clock, rota())
    loop.write(rota(end="2026-11-22 10:00"))
    plan = loop.plan().plan
    assert list(refusals(plan, clock.now, "Asia/Shanghai")) == []
    clock.advance(DAY)
    (problem,) = refusals(pinned(plan, clock.now), clock.now, "Asia/Shanghai")
    assert problem.message == (
        "the end of layers[P] of `Production`, Sun 22 Nov 10:00, has passed since the plan was made"
    )
    assert late(plan, clock.now, least=0) == plan.writes
    ends_now(loop, clock, edits.NEXT, "Asia/Shanghai")


@trying(3, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_layer_ends_now_whenever_its_file_says(
    loop: Loop, clock: Clock, data: st.DataObject
) -> None:
    now = data.draw(edits.begins) + data.draw(st.integers(0, 100 * DAY))
    zone = data.draw(st.sampled_from(edits.ZONES))
    loop.forget()
    loop.sandbox.world.account.time_zone = zone
    file = replace(data.draw(rotas.layers("P", now - 40 * DAY)), end=None, fair=False)
    clock.set(now - 40 * DAY)
    loop.write(rotas.tree([file], zone))
    assert loop.apply(loop.plan(judged=False)).exit_code is ExitCode.OK
    if data.draw(st.booleans()):
        groups = data.draw(edits.rota_edits(file.groups))
        file = rotas.proper(replace(file, groups=groups))
        clock.set(now - data.draw(st.integers(0, 39 * DAY)))
        loop.write(rotas.tree([file], zone))
        planned = loop.plan(judged=False)
        if planned.plan.refusals:
            return
        assert loop.apply(planned).exit_code is ExitCode.OK
    clock.set(now)
    begun = min(one.start for one in live(loop))
    if begun >= now - HALF:
        return
    end = data.draw(st.integers(max(file.start, begun) // HALF + 1, now // HALF)) * HALF
    if end > now or end <= file.start:
        return
    loop.write(rotas.tree([replace(file, end=end)], zone))
    rollout = data.draw(st.sampled_from([edits.NEXT, edits.NOW, edits.EXACT]))
    note(f"{zone} {now} end {end} {rollout} {file}")
    ends_now(loop, clock, rollout, zone)
