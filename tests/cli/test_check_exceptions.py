"""`checks` of a schedule or a layer: what is meant there is not a finding; and checks by default."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.console import Terminal, layer, schedule
from tests.clock import NOW

ALICE, BOB, CAROL, DAVE = (f"{name}@example.com" for name in ("alice", "bob", "carol", "dave"))
OFFICE = {"hours": "09:00-18:00", "rotation": "1 day", "start": "2026-01-05 09:00"}
OFF = {"single_person": "off"}
ALONE = "alone has all turns"


def alone(**more: Any) -> dict[str, Any]:
    """A schedule on which two layers have one person each."""
    layers = [layer(ALICE, **OFFICE), layer(BOB, layer="Night", hours="18:00-09:00")]
    return schedule(layers=layers, **more)


def with_layer(tree: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The schedule with more keys in its first layer."""
    first, *others = tree["layers"]
    return {**tree, "layers": [{**first, **more}, *others]}


@pytest.mark.parametrize(
    ("config", "tree", "code", "count"),
    [
        pytest.param({}, alone(), 0, 2, id="no exception"),
        pytest.param({}, alone(checks=OFF), 0, 0, id="off for the schedule"),
        pytest.param({}, with_layer(alone(), checks=OFF), 0, 1, id="off for a layer"),
        pytest.param({}, alone(checks={"single_person": "error"}), 1, 2, id="an error here"),
        pytest.param(OFF, with_layer(alone(), checks={"single_person": "warn"}), 0, 1, id="on for a layer alone"),
        pytest.param({"single_person": "error"}, alone(checks={"single_person": "warn"}), 0, 2, id="a warning here"),
        pytest.param({}, with_layer(alone(checks=OFF), checks={"single_person": "error"}), 1, 1, id="a layer wins over its schedule"),
    ],
)  # fmt: skip
def test_a_level_of_a_file(
    terminal: Terminal, config: dict[str, Any], tree: dict[str, Any], code: int, count: int
) -> None:
    terminal.config(checks=config)
    terminal.declare(tree)
    for command in ("validate", "plan"):
        ended = terminal(command)
        assert ended.code == code, ended
        assert " ".join((ended.out + ended.err).split()).count(ALONE) == count, ended


def test_the_command_line_wins_over_the_file(terminal: Terminal) -> None:
    terminal.declare(schedule())
    assert terminal("apply", "--auto-approve").code == 0
    gap = schedule(layers=[layer(**OFFICE)], checks={"coverage_gap": "error"})
    terminal.declare(gap)
    assert "(coverage_gap)" in terminal("plan").out
    assert terminal("plan", "--check-level", "coverage_gap=warn").code == 0
    terminal.declare({**gap, "checks": {"coverage_gap": "off"}})
    assert terminal("plan").code == 0


def test_a_level_is_not_a_change(terminal: Terminal) -> None:
    terminal.declare(schedule())
    assert terminal("apply", "--auto-approve").code == 0
    terminal.declare(with_layer(schedule(checks={"double_booked": "off"}), checks=OFF))
    assert "No changes" in terminal("plan").out


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        (schedule(checks={"single_persn": "off"}), "unknown check `single_persn`; did you mean single_person?"),
        (schedule(checks={"single_person": "quiet"}), "unknown level `quiet`; use one of off, warn, error"),
        (with_layer(schedule(), checks={"coverage_gap": "off"}), "unknown check of a layer `coverage_gap`; "),
        (schedule(checks=["single_person"]), "expected a mapping, found a list"),
    ],
)  # fmt: skip
def test_mistakes(terminal: Terminal, tree: dict[str, Any], said: str) -> None:
    terminal.declare(tree)
    ended = terminal("validate")
    assert ended.code == 1
    assert said in ended.out + ended.err


@pytest.mark.at(NOW)
def test_people_who_are_never_on_call(terminal: Terminal) -> None:
    nights = {"rotation": "12 hours", "start": "2026-01-05 08:00", "hours": "20:00-08:00"}
    terminal.declare(schedule(layers=[layer(ALICE, BOB, **nights)]))
    for command in ("validate", "plan"):
        ended = terminal(command)
        assert ended.code == 0
        said = " ".join((ended.out + ended.err).split())
        assert "have no shift" not in said
        assert (
            "has no shift in layer `Primary`, because their turns miss its days and hours (checked until Sun 22 Nov 16:33, one full cycle)"
            in said
        )


def test_two_schedules_with_one_rota(terminal: Terminal) -> None:
    """By default it takes no request, and is said of schedules that a plan changes."""
    terminal.declare(
        schedule("Web"), schedule("Batch"), schedule("Mail", layers=[layer(CAROL, DAVE)])
    )
    requests = len(terminal.sandbox.log)
    planned = terminal("plan")
    requests = len(terminal.sandbox.log) - requests
    said = " ".join(planned.out.split())
    assert "are on call here and on `Web` at once in every turn" in said
    assert said.count("(double_booked)") == 1
    before = len(terminal.sandbox.log)
    terminal("plan", "--check-level", "double_booked=off")
    assert len(terminal.sandbox.log) - before == requests
    assert terminal("apply", "--auto-approve").code == 0
    assert "double_booked" not in terminal("plan").out
    terminal.declare(schedule("Web"), schedule("Batch", checks={"double_booked": "off"}))
    assert "double_booked" not in terminal("plan").out


def test_primary_and_backup_at_once(terminal: Terminal) -> None:
    backups = [{"person": person, "role": "backup"} for person in (ALICE, BOB)]
    terminal.declare(schedule(layers=[layer(), layer(*backups, layer="Backup")]))
    for command in ("validate", "plan"):
        ended = terminal(command)
        assert "are primary and backup at once" in " ".join((ended.out + ended.err).split())
    terminal.declare(schedule(layers=[layer(), layer(*backups[::-1], layer="Backup")]))
    for command in ("validate", "plan"):
        ended = terminal(command)
        assert "at once" not in ended.out + ended.err
