"""Effects in a plan, over real HTTP: who computes them, within which limits, and what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flashsync.api.rate_limit import Limit
from flashsync.sandbox import refusal
from tests.cli.console import Terminal, layer, schedule
from tests.clock import monday
from tests.promises.loop import Loop

INFO, PREVIEW = "/schedule/info", "/schedule/preview"
PEOPLE = ["alice@example.com", "bob@example.com", "carol@example.com"]
MORE = [*PEOPLE, "dave@example.com"]


def rota(*people: str, name: str = "Production", **more: Any) -> dict[str, Any]:
    """A weekly rota that has run for 45 weeks: whole rounds of three, and of four one week more."""
    return schedule(name, layers=[layer(*people, **{"start": monday(45), **more})])


def write(terminal: Terminal, *trees: dict[str, Any], config: str = "") -> None:
    loop = Loop(terminal.sandbox, terminal.folder)
    loop.write(*trees)
    if config:
        (terminal.folder / "flashsync.yaml").write_text(config, encoding="utf-8")


def plan(terminal: Terminal, *options: str) -> Any:
    terminal.sandbox.log.clear()
    return terminal("plan", "--rollout", "exact", "--format", "json", *options).json


@pytest.fixture
def applied(terminal: Terminal) -> Terminal:
    """A weekly rota of three, live; its file has a fourth."""
    write(terminal, rota(*PEOPLE))
    assert terminal("apply", "--auto-approve").code == 0
    write(terminal, rota(*MORE))
    return terminal


def effects(document: Any) -> list[tuple[str, str, list[str], list[str]]]:
    (action,) = (one for one in document["actions"] if one["action"] != "none")
    return [
        (one["start"], one["end"], *([who["email"] for who in one[side]] for side in SIDES))
        for one in action["effects"]
    ]


SIDES = ("before", "after")


@pytest.mark.any_date
@pytest.mark.parametrize("mode", ["auto", "server", "local"])
def test_platform_and_local_engine_say_the_same(applied: Terminal, mode: str) -> None:
    document = plan(applied, "--effects", mode)
    found = [one[1:] for one in effects(document)]  # the first begins now, which moves on
    assert found == [one[1:] for one in effects(plan(applied, "--effects", "server"))]
    assert len(found) > 1
    assert document["actions"][0]["effects_source"] == ("local" if mode == "local" else "server")


def test_without_effects_nothing_more_is_read(applied: Terminal) -> None:
    document = plan(applied, "--effects", "none")
    assert document["window"] is None
    assert document["summary"]["shifts_moved"] is None
    assert applied.sandbox.counts[INFO] == 1
    assert applied.sandbox.counts[PREVIEW] == 0


def test_local_effects_ask_for_no_preview(applied: Terminal) -> None:
    plan(applied, "--effects", "local")
    assert applied.sandbox.counts[PREVIEW] == 0


def test_a_change_that_moves_nobody_asks_for_nothing_more(terminal: Terminal) -> None:
    write(terminal, rota(*PEOPLE))
    terminal("apply", "--auto-approve")
    write(terminal, {**rota(*PEOPLE), "description": "New words"})
    document = plan(terminal)
    assert document["summary"]["shifts_moved"] == 0
    assert terminal.sandbox.counts[INFO] == 1
    assert terminal.sandbox.counts[PREVIEW] == 0


@pytest.mark.parametrize("code", ["RequestTooFrequently", "AccessDenied"])
def test_a_refused_preview_is_computed_here_with_a_note(applied: Terminal, code: str) -> None:
    applied.sandbox.fail_next(refusal(code), PREVIEW)
    (action,) = plan(applied)["actions"]
    assert action["effects_source"] == "local"
    assert action["effects_remark"].startswith("computed here, not by the platform: ")
    assert applied.sandbox.counts[PREVIEW] == 1


def test_asked_of_the_server_alone_a_refusal_is_not_known(applied: Terminal) -> None:
    applied.sandbox.fail_next(refusal("AccessDenied"), PREVIEW)
    (action,) = plan(applied, "--effects", "server")["actions"]
    assert (action["effects_source"], action["effects"]) == (None, [])
    assert action["on_call_now_changes"] is None
    assert "may not do this" in action["effects_remark"]


def test_previews_stay_below_forty_a_minute(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flashsync.api.rate_limit.OWN", {PREVIEW: (Limit(40, 60),)})
    names = [f"Rota {number:02}" for number in range(45)]
    write(terminal, *(rota(*PEOPLE, name=name) for name in names))
    document = plan(terminal, "--rate", "100%")
    sources = [one["effects_source"] for one in document["actions"]]
    assert sources == ["server"] * 40 + ["local"] * 5
    assert terminal.sandbox.counts[PREVIEW] == 40
    assert "limited to 40 a minute" in document["actions"][-1]["effects_remark"]


def test_fair_layers_ask_the_preview_for_both_sides(terminal: Terminal) -> None:
    write(terminal, rota(*PEOPLE, fair=True))
    terminal("apply", "--auto-approve")
    write(terminal, rota(*MORE, fair=True))
    (action,) = plan(terminal, "--effects", "local")["actions"]
    assert action["effects_source"] == "server"
    assert action["effects"]
    assert terminal.sandbox.counts[PREVIEW] == 2


def test_an_engine_that_does_not_fit_is_not_believed(
    applied: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flashsync.operations.effects.fits", lambda *given: False)
    (action,) = plan(applied, "--effects", "local")["actions"]
    assert action["effects_source"] == "server"
    applied.sandbox.fail_next(refusal("AccessDenied"), PREVIEW)
    (action,) = plan(applied, "--effects", "local")["actions"]
    assert action["effects_source"] is None


def test_what_changed_while_the_plan_was_made_is_not_known(applied: Terminal) -> None:
    seen: list[str] = []

    def meddle(endpoint: str, body: Any, act: Any) -> Any:
        if endpoint == INFO:
            seen.append(endpoint)
            if len(seen) == 2:
                applied.sandbox.console.edit("Production", {"description": "x"})
        return None

    applied.sandbox.hook = meddle
    (action,) = plan(applied)["actions"]
    assert action["effects_source"] is None
    assert "changed while the plan was made" in action["effects_remark"]


def test_a_delete_shows_who_goes_off_call(terminal: Terminal) -> None:
    write(terminal, rota(*PEOPLE))
    terminal("apply", "--auto-approve")
    write(terminal, {"schedule": "Production", "absent": True})
    document = plan(terminal)
    assert document["summary"]["on_call_now_changes"] == 1
    assert all(after == [] for _, _, _, after in effects(document))
    assert terminal.sandbox.counts[PREVIEW] == 0


@pytest.mark.any_date
def test_the_window_is_a_round_of_what_changes(applied: Terminal) -> None:
    document = plan(applied)
    assert len(effects(document)) == document["summary"]["shifts_moved"]
    short = plan(applied, "--window", "3")
    assert short["summary"]["shifts_moved"] < document["summary"]["shifts_moved"]


def test_a_change_far_ahead_is_named_all_the_same(terminal: Terminal) -> None:
    cover = {
        "override": "Exam week",
        "from": "2030-06-03 08:00",
        "to": "2030-06-07 08:00",
        "people": ["dave@example.com"],
    }
    write(terminal, rota(*PEOPLE))
    terminal("apply", "--auto-approve")
    write(terminal, {**rota(*PEOPLE), "overrides": [cover]})
    document = plan(terminal)
    assert document["summary"]["shifts_moved"] == 0
    ((start, *_, after),) = effects(document)
    assert start == "2030-06-03T00:00:00Z"
    assert after == ["dave@example.com"]


def test_console_overrides_are_on_both_sides(applied: Terminal) -> None:
    start = applied.clock.now // 86400 * 86400 + 86400
    people = ["erin@example.com"]
    applied.sandbox.console.add_override("Production", people, start, start + 86400)
    for one_before, one_after in ((one[2], one[3]) for one in effects(plan(applied))):
        assert people not in (one_before, one_after)


def test_an_apply_of_a_saved_plan_shows_its_effects(applied: Terminal, tmp_path: Path) -> None:
    saved = str(tmp_path / "plan.json")
    shown = applied("plan", "--rollout", "exact", "--out", saved).out
    applied.sandbox.log.clear()
    ended = applied("apply", "--plan", saved, "--auto-approve")
    assert ended.code == 0
    assert applied.sandbox.counts[PREVIEW] == 0
    for line in shown.splitlines():
        if " → " in line:
            assert line in ended.out


def test_effects_are_decided_when_a_plan_is_saved(applied: Terminal) -> None:
    ended = applied("apply", "--plan", "plan.json", "--effects", "local")
    assert ended.code == 1
    assert "--plan cannot be used with --effects" in ended.err


def test_drift_computes_no_effects(applied: Terminal) -> None:
    applied.sandbox.log.clear()
    assert applied("drift").code == 2
    assert applied.sandbox.counts[PREVIEW] == 0
    assert applied.sandbox.counts[INFO] == 1


ENDS = {"end": "2036-12-20 10:00"}


def test_a_layer_that_ends_far_ahead_leaves_a_gap(terminal: Terminal) -> None:
    write(terminal, rota(*PEOPLE))
    terminal("apply", "--auto-approve")
    write(terminal, rota(*PEOPLE, **ENDS))
    ended = terminal("plan", "--format", "json")
    assert ended.code == 1
    (action,) = ended.json["actions"]
    assert [gap["start"] for gap in action["gaps"]] == ["2036-12-20T02:00:00Z"]
    assert action["gaps"][0]["goes_on"]
    assert "from Sat 20 Dec 2036 10:00 on" in " ".join(terminal("plan").out.split())


def test_a_gap_far_ahead_is_found_though_shifts_move_before(terminal: Terminal) -> None:
    write(terminal, rota(*PEOPLE))
    terminal("apply", "--auto-approve")
    write(terminal, rota(*MORE, **ENDS))
    (action,) = plan(terminal)["actions"]
    assert [gap["start"] for gap in action["gaps"]] == ["2036-12-20T02:00:00Z"]


@pytest.mark.any_date
def test_a_short_window_hides_no_gap(terminal: Terminal) -> None:
    write(terminal, rota(*PEOPLE))
    terminal("apply", "--auto-approve")
    end = terminal.clock.text(3 * 86400, "%Y-%m-%d %H:00Z")
    write(terminal, rota(*PEOPLE, end=end))
    assert terminal("plan", "--window", "1").code == 1


def test_what_was_not_judged_is_noted(applied: Terminal) -> None:
    ended = applied("plan", "--rollout", "exact", "--effects", "none")
    assert "effects were not computed (--effects none): coverage_gap" in ended.out


def test_the_zone_is_named_where_it_is_not_the_account_s(applied: Terminal) -> None:
    out = applied("plan", "--rollout", "exact", "--timezone", "America/New_York").out
    assert "Shifts are shown in America/New_York; the account's zone is Asia/Shanghai." in out


def test_fair_layers_have_no_later(terminal: Terminal) -> None:
    write(terminal, rota(*PEOPLE, fair=True, start="2036-01-07 10:00"))
    (action,) = plan(terminal)["actions"]
    assert action["effects"] == []
    assert action["effects_remark"] == (
        "what moves beyond the window is not known: the platform decides about fair layers"
    )


def test_a_preview_that_says_otherwise_ends_the_belief(
    applied: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    erin = next(
        one.person_id
        for one in applied.sandbox.world.account.people.values()
        if one.email == "erin@example.com"
    )

    def hook(endpoint: str, body: Any, act: Any) -> Any:
        if endpoint != PREVIEW:
            return None
        reply = act()
        for shift in reply.content["data"]["final_schedule"]["schedules"]:
            shift["group"]["members"] = [{"role_id": 0, "person_ids": [erin]}]
        return reply

    at = applied.clock.text(86400)
    write(applied, {**rota(*MORE), "expect": [{"at": at, "on_call": ["erin@example.com"]}]})
    assert applied(*EXACT).code == 1
    applied.sandbox.hook = hook
    assert applied(*EXACT).code == 0


EXACT = ("plan", "--rollout", "exact")


def test_a_saved_plan_speaks_of_what_lies_ahead(
    applied: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = "plan.json"
    assert applied(*EXACT, "--out", saved).code == 0
    now = applied.clock.now
    for days, words in ((5, "this plan was made "), (60, "the time that it looked at has passed")):
        applied.clock.set(now + days * 86400)
        shown = applied("apply", "--plan", saved)
        assert words in " ".join(shown.out.split())
        assert shown.out.count("now – ") == (days == 5)
