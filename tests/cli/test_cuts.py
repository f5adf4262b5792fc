"""Edits of a rota that has begun: when they take effect, and saved plans that come late."""

from __future__ import annotations

import time
from calendar import timegm
from typing import Any

import pytest

from flashsync.model.timezone import HOUR
from tests.cli.console import Terminal, layer, schedule
from tests.clock import Clock

DAY = 86400
THREE = ["alice@example.com", "bob@example.com", "carol@example.com"]
FOUR = [*THREE, "dave@example.com"]


def rota(*people: str, **more: Any) -> dict[str, Any]:
    return schedule(layers=[layer(*people, **more)])


@pytest.fixture
def edited(terminal: Terminal) -> Terminal:
    """A weekly rota of three, live; its file has a fourth."""
    terminal.declare(rota(*THREE))
    assert terminal("apply", "--auto-approve").code == 0
    terminal.declare(rota(*FOUR))
    return terminal


def passed(edited: Terminal, *options: str, seconds: int = 8 * DAY) -> str:
    """What apply shows of a saved plan some time later, on one line; it has to go well."""
    assert edited("plan", "--out", "plan.json", *options).code == 0
    edited.clock.advance(seconds)
    ended = edited("apply", "--plan", "plan.json", "--auto-approve", "--later-cut")
    assert ended.code == 0, ended
    return " ".join(ended.out.split())


def cut(terminal: Terminal, *options: str) -> Any:
    (action,) = terminal("plan", "--format", "json", *options).json["actions"]
    (found,) = action["cuts"]
    return found


def moment_of(cut: Any) -> int:
    """When a cut is made, in Unix seconds."""
    return timegm(time.strptime(cut["at"], "%Y-%m-%dT%H:%M:%SZ"))


def three_days_ago(clock: Clock) -> str:
    """A start whose handoffs are days away."""
    return clock.text(-3 * DAY, "%Y-%m-%d 10:00")


def on_call(terminal: Terminal) -> list[str]:
    shown = terminal("oncall", "--format", "json").json["schedules"][0]["now"]["people"]
    return sorted(one["email"] for one in shown)


def test_an_edit_takes_effect_at_the_next_handoff(edited: Terminal) -> None:
    shown = edited("plan")
    text = " ".join(shown.out.split())
    assert shown.code == 0
    assert ", at the next handoff: " in text
    assert "shift moves before" not in text
    assert "nobody on call now changes" in text
    found = cut(edited)
    assert (found["rollout"], found["takes_effect"]) == ("next_handoff", True)
    assert len(found["people"]) == 1


@pytest.mark.parametrize("gone", [True, False])
def test_a_leaver_who_is_on_call_now_stays_until_the_cut(terminal: Terminal, gone: bool) -> None:
    terminal.declare(rota(*THREE))
    assert terminal("apply", "--auto-approve").code == 0
    (leaver,) = on_call(terminal)
    others = [address for address in THREE if address != leaver]
    terminal.declare(rota(*(others if gone else [*others, "dave@example.com", leaver])))
    text = " ".join(terminal("plan", "--out", "plan.json").out.split())
    assert ("stays on call until Mon " in text) is gone
    assert ("(`rollout: now` takes them off at once)" in text) is gone
    saved = " ".join(terminal("apply", "--plan", "plan.json", "--auto-approve").out.split())
    assert ("stays on call until Mon " in saved) is gone


def test_the_summary_warns_of_somebody_who_left_the_account_and_stays(terminal: Terminal) -> None:
    terminal.declare(rota(*THREE))
    assert terminal("apply", "--auto-approve").code == 0
    (leaver,) = on_call(terminal)
    terminal.declare(rota(*(address for address in THREE if address != leaver)))
    assert "who left" not in terminal("plan", "--summary").out
    terminal.sandbox.console.leave(leaver)
    text = " ".join(terminal("plan", "--summary").out.split())
    assert ", who left the account, stays on call until Mon " in text
    assert "; `rollout: now` ends that" in text


def test_by_rollout_now_a_leaver_goes_at_once(terminal: Terminal) -> None:
    terminal.declare(rota(*THREE))
    assert terminal("apply", "--auto-approve").code == 0
    (leaver,) = on_call(terminal)
    terminal.declare(rota(*(address for address in THREE if address != leaver)))
    assert "stays on call" not in terminal("plan", "--rollout", "now").out
    date = terminal.clock.text(20 * DAY, "%Y-%m-%d 12:00")
    text = " ".join(terminal("plan", "--rollout", date).out.split())
    assert "stays on call until Mon " in text  # the end of the turn, long before the cut


