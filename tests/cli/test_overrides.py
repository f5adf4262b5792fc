"""Overrides that overlap, as the command line shows them: offline, in drift, in a saved plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cli.console import Terminal, layer, schedule
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)  # the texts hold dates

PEOPLE = {name: f"{name}@example.com" for name in ("alice", "bob", "carol", "dave", "erin")}
TRIP = {"override": "Trip", "from": "2026-11-23 00:00", "to": "2026-11-30 00:00", "people": "carol"}
CONCERT = TRIP | {
    "override": "Concert",
    "from": "2026-11-25 18:00",
    "to": "2026-11-25 22:00",
    "people": "dave",
}


def covered(*overrides: dict[str, Any], **more: Any) -> dict[str, Any]:
    entries = [one | {"people": [one["people"]]} for one in overrides]
    return schedule(layers=[layer("alice", "bob")], overrides=entries, **more)


@pytest.fixture
def named(terminal: Terminal) -> Terminal:
    terminal.config(people=PEOPLE, timezone="Asia/Shanghai")
    return terminal


def swap(terminal: Terminal) -> None:
    """Erin takes three hours from whoever has them."""
    start = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    people = [PEOPLE["erin"]]
    terminal.sandbox.console.add_override(
        "Production", people, int(start), int(start) + 3 * 3600, "Swap"
    )


def test_offline_the_later_entry_decides(named: Terminal) -> None:
    named.declare(covered(TRIP, CONCERT))
    shown = named("show", "--offline", "--format", "json", "--from", "2026-11-25", "--days", "1")
    (found,) = shown.json["schedules"]
    assert [one["people"][0]["person"] for one in found["on_call"]] == ["carol", "dave", "carol"]
    asked = named("explain", "Production", "--offline", "--at", "2026-11-25 20:00")
    assert ("Concert" in asked.out, "Trip" in asked.out) == (True, False)


def test_offline_rota_tests_count_with_the_later_entry(named: Terminal) -> None:
    longest = {"at_most": "4 days"}
    named.declare(covered(TRIP, expect=[longest]))
    assert "carol is on call" in named("validate").out
    cut = CONCERT | {"from": "2026-11-26 18:00", "to": "2026-11-26 22:00"}
    named.declare(covered(TRIP, cut, expect=[longest]))
    assert "carol" not in named("validate").out


def test_a_swap_over_declared_cover_is_not_drift(named: Terminal) -> None:
    named.declare(covered(TRIP))
    named.apply()
    swap(named)
    ended = named("drift", "-v")
    assert (ended.code, "No drift" in ended.out) == (0, True)
    assert (
        "override `Trip` is left to the console: `Swap` (erin) from 2026-11-25 10:00" in ended.out
    )


def test_a_swap_that_is_gone_since_a_saved_plan_is_shown_before_it_is_carried_out(
    named: Terminal,
) -> None:
    named.declare(schedule(layers=[layer("alice", "bob")]))
    named.apply()
    swap(named)
    named.declare(covered(TRIP))
    named.apply()
    named.declare(covered(TRIP, description="new"))
    assert named("plan", "--out", "plan.json").code == 0

    def change(found: dict[str, Any]) -> None:
        found["layers"] = [one for one in found["layers"] if one["layer_name"] != "Swap"]

    named.sandbox.console.edit("Production", change)
    ended = named("apply", "--plan", "plan.json", "--auto-approve")
    assert ended.code == 0
    assert (
        "people changed overrides of Production in the console since the plan was made" in ended.out
    )
    assert "Wed 25 Nov 10:00–13:00" in ended.out
    assert (
        "covered what an override of the console has left since the plan: Swap: erin" in ended.out
    )


def test_a_saved_plan_is_of_the_order_that_decides(named: Terminal) -> None:
    named.declare(schedule(layers=[layer("alice", "bob")]))
    named.apply()
    named.declare(covered(TRIP, CONCERT))
    assert named("plan", "--out", "plan.json").code == 0
    named.declare(covered(CONCERT, TRIP))
    ended = named("apply", "--plan", "plan.json", "--auto-approve")
    assert ended.code == 1
    said = "the file of `Production` has changed since the plan was made, in overrides; plan again"
    assert said in ended.err
    later = CONCERT | {"from": "2026-12-05 18:00", "to": "2026-12-05 22:00"}
    named.declare(covered(TRIP, later))
    assert named("plan", "--out", "plan.json").code == 0
    named.declare(covered(later, TRIP))
    assert named("apply", "--plan", "plan.json", "--auto-approve").code == 0
