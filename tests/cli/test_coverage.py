"""Coverage is by duty: a time without a primary is a gap, even when a backup is on call."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.console import Ended, Terminal, layer, schedule
from tests.clock import NOW

ALICE, BOB, CAROL, DAVE = (f"{name}@example.com" for name in ("alice", "bob", "carol", "dave"))
EVENING = {"hours": "18:00-09:00", "rotation": "1 day", "start": "2026-01-05 18:00"}


def backup(person: str) -> dict[str, str]:
    return {"person": person, "role": "backup"}


def rota(*groups: Any, **more: Any) -> dict[str, Any]:
    return schedule(layers=[layer(*groups)], **more)


PAIRS = ([ALICE, backup(BOB)], [BOB, backup(CAROL)], [CAROL, backup(ALICE)])
WITHOUT_BOB = ([ALICE], [backup(CAROL)], [CAROL, backup(ALICE)])
LONG = [[ALICE, backup(BOB)]] * 9
"""A rota of pairs whose last turn is months away."""


def override(first: str, last: str, *people: str) -> dict[str, Any]:
    return {"override": "Cover", "from": first, "to": last, "people": list(people)}


def replan(terminal: Terminal, before: dict[str, Any], after: dict[str, Any]) -> Ended:
    """The plan for an account in which the first is live, and that is to become the second."""
    terminal.declare(before)
    applied = terminal("apply", "--auto-approve")
    assert applied.code == 0, applied.out + applied.err
    terminal.declare(after)
    return terminal("plan", "--rollout", "now")


LEFT_OPEN = [
    pytest.param(
        rota(*PAIRS), rota(*WITHOUT_BOB), "no primary is on call Mon 23 Nov 10:00 – Mon 30 Nov 10:00",
        id="bob taken out of pairs by hand",
    ),
    pytest.param(
        rota(ALICE, BOB), rota(ALICE, backup(BOB)), "no primary is on call",
        id="a primary who becomes backup",
    ),
    pytest.param(
        schedule(layers=[layer(ALICE, BOB), layer(backup(CAROL), layer="Backup")]),
        schedule(layers=[layer(ALICE, BOB, **EVENING), layer(backup(CAROL), layer="Backup")]),
        "no primary is on call",
        id="primaries only in the evening, and a backup all day",
    ),
    pytest.param(
        schedule(layers=[layer(ALICE, BOB), layer(backup(CAROL), layer="Backup")]),
        schedule(layers=[layer(backup(CAROL), layer="Backup")]),
        "no primary is on call from",
        id="a layer of primaries that goes",
    ),
    pytest.param(
        rota(*LONG, [ALICE, backup(BOB)]), rota(*LONG, backup(BOB)),
        "no primary is on call",
        id="a turn after the end of the window",
    ),
]  # fmt: skip


@pytest.mark.at(NOW)
@pytest.mark.parametrize(("before", "after", "said"), LEFT_OPEN)
def test_a_time_without_a_primary_refuses(
    terminal: Terminal, before: dict[str, Any], after: dict[str, Any], said: str
) -> None:
    planned = replan(terminal, before, after)
    assert planned.code == 1
    assert said in " ".join(planned.out.split()), planned.out
    assert "this leaves no primary on call" in " ".join(planned.out.split())
    assert "(coverage_gap)" in terminal("apply", "--auto-approve", "--rollout", "now").err


@pytest.mark.at(NOW)
def test_an_override_that_takes_the_backup_off_call_is_a_warning(terminal: Terminal) -> None:
    cover = override("2026-11-24 00:00", "2026-11-25 00:00", DAVE)
    planned = replan(terminal, rota(*PAIRS), rota(*PAIRS, overrides=[cover]))
    assert planned.code == 0
    text = " ".join(planned.out.split())
    assert (
        "no backup is on call Tue 24 Nov 00:00 – Wed 25 Nov 00:00, where somebody was before"
        in text
    )
    action = terminal("plan", "--format", "json").json["actions"][0]
    assert [
        warning["text"] for warning in action["warnings"] if warning["check"] == "coverage_gap"
    ] == [
        "this leaves no backup on call Tue 24 Nov 00:00 – Wed 25 Nov 00:00; people of an override are primary, so check which roles the escalation rules page (coverage_gap)"
    ]
    assert [(gap["role"], gap["role_id"]) for gap in action["gaps"]] == [("backup", 1)]
    assert terminal("apply", "--auto-approve").code == 0
    assert "No changes" in terminal("plan").out


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(rota(*PAIRS), rota(*PAIRS, [DAVE, backup(ALICE)]), id="a fourth pair"),
        pytest.param(rota(backup(ALICE)), rota(backup(ALICE), backup(BOB)), id="backups alone"),
        pytest.param(
            rota(*PAIRS),
            schedule(layers=[layer(ALICE, BOB, CAROL), layer(backup(BOB), layer="Backup")]),
            id="roles that move to layers of their own",
        ),
    ],
)
def test_a_rota_that_keeps_its_duties_passes(
    terminal: Terminal, before: dict[str, Any], after: dict[str, Any]
) -> None:
    planned = replan(terminal, before, after)
    assert planned.code == 0
    assert "complete, as before" in planned.out


def test_a_rota_is_expected_to_have_a_primary(terminal: Terminal) -> None:
    expect = [{"always": "covered", "role": "primary"}]
    terminal.declare(rota(*WITHOUT_BOB, expect=expect))
    for command in ("validate", "plan"):
        ended = terminal(command)
        assert ended.code == 1
        said = " ".join((ended.out + ended.err).split())
        assert "no primary is on call" in said
        assert "(backup), by layer `Primary`" in said
        assert "one full cycle" in said
    terminal.declare(rota(*PAIRS, expect=[*expect, {"always": "covered", "role": "backup"}]))
    assert terminal("validate").code == 0
    assert terminal("plan").code == 0


@pytest.mark.at(NOW)
def test_a_calendar_marks_a_time_without_a_primary(terminal: Terminal) -> None:
    terminal.declare(rota(*WITHOUT_BOB))
    shown = terminal("show", "--offline", "--days", "21")
    assert (
        "Mon 23 Nov 10:00 – Mon 30 Nov 10:00  !! no primary: carol@example.com (backup)"
        in shown.out
    ), shown.out
    (calendar,) = terminal("show", "--offline", "--days", "21", "--format", "json").json[
        "schedules"
    ]
    assert [(gap["start"], gap["role"]) for gap in calendar["gaps"]] == [
        ("2026-11-23T02:00:00Z", "primary")
    ]
    terminal.declare(rota(*PAIRS))
    assert "!!" not in terminal("show", "--offline", "--days", "21").out
