"""Checks and rota tests in a plan, over real HTTP: what warns, and what refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.console import Terminal, layer, schedule

DAY = 86400
THREE = ["alice@example.com", "bob@example.com", "carol@example.com"]
EXACT = ("plan", "--rollout", "exact")
OFFICE = {"hours": "09:00-18:00", "rotation": "1 day", "start": "2026-01-05 00:00"}


def rota(name: str = "Production", people: Any = (), **more: Any) -> dict[str, Any]:
    return schedule(name, layers=[layer(*(people or THREE))], **more)


def apply(terminal: Terminal, *trees: dict[str, Any]) -> None:
    terminal.declare(*trees)
    ended = terminal("apply", "--auto-approve")
    assert ended.code == 0, ended.out + ended.err


def test_a_gap_that_a_change_opens_refuses_it(terminal: Terminal) -> None:
    apply(terminal, rota())
    terminal.declare(schedule(layers=[layer(*THREE, **OFFICE)]))
    planned = terminal(*EXACT)
    assert planned.code == 1
    assert "this leaves nobody on call" in planned.out
    assert "or pass --check-level coverage_gap=warn" in " ".join(planned.out.split())
    refused = terminal("apply", "--rollout", "exact", "--auto-approve")
    assert refused.code == 1
    assert "(coverage_gap)" in refused.err
    assert "Refused; nothing was written:" in refused.err.splitlines()
    allowed = terminal("apply", "--rollout", "exact", "--auto-approve", "--check-level",
                       "coverage_gap=warn")  # fmt: skip
    assert allowed.code == 0


def test_refusals_name_their_schedules_and_a_common_remedy_once(terminal: Terminal) -> None:
    trees = [rota(), {**rota(), "schedule": "Second"}]
    apply(terminal, *trees)
    terminal.declare(*({**tree, "layers": [layer(*THREE, **OFFICE)]} for tree in trees))
    planned = " ".join(terminal(*EXACT, "--summary").out.split())
    refused = terminal("apply", "--rollout", "exact", "--auto-approve").err
    for text in (planned, refused):
        assert text.count(": this leaves nobody on call") == 2
        assert "`Second`: this leaves nobody on call" in text
        assert text.count("--check-level coverage_gap=warn") == 1


def test_gaps_that_were_there_before_do_not_count(terminal: Terminal) -> None:
    apply(terminal, schedule(layers=[layer(*THREE, **OFFICE)]))
    terminal.declare(schedule(layers=[layer(*THREE, "dave@example.com", **OFFICE)]))
    planned = terminal(*EXACT)
    assert planned.code == 0
    assert "gaps, as before" in planned.out


def test_the_configuration_sets_levels(terminal: Terminal) -> None:
    terminal.config(checks={"coverage_gap": "off", "on_call_now": "error"})
    apply(terminal, rota())
    terminal.declare(schedule(layers=[layer(*THREE[::-1], **OFFICE)]))
    planned = terminal(*EXACT)
    assert "(coverage_gap)" not in planned.out
    assert ("(on_call_now)" in planned.out) is (planned.code == 1)


def test_a_rota_test_that_fails_points_at_its_line(terminal: Terminal) -> None:
    expect = [{"at": terminal.clock.text(DAY), "on_call": ["dave@example.com"]}]
    terminal.declare(rota(expect=expect))
    planned = terminal("plan")
    assert planned.code == 1
    (line,) = (line for line in planned.out.splitlines() if "schedules/0.yaml:1:" in line[4:])
    assert int(line.split(":")[2]) > 1
    assert "is expected" in planned.out
    assert "is on call, by layer `Primary`" in " ".join(planned.out.split())


def test_a_rota_test_is_run_though_nothing_changes(terminal: Terminal) -> None:
    apply(terminal, rota())
    terminal.declare(rota(expect=[{"at": terminal.clock.text(DAY), "not": THREE}]))
    planned = terminal("plan", "--format", "json")
    assert planned.code == 1
    assert planned.json["summary"]["unchanged"] == 1
    assert [one["line"] for one in planned.json["refusals"]] == [1]
    terminal.declare(rota(expect=[{"at": terminal.clock.text(DAY), "any_of": THREE}]))
    assert terminal("plan").code == 0


@pytest.mark.any_date
def test_a_rota_test_reads_the_live_position(terminal: Terminal) -> None:
    """The file's order is the live one turned: who is on call then, only the account knows."""
    apply(terminal, rota())
    turned, tomorrow = [*THREE[1:], THREE[0]], terminal.clock.text(DAY)
    now = terminal("plan", "--format", "json").json
    assert now["actions"][0]["action"] == "none"
    passed = []
    for person in THREE:
        terminal.declare(rota(people=turned, expect=[{"at": tomorrow, "on_call": [person]}]))
        passed.append(terminal("plan").code == 0)
    live = terminal("oncall", "--at", tomorrow, "--format", "json").json
    (who,) = (one["email"] for one in live["schedules"][0]["now"]["people"])
    assert passed == [person == who for person in THREE]


