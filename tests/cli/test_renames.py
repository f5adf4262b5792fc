"""A rename that no file declares is seen, whatever else was edited before or along with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.console import Ended, Terminal, layer, schedule
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)  # Sat 21 Nov 2026

WEEK = 7 * 86400
ALICE, BOB, CAROL, DAVE = (f"{name}@example.com" for name in ("alice", "bob", "carol", "dave"))


def planned(terminal: Terminal, *trees: Any) -> Ended:
    """A plan of these files; gaps do not matter here."""
    terminal.declare(*trees)
    return terminal("plan", "--check-level", "coverage_gap=warn")


def flat(ended: Ended) -> str:
    return " ".join((ended.out + ended.err).split())


def nights(*people: str, **more: Any) -> dict[str, Any]:
    return layer(*people, layer="Nights", rotation="1 day", hours="18:00-09:00", **more)


TEAM = layer(ALICE, BOB, CAROL)
OTHERS = layer(DAVE, "erin@example.com")

SAME = "has the same rotation, so it looks renamed"
PEOPLE = "differs only in who takes turns, so it looks renamed"
ONE_LAYER = "differs only in one layer, so it looks renamed"

FIRST: list[dict[str, Any]] = [TEAM, nights(ALICE, BOB, CAROL)]

CASES: dict[str, tuple[list[list[dict[str, Any]]], list[dict[str, Any]], str]] = {
    "nothing else": ([[TEAM]], [TEAM], SAME),
    "somebody joined before": ([[layer(ALICE, BOB)], [TEAM]], [TEAM], SAME),
    "somebody left before": ([[layer(ALICE, BOB, CAROL, DAVE)], [TEAM]], [TEAM], SAME),
    "turns were longer before": ([[layer(ALICE, BOB, rotation="2 weeks")], [TEAM]], [TEAM], SAME),
    "a layer went before": ([FIRST, [TEAM]], [TEAM], SAME),
    "a layer came before": ([[TEAM], FIRST], FIRST, SAME),
    "the file's `start` moved": ([[TEAM]], [{**TEAM, "start": "2026-11-16 10:00"}], SAME),
    "somebody joins": ([[TEAM]], [layer(ALICE, BOB, CAROL, DAVE)], PEOPLE),
    "somebody leaves": ([[TEAM]], [layer(ALICE, CAROL)], PEOPLE),
    "one of two is replaced": ([[layer(ALICE, BOB)]], [layer(ALICE, DAVE)], PEOPLE),
    "another order": ([[TEAM]], [layer(BOB, ALICE, CAROL)], PEOPLE),
    "the same order from somebody else": ([[TEAM]], [layer(BOB, CAROL, ALICE)], SAME),
    "other pairs": ([[layer([ALICE, BOB], CAROL)]], [layer(ALICE, [BOB, CAROL])], PEOPLE),
    "a role": ([[TEAM]], [layer(ALICE, BOB, {"person": CAROL, "role": "backup"})], PEOPLE),
    "longer turns": ([[TEAM]], [{**TEAM, "rotation": "2 weeks"}], ONE_LAYER),
    "hours": ([[TEAM]], [{**TEAM, "hours": "09:00-18:00"}], ONE_LAYER),
    "another layer's hours": ([FIRST], [TEAM, {**FIRST[1], "hours": "19:00-07:00"}], ONE_LAYER),
    "a new layer": ([[TEAM]], FIRST, ONE_LAYER),
    "a layer less": ([FIRST], [TEAM], ONE_LAYER),
    "an edit before and another now": (
        [[layer(ALICE, BOB)], [TEAM]],
        [layer(ALICE, BOB, CAROL, DAVE)],
        PEOPLE,
    ),
}


def live_with(terminal: Terminal, name: str, edits: list[list[dict[str, Any]]]) -> None:
    """The account has a schedule that went through these edits, each a while ago."""
    for layers in edits:
        terminal.declare(schedule(name, layers=layers))
        terminal.apply()
        terminal.clock.advance(3 * WEEK)


@pytest.mark.parametrize(("edits", "now", "said"), CASES.values(), ids=CASES)
def test_a_file_that_was_renamed(
    terminal: Terminal, edits: list[list[dict[str, Any]]], now: list[dict[str, Any]], said: str
) -> None:
    live_with(terminal, "Old", edits)
    ended = planned(terminal, schedule("New", layers=now))
    assert "`New` would be created, but `Old` (id " in flat(ended)
    assert f"which no file declares, {said}; write `renamed_from: Old`" in flat(ended)
    writes = list(terminal.written)
    assert terminal("apply", "--auto-approve").code == 1
    assert terminal.written == writes
    allowed = planned(terminal, schedule("New", layers=now, renamed_from="Old"))
    assert allowed.code == 0
    assert "0 to create, 1 to update" in allowed.out


@pytest.mark.parametrize(("edits", "now", "said"), CASES.values(), ids=CASES)
def test_a_schedule_that_was_renamed_in_the_console(
    terminal: Terminal, edits: list[list[dict[str, Any]]], now: list[dict[str, Any]], said: str
) -> None:
    live_with(terminal, "Prod", edits)
    terminal.sandbox.console.rename("Prod", "Production!")
    assert said in flat(planned(terminal, schedule("Prod", layers=now)))
    assert said in flat(terminal("drift"))


DIFFERENT: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "other people": ([TEAM], [OTHERS]),
    "one of many": ([TEAM], [layer(ALICE, DAVE, "erin@example.com")]),
    "other people with the same manager": (
        [layer(ALICE, BOB), nights(CAROL)],
        [layer(DAVE, "erin@example.com"), nights(CAROL)],
    ),
    "one of them, in another rotation": (
        [layer(ALICE, BOB)],
        [layer(ALICE, CAROL, rotation="12 hours")],
    ),
    "two layers differ": (
        FIRST,
        [{**TEAM, "rotation": "1 month"}, {**FIRST[1], "hours": "20:00-08:00"}],
    ),
}


@pytest.mark.parametrize(("before", "now"), DIFFERENT.values(), ids=DIFFERENT)
def test_a_schedule_that_is_another_one(
    terminal: Terminal, before: list[dict[str, Any]], now: list[dict[str, Any]]
) -> None:
    live_with(terminal, "Old", [before])
    ended = planned(terminal, schedule("New", layers=now))
    assert "looks renamed" not in flat(ended)
    assert ended.code == 0


def test_the_most_similar_one_is_named(terminal: Terminal) -> None:
    terminal.declare(
        schedule("Web", layers=[layer(ALICE, BOB)]),
        schedule("Webshop", layers=[TEAM]),
        schedule("Shop", layers=[TEAM]),
    )
    terminal.apply()
    text = flat(planned(terminal, schedule("Webshops", layers=[TEAM])))
    assert "but `Webshop` (id " in text
    assert text.count("looks renamed") == 1


LAYERS: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], bool]] = {
    "nothing else": (lambda old: {**old, "layer": "Main"}, True),
    "somebody joins": (
        lambda old: {**old, "layer": "Main", "groups": [*old["groups"], DAVE]},
        True,
    ),
    "longer turns": (lambda old: {**old, "layer": "Main", "rotation": "2 weeks"}, True),
    "other people": (lambda old: {**old, "layer": "Main", "groups": [DAVE]}, False),
    "declared": (lambda old: {**old, "layer": "Main", "renamed_from": "Primary"}, False),
}


@pytest.mark.parametrize(("edit", "hinted"), LAYERS.values(), ids=LAYERS)
def test_a_renamed_layer_gets_a_hint(
    terminal: Terminal, edit: Callable[[dict[str, Any]], dict[str, Any]], hinted: bool
) -> None:
    live_with(terminal, "Production", [[layer(ALICE, BOB), nights(CAROL)], FIRST])
    ended = planned(terminal, schedule(layers=[edit(TEAM), FIRST[1]]))
    said = (
        "warning the layer `Primary` ends and a similar one, `Main`, begins; if it was renamed, "
        "add `renamed_from: Primary` to `Main`"
    )
    assert (said in flat(ended)) is hinted
    assert ended.code == 0


def test_a_layer_that_was_renamed_in_the_console_gets_the_hint(terminal: Terminal) -> None:
    live_with(terminal, "Production", [FIRST])

    def rename(live: dict[str, Any]) -> None:
        live["layers"][0]["layer_name"] = "Main"

    terminal.sandbox.console.edit("Production", rename)
    terminal.declare(schedule(layers=FIRST))
    assert "add `renamed_from: Main` to `Primary`" in flat(terminal("drift"))


def test_the_hint_is_gone_once_it_was_followed_or_applied(terminal: Terminal) -> None:
    live_with(terminal, "Production", [FIRST])
    renamed = schedule(layers=[{**TEAM, "layer": "Main"}, FIRST[1]])
    terminal.declare(renamed)
    terminal.apply()
    assert "renamed_from" not in flat(terminal("plan"))


def test_schedules_of_one_team_are_told_apart(terminal: Terminal) -> None:
    """People are on several schedules with the same rhythm, each with its own description."""
    terminal.declare(schedule("Database", layers=[TEAM], description="Ask #db first"))
    terminal.apply()
    described = schedule("Web", layers=[layer(ALICE, BOB, CAROL, DAVE)], description="Ask #web")
    ended = planned(terminal, described)
    assert ended.code == 0
    assert "looks renamed" not in flat(ended)
