"""The calendars of a plan's effects: with lanes, for the requests that the plan makes anyway."""

from __future__ import annotations

from collections import Counter

import pytest

from flashsync.model.calendar import Calendar
from flashsync.operations import PlanOptions, Session, find_drift, make_plan
from flashsync.operations.options import EffectsMode
from flashsync.plan.model import Create, Delete, Plan, Update
from tests.cli.console import Terminal, layer, schedule
from tests.operations.test_python_api import session

__all__ = ["session"]

HOUR = 3600


@pytest.fixture
def changed(terminal: Terminal) -> Terminal:
    """A file with an update under an override of the console, a create and a delete."""
    terminal.declare(schedule(layers=[layer("alice@example.com")]), schedule("Old"))
    terminal.apply()
    start = terminal.clock.now // HOUR * HOUR + 48 * HOUR
    terminal.sandbox.console.add_override(
        "Production", ["carol@example.com"], start, start + HOUR, "Swap"
    )
    terminal.declare(
        schedule(layers=[layer("bob@example.com"), layer("dave@example.com", layer="Second")]),
        schedule("New"),
        schedule("Old", absent=True),
    )
    return terminal


def names(calendar: Calendar | None) -> list[str] | None:
    """The lanes of a calendar."""
    return None if calendar is None else [lane.name for lane in calendar.lanes]


def sides(plan: Plan) -> dict[type, tuple[list[str] | None, list[str] | None]]:
    """The lanes before and after each action that has an effect."""
    return {
        type(action): (names(action.effect.before), names(action.effect.after))
        for action in plan.writes
        if action.effect
    }


@pytest.mark.parametrize("mode", [EffectsMode.AUTO, EffectsMode.LOCAL])
def test_a_plan_has_lanes_on_both_sides_without_more_requests(
    changed: Terminal, session: Session, mode: EffectsMode
) -> None:
    asked = []
    with session:
        for lanes in (False, True):
            changed.sandbox.log.clear()
            plan = make_plan(session, PlanOptions(effects=mode, lanes=lanes)).plan
            asked.append(Counter(entry.endpoint for entry in changed.sandbox.log))
    assert asked[0] == asked[1]
    found = sides(plan)
    assert found[Delete] == (["Primary"], None)
    assert found[Create] == (None, ["Primary"])
    before, after = found[Update]
    assert before == ["Primary", "Swap"]
    assert after is not None
    assert after[0] == "Primary"
    assert {"Second", "Swap"} <= set(after)


def test_drift_has_calendars_where_they_are_asked_for(changed: Terminal, session: Session) -> None:
    with session:
        assert find_drift(session).foreseen is None
        found = find_drift(session, effects=True)
    assert found.foreseen is not None
    assert sides(found.foreseen).keys() == {Update, Create, Delete}
    assert found.drift.plan.effects == ()