def test_a_limit_applies_to_people_who_are_always_on_call(terminal: Terminal) -> None:
    """The limit is longer than what the plan looks at, and the streak began long ago."""
    expect = [{"at_most": "3 weeks"}]
    apply(terminal, rota(people=THREE[:1]))
    terminal.declare(rota(people=THREE[:1], expect=expect))
    planned = terminal("plan")
    assert planned.code == 1
    assert "at most 3 weeks in a row are expected" in " ".join(planned.out.split())
    ends = terminal.clock.text(10 * DAY, "%Y-%m-%d 10:00")
    last = layer(THREE[0], end=ends)
    terminal.declare(schedule(layers=[last], expect=[{"at_most": "13 days"}]))
    planned = terminal(*EXACT)
    assert planned.code == 1
    assert "at most 13 days in a row are expected" in " ".join(planned.out.split())


def test_double_booking_is_found_on_unchanged_schedules(terminal: Terminal) -> None:
    terminal.config(checks={"double_booked": "warn"})
    apply(terminal, rota("Old"))
    terminal.declare(rota("Old"), rota("New"))
    planned = terminal("plan")
    assert planned.code == 0
    assert "at once" in " ".join(planned.out.split())


def test_a_pending_person_is_found_on_an_unchanged_schedule(terminal: Terminal) -> None:
    world = terminal.sandbox.world.account
    pending = [one.email for one in world.people.values() if one.status == "pending"]
    people = [*THREE, *pending[:1]]
    apply(terminal, rota(people=people))
    planned = terminal("plan")
    assert planned.code == 0
    assert "(pending_person)" in " ".join(planned.out.split())


def test_drift_runs_no_checks(terminal: Terminal) -> None:
    apply(terminal, rota())
    terminal.declare(rota(expect=[{"at": terminal.clock.text(DAY), "not": THREE}]))
    assert terminal("drift").code == 0


@pytest.mark.parametrize("given", ["coverage_gap", "coverage_gap=loud", "gap=warn"])
def test_a_level_is_checked_on_the_command_line(terminal: Terminal, given: str) -> None:
    terminal.declare(rota())
    ended = terminal("plan", "--check-level", given)
    assert ended.code == 1
    assert "invalid value for '--check-level'" in ended.err


@pytest.mark.parametrize("fair", [False, True])
def test_a_long_time_is_asked_for_in_parts(terminal: Terminal, fair: bool) -> None:
    """Of a fair layer only the platform knows, and it computes less than 45 days at once."""
    always = {
        "always": "covered",
        "from": terminal.clock.text(-DAY),
        "to": terminal.clock.text(100 * DAY),
    }
    tree = schedule(layers=[layer(*THREE, fair=fair)], expect=[always])
    apply(terminal, tree)
    assert terminal("plan").code == 0
    late = layer(*THREE, fair=fair, end=terminal.clock.text(90 * DAY)[:14] + "00Z")
    terminal.declare({**tree, "layers": [late]})
    planned = terminal(*EXACT)
    assert planned.code == 1
    assert "in a time that is expected to be covered" in " ".join(planned.out.split())


def test_past_expectations_are_counted(terminal: Terminal) -> None:
    apply(terminal, rota())
    terminal.declare(rota(expect=[{"at": "2020-12-25 10:00", "on_call": ["dave@example.com"]}]))
    planned = terminal("plan", "-v")
    assert planned.code == 0
    assert "1 of its expectations is past and not run" in planned.out
