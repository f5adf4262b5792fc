"""`tidy` removes ended links and past overrides, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.console import Terminal, layer, schedule

DAY = 86400
THREE = ["alice@example.com", "bob@example.com", "carol@example.com"]


def cover(terminal: Terminal, start: float, end: float) -> dict[str, Any]:
    people = ["dave@example.com"]
    at = terminal.clock.text
    return {"override": "Away", "from": at(start * DAY), "to": at(end * DAY), "people": people}


def layers(terminal: Terminal, mode: int) -> list[str]:
    found = terminal.sandbox.console.schedule("Production")["layers"]
    return [one["layer_name"] for one in found if one["mode"] == mode]


@pytest.fixture
def old(terminal: Terminal) -> Terminal:
    """A rota that was edited, with cover of ours and of the console, four months ago."""
    away = [cover(terminal, 1, 2)]
    terminal.declare(schedule(layers=[layer(*THREE)], overrides=away))
    assert terminal("apply", "--auto-approve").code == 0
    terminal.declare(schedule(layers=[layer(*THREE, "erin@example.com")], overrides=away))
    assert terminal("apply", "--auto-approve").code == 0
    start = terminal.clock.now
    people = ["erin@example.com"]
    terminal.sandbox.console.add_override("Production", people, start + DAY, start + 2 * DAY)
    terminal.clock.advance(120 * DAY)
    assert terminal("plan", "--detailed-exitcode").code == 0
    return terminal


@pytest.mark.any_date
def test_what_is_over_goes_and_the_console_s_stays(old: Terminal) -> None:
    console = [name for name in layers(old, 1) if not name.endswith("[flashsync]")]
    ended = old("tidy", "--auto-approve")
    assert ended.code == 0, ended.out + ended.err
    assert "- link of 2026-01-05 10:00 – " in ended.out
    assert "- Away: " in ended.out
    assert layers(old, 0) == ["Primary"]
    assert layers(old, 1) == console
    assert len(console) == 1


def test_nobody_s_shift_moves_and_a_plan_stays_empty(old: Terminal) -> None:
    (action,) = old("tidy", "--check", "--format", "json").json["actions"]
    assert (action["reason"], action["effects"]) == ("tidied", [])
    assert old("tidy", "--auto-approve").code == 0
    assert old("plan", "--detailed-exitcode").code == 0
    assert old("tidy", "--check").code == 0


def test_what_ended_lately_stays(old: Terminal) -> None:
    ended = old("tidy", "--older-than", "150d", "--check")
    assert (ended.code, "No changes." in ended.out) == (0, True)


def test_check_writes_nothing(old: Terminal) -> None:
    old.sandbox.log.clear()
    assert old("tidy", "--check").code == 2
    assert old.sandbox.counts["/schedule/update"] == 0


def test_what_differs_from_its_file_waits(old: Terminal) -> None:
    old.declare(schedule(layers=[layer(*THREE, "erin@example.com")], description="New"))
    ended = old("tidy", "--check", "-v")
    assert ended.code == 0
    assert "apply that first, then tidy it" in " ".join(ended.out.split())


def test_it_creates_and_deletes_nothing(terminal: Terminal) -> None:
    terminal.declare(schedule("New"), {"schedule": "Old", "absent": True})
    assert terminal("tidy", "--check").code == 0


@pytest.mark.parametrize("value", ["soon", "-1d", "9999999999d", ""])
def test_days_are_days(terminal: Terminal, value: str) -> None:
    terminal.declare(schedule())
    ended = terminal("tidy", "--older-than", value)
    assert ended.code == 1
    assert "expected a number of days" in ended.err