def test_it_is_applied_and_nothing_is_left_to_do(edited: Terminal) -> None:
    assert edited("apply", "--auto-approve").code == 0
    assert edited("plan", "--detailed-exitcode").code == 0
    names = [one["layer_name"] for one in edited.sandbox.console.schedule("Production")["layers"]]
    assert names == ["Primary", "Primary"]


def test_a_saved_plan_with_a_passed_handoff_is_refused(
    edited: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert edited("plan", "--out", "plan.json").code == 0
    edited.clock.advance(8 * DAY)
    ended = edited("apply", "--plan", "plan.json", "--auto-approve")
    assert ended.code == 1
    assert "has passed; the next one is Mon " in ended.err
    assert "or pass --later-cut" in ended.err
    assert edited.sandbox.counts["/schedule/update"] == 0


@pytest.mark.any_date
def test_a_handoff_that_is_too_near_is_refused(
    edited: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = moment_of(cut(edited))
    assert edited("plan", "--out", "plan.json").code == 0
    edited.clock.set(moment - 300)
    ended = edited("apply", "--plan", "plan.json", "--auto-approve")
    assert ended.code == 1
    assert "is less than 10 minutes away" in ended.err


def test_a_later_cut_says_whose_shifts_differ(
    edited: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = passed(edited, seconds=29 * DAY)
    assert "taken at a later cut: shifts differ from the planned shifts, of " in shown
    assert "layers[Primary].groups + Dave Wu (turn 4)" in shown
    assert "Dave Wu" in shown.partition("planned shifts, of ")[2].partition(" note")[0]
    assert edited.sandbox.counts["/schedule/update"] == 1


def test_a_later_cut_before_which_nothing_moves_says_so(
    edited: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes on at the cut is second: the new one comes after the other two."""
    (second,) = cut(edited)["people"]
    place = THREE.index(second["email"]) - 1
    edited.declare(rota(*THREE[place:], *THREE[:place], "dave@example.com"))
    seconds = moment_of(cut(edited)) + HOUR - edited.clock.now
    shown = passed(edited, seconds=seconds)
    assert "taken at a later cut: no shift differs from the planned shifts" in shown


def test_a_later_cut_of_a_plan_in_time_changes_nothing(edited: Terminal) -> None:
    assert edited("plan", "--out", "plan.json").code == 0
    ended = edited("apply", "--plan", "plan.json", "--auto-approve", "--later-cut")
    assert ended.code == 0
    assert "later cut" not in ended.out


def test_a_later_cut_needs_a_saved_plan(edited: Terminal) -> None:
    ended = edited("apply", "--later-cut", "--auto-approve")
    assert ended.code == 1
    assert "--later-cut needs --plan FILE" in ended.err


def test_a_handoff_that_passes_while_apply_asks_is_planned_again(
    edited: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(self: Any, planned: Any) -> None:
        asked.append(planned.plan.writes[0].cuts[0].at)
        if len(asked) == 1:
            edited.clock.advance(8 * DAY)

    monkeypatch.setattr("flashsync.cli.approval.Approval._ask", ask)
    ended = edited("apply")
    assert "A handoff has passed in the meantime; planning again." in ended.err
    assert len(asked) == 2
    assert asked[0] < asked[1]


@pytest.mark.any_date
def test_now_cuts_in_the_half_hour_of_the_write(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = three_days_ago(terminal.clock)  # no handoff comes before the half-hour is over
    terminal.declare(rota(*THREE, start=begun))
    terminal.apply()
    terminal.declare(rota("dave@example.com", "erin@example.com", start=begun))
    assert terminal("plan", "--rollout", "now", "--out", "plan.json").code == 0
    boundary = (terminal.clock.now // 1800 + 1) * 1800
    terminal.clock.set(boundary + 60)
    ended = terminal("apply", "--plan", "plan.json", "--auto-approve")
    layers = terminal.sandbox.console.schedule("Production")["layers"]
    assert boundary in [one["layer_start"] for one in layers], ended.out + ended.err


def test_now_is_refused_when_another_group_is_on_call_by_then(
    edited: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited.declare(rota("dave@example.com", "erin@example.com"))
    assert edited("plan", "--rollout", "now", "--out", "plan.json").code == 0
    edited.clock.advance(8 * DAY)
    ended = edited("apply", "--plan", "plan.json", "--auto-approve")
    assert ended.code == 1
    assert "another one is by now" in ended.err


@pytest.mark.any_date
def test_now_within_a_bridge_is_refused_once_the_bridge_is_over(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = {"rotation": "2 weeks", "start": three_days_ago(terminal.clock)}
    terminal.declare(rota(*FOUR, **turns))
    terminal.apply()
    left = list(FOUR)
    for hours, code in (0, ("apply", "--auto-approve")), (1, ("plan", "--out", "plan.json")):
        left.remove(*on_call(terminal))
        terminal.declare(rota(*left, **turns))
        terminal.clock.advance(hours * 3600)
        assert terminal(*code, "--rollout", "now").code == 0
    terminal.clock.advance(14 * DAY)
    ended = terminal("apply", "--plan", "plan.json", "--auto-approve")
    assert ended.code == 1
    assert "another one is by now" in ended.err


def test_explain_names_the_link_and_its_cut(edited: Terminal) -> None:
    assert edited("apply", "--auto-approve").code == 0
    now = edited("explain", "Production").out
    assert now.count("layer Primary") == 1
    assert "1 of 2; the next edit takes effect Mon " in now
    at = edited.clock.text(20 * DAY)
    later = edited("explain", "Production", "--at", at).out
    assert later.count("layer Primary") == 1
    assert "2 of 2, since the edit that took effect Mon " in later


def test_a_link_is_not_a_second_layer_in_the_calendar(edited: Terminal) -> None:
    assert edited("apply", "--auto-approve").code == 0
    shown = edited("show", "--live", "--days", "7").out
    assert sum(line.startswith("  Primary") for line in shown.splitlines()) == 1


def test_a_rollout_for_one_run_may_be_a_time(edited: Terminal) -> None:
    at = edited.clock.text(20 * DAY, "%Y-%m-%d 12:00Z")
    found = cut(edited, "--rollout", at)
    assert found["rollout"] == "at"
    # Whoever is on call then stays until their turn ends.
    assert found["at"] >= at.replace(" ", "T").replace("00Z", "00:00Z")
    assert "at the time that `rollout` gives" in " ".join(
        edited("plan", "--rollout", at).out.split()
    )


@pytest.mark.parametrize(
    "value", ["soon", "2036-13-01 10:00", "2036-12-01", "2036-12-01 10:07", "2020-01-01 10:00"]
)
def test_a_rollout_that_is_none(edited: Terminal, value: str) -> None:
    ended = edited("plan", "--rollout", value)
    assert ended.code == 1
    assert "--rollout" in ended.err


def test_the_cut_of_a_fair_layer_comes_from_the_platform(terminal: Terminal) -> None:
    terminal.declare(rota(*THREE, fair=True))
    assert terminal("apply", "--auto-approve").code == 0
    terminal.declare(rota(*FOUR, fair=True))
    shown = terminal("plan")
    assert shown.code == 0
    assert "fairness anew" in " ".join(shown.out.split())
    assert terminal("apply", "--auto-approve").code == 0
    assert terminal("plan", "--detailed-exitcode").code == 0


def test_now_keeps_on_call_whoever_stays_of_a_group(terminal: Terminal) -> None:
    pair = ["alice@example.com", "bob@example.com"]
    groups = [pair, "carol@example.com", "dave@example.com"]
    terminal.declare(schedule(layers=[layer(*groups)]))
    assert terminal("apply", "--auto-approve").code == 0
    before = on_call(terminal)
    changed = [pair[:1], ["carol@example.com", "erin@example.com"], ["dave@example.com"]]
    terminal.declare(schedule(layers=[layer(*changed)]))
    assert terminal("apply", "--rollout", "now", "--auto-approve").code == 0
    assert set(on_call(terminal)) & set(before)


def test_whoever_leaves_now_is_relieved_by_the_next_one(terminal: Terminal) -> None:
    terminal.declare(rota(*THREE))
    assert terminal("apply", "--auto-approve").code == 0
    (gone,) = on_call(terminal)
    place = THREE.index(gone)
    following = THREE[(place + 1) % 3]
    left = [*THREE[place + 1 :], *THREE[:place]]
    terminal.declare(rota(*left, "dave@example.com", "erin@example.com"))
    assert terminal("apply", "--rollout", "now", "--auto-approve").code == 0
    assert on_call(terminal) == [following]


def test_whoever_is_replaced_now_is_relieved_by_the_next_one(terminal: Terminal) -> None:
    terminal.declare(rota(*THREE))
    terminal.apply()
    (gone,) = on_call(terminal)
    following = THREE[(THREE.index(gone) + 1) % 3]
    assert terminal("replace", gone, "--with", "dave@example.com").code == 0
    terminal.apply("--rollout", "now")
    assert on_call(terminal) == [following]


def test_an_end_before_a_cut_that_waits_leaves_an_empty_plan(edited: Terminal) -> None:
    late = edited.clock.text(30 * DAY, "%Y-%m-%d 12:00Z")
    assert edited("apply", "--rollout", late, "--auto-approve").code == 0
    end = edited.clock.text(23 * DAY, "%Y-%m-%d 12:00Z")
    edited.declare(rota(*FOUR, end=end))
    off = ("--check-level", "coverage_gap=off")
    assert edited("apply", "--auto-approve", *off).code == 0
    assert edited("plan", "--detailed-exitcode", *off).code == 0


def test_explain_calls_a_bridge_a_bridge(terminal: Terminal) -> None:
    terminal.declare(rota(*THREE))
    assert terminal("apply", "--auto-approve").code == 0
    (gone,) = on_call(terminal)
    terminal.declare(rota(*(one for one in THREE if one != gone)))
    assert terminal("apply", "--rollout", "now", "--auto-approve").code == 0
    out = " ".join(terminal("explain", "Production").out.split())
    assert "has the turn that ran at the edit, until Mon " in out
    assert "the new order begins Mon " in out
    assert "30 months" not in out


def test_an_edit_that_joins_another_says_so(edited: Terminal) -> None:
    late = edited.clock.text(30 * DAY, "%Y-%m-%d 12:00Z")
    assert edited("apply", "--rollout", late, "--auto-approve").code == 0
    edited.declare(rota(*FOUR, "erin@example.com"))
    out = " ".join(edited("plan").out.split())
    assert "both take effect as one then" in out


def test_a_later_cut_may_rename_a_layer(edited: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = layer(*FOUR, layer="First", renamed_from="Primary")
    edited.declare(schedule(layers=[renamed]))
    assert "taken at a later cut" in passed(edited)
    names = [one["layer_name"] for one in edited.sandbox.console.schedule("Production")["layers"]]
    assert names == ["First", "First"]
    assert edited("plan", "--detailed-exitcode").code == 0


def test_a_later_cut_names_people_as_the_files_do(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = {one.partition("@")[0]: one for one in FOUR}
    terminal.config(people=people)
    terminal.declare(rota("alice", "bob", "carol"))
    terminal.apply()
    terminal.declare(rota("alice", "bob", "carol", "dave"))
    shown = passed(terminal, seconds=29 * DAY)
    assert "dave" in shown.partition("planned shifts, of ")[2].partition(" note")[0]
    assert "Zhang" not in shown
    assert "Wu" not in shown


def test_a_later_cut_tells_of_shifts_that_are_past_by_then(
    edited: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = passed(edited, "--window", "28", seconds=36 * DAY)
    assert "Dave Wu" in shown.partition("planned shifts, of ")[2].partition(" note")[0]
    assert "has passed: plan again" not in shown


def test_a_later_cut_of_what_the_console_changed_is_refused(
    edited: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert edited("plan", "--out", "plan.json").code == 0

    def swapped(live: Any) -> None:
        live["layers"][0]["groups"].reverse()

    edited.sandbox.console.edit("Production", swapped)
    edited.clock.advance(8 * DAY)
    ended = edited("apply", "--plan", "plan.json", "--auto-approve", "--later-cut")
    assert (ended.code, edited.written) == (1, ["create"])
    assert "`Production` has changed since the plan was made, in layers[Primary]" in ended.err
    assert "written since by Bob Martin" in ended.err


def test_a_saved_plan_is_shown_with_the_overrides_of_now(edited: Terminal) -> None:
    (gone,) = on_call(edited)
    edited.declare(rota(*(one for one in FOUR if one != gone)))
    shown = edited("plan", "--rollout", "now", "--out", "plan.json")
    assert "this changes who is on call right now" in shown.out
    now = edited.clock.now
    edited.sandbox.console.add_override("Production", ["erin@example.com"], now - 60, now + DAY)
    ended = edited("apply", "--plan", "plan.json", "--auto-approve")
    out = " ".join(ended.out.split())
    assert ended.code == 0, ended
    assert "who is on call is shown with them" in out
    assert "right now" not in out
    assert "nobody on call now changes" in out
    assert on_call(edited) == ["erin@example.com"]
