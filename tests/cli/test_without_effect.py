"""Entries that do nothing are named: a layer twice, an override or an `end` in the past."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.console import Terminal, layer, schedule
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)  # Sat 21 Nov 2026

SHARE = ["alice@example.com", "bob@example.com"]


def validated(terminal: Terminal, tree: Any) -> str:
    """What `validate` says, which accepts the file."""
    terminal.declare(tree)
    ended = terminal("validate")
    assert ended.code == 0, ended
    return " ".join(ended.out.split())


def planned(terminal: Terminal, tree: Any) -> str:
    """What `plan` shows."""
    terminal.declare(tree)
    ended = terminal("plan")
    assert ended.code == 0, ended
    return " ".join(ended.out.split())


def cover(start: str, end: str) -> dict[str, Any]:
    return {"override": "Trip", "from": start, "to": end, "people": ["carol@example.com"]}


LAST_YEAR = cover("2025-12-20 00:00", "2025-12-27 00:00")
LAST_WEEK = cover("2026-11-14 00:00", "2026-11-16 00:00")


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (layer(), "duplicate of the layer above; remove one of them"),
        (layer(layer="Copy"), "same turns as the layer `Primary` above; remove one of them"),
        (layer(*reversed(SHARE)), ""),
        (layer(layer="Second", start="2026-01-12 10:00"), ""),
        (layer(layer="Nights", hours="18:00-09:00"), ""),
    ],
)
def test_a_layer_twice(terminal: Terminal, second: Any, message: str) -> None:
    text = validated(terminal, schedule(layers=[layer(), second]))
    if message:
        assert f"warning: {message}" in text
    else:
        assert "layer" not in text


def test_an_override_of_the_wrong_year(terminal: Terminal) -> None:
    said = (
        "this override ended on Sat 27 Dec 2025 00:00, so nothing is written; "
        "correct the year or remove it"
    )
    assert said in validated(terminal, schedule(overrides=[LAST_YEAR]))


def test_a_recent_override_may_stay_in_the_file(terminal: Terminal) -> None:
    assert "ended" not in validated(terminal, schedule(overrides=[LAST_WEEK]))


def test_an_end_of_the_wrong_year(terminal: Terminal) -> None:
    text = validated(terminal, schedule(layers=[layer(), layer(layer="B", end="2026-02-01 10:00")]))
    assert "this layer ended on Sun 1 Feb 10:00" in text
    recent = [layer(), layer(layer="B", end="2026-11-16 10:00")]
    assert "ended" not in validated(terminal, schedule(layers=recent))


@pytest.mark.parametrize("entry", [LAST_YEAR, LAST_WEEK])
def test_a_plan_names_a_past_override_that_the_account_never_had(
    terminal: Terminal, entry: dict[str, Any]
) -> None:
    terminal.declare(schedule())
    terminal.apply()
    text = planned(terminal, schedule(overrides=[entry]))
    assert "the override `Trip` ended on" in text
    assert "so nothing is written" in text
    assert "nothing is written" not in planned(terminal, schedule())


def test_a_plan_is_silent_about_the_history_of_the_account(terminal: Terminal) -> None:
    tree = schedule(overrides=[cover("2026-11-22 00:00", "2026-11-24 00:00")])
    terminal.declare(tree)
    terminal.apply()
    terminal.clock.advance(7 * 86400)
    assert "nothing is written" not in planned(terminal, tree)


def test_a_plan_is_silent_about_what_the_console_covered(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    start, end = terminal.clock.now + 86400, terminal.clock.now + 3 * 86400
    terminal.sandbox.console.add_override("Production", ["dave@example.com"], start, end)
    tree = schedule(overrides=[cover("2026-11-22 18:00", "2026-11-24 00:00")])
    terminal.declare(tree)
    terminal.apply()
    terminal.clock.advance(7 * 86400)
    assert "nothing is written" not in planned(terminal, tree)


def test_a_plan_names_a_past_layer_that_the_account_never_had(terminal: Terminal) -> None:
    ending = layer(layer="Ending", end="2026-11-23 10:00")
    terminal.declare(schedule(layers=[layer(), ending]))
    terminal.apply()
    terminal.clock.advance(7 * 86400)
    assert "nothing is written" not in planned(terminal, schedule(layers=[layer(), ending]))
    past = layer(layer="Gone", end="2026-11-25 10:00")
    text = planned(terminal, schedule(layers=[layer(), ending, past]))
    assert "the layer `Gone` ended on Wed 25 Nov 10:00, so nothing is written" in text
