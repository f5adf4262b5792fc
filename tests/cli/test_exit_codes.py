"""The table of exit codes: scripts rely on every line of it."""

from __future__ import annotations

import pytest

from flashsync.sandbox import refusal
from tests.cli.console import Terminal, layer, schedule


@pytest.mark.parametrize(("tree", "code"), [(schedule(), 0), ({"schedule": ""}, 1)])
def test_validate_ends_with_0_or_1(terminal: Terminal, tree: dict[str, object], code: int) -> None:
    terminal.declare(tree)
    assert terminal("validate").code == code


def test_plan_ends_with_0_and_with_the_flag_with_2_while_there_are_changes(
    terminal: Terminal,
) -> None:
    terminal.declare(schedule())
    assert terminal("plan").code == 0
    assert terminal("plan", "--detailed-exitcode").code == 2
    assert terminal.written == []
    terminal.apply()
    assert terminal("plan", "--detailed-exitcode").code == 0


def test_a_plan_that_apply_would_refuse_is_shown_and_ends_with_1(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(layers=[layer(end="2036-01-01 00:00")]), schedule("Another"))
    ended = terminal("plan", "--detailed-exitcode")
    assert ended.code == 1
    assert "~ Production" in ended.out
    assert "+ Another" in ended.out
    assert terminal("plan").code == 1


def test_apply_ends_with_0_then_1_then_3(terminal: Terminal) -> None:
    terminal.declare(schedule())
    assert terminal("apply", "--auto-approve").code == 0
    assert terminal("apply", "--auto-approve").code == 0
    terminal.declare(schedule(), schedule("Second", team="SRE"))
    terminal.sandbox.fail_next(refusal("InvalidParameter", "no"), "/schedule/create")
    failed = terminal("apply", "--auto-approve")
    assert failed.code == 1
    assert "Nothing written: 1 failed." in failed.out
    terminal.sandbox.fail_next(refusal("InvalidParameter", "no"), "/schedule/create")
    terminal.declare(schedule(description="new"), schedule("Second"))
    terminal("apply", "--auto-approve")
    terminal.declare(schedule(description="newer"), schedule("Third"))
    terminal.sandbox.fail_next(refusal("InvalidParameter", "no"), "/schedule/update")
    half = terminal("apply", "--auto-approve")
    assert half.code == 3
    assert "Not finished: 1 done, 1 failed." in half.out


def test_drift_ends_with_0_2_and_1(terminal: Terminal) -> None:
    terminal.declare(schedule())
    assert terminal("drift").code == 2
    terminal.apply()
    assert terminal("drift").code == 0
    terminal.declare(schedule(team="Nobody here"))
    assert terminal("drift").code == 1


def test_drift_ends_with_2_for_a_schedule_that_should_be_absent(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare({"schedule": "Production", "absent": True})
    assert terminal("drift").code == 2


@pytest.mark.parametrize(
    "line",
    [
        "plam",
        "plan --no-such-flag",
        "plan --format yaml",
        "plan --rate 0",
        "plan --rollout whenever",
        "plan --timezone Mars/Base",
        "plan --max-deletes -1",
        "apply --plan",
        "validate --format",
        "sandbox --seed tiny",
        "sandbox --port 99999",
        "schema nothing",
        "--nothing",
    ],
)
def test_a_usage_error_ends_with_1_and_one_line(terminal: Terminal, line: str) -> None:
    ended = terminal(*line.split())
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("error: ")
    assert ended.err.count("\n") == 1, ended.err
    assert "--help" in ended.err or ";" in ended.err


@pytest.mark.parametrize("line", ["--help", "--version", "plan --help", "-h"])
def test_help_and_version_end_with_0(terminal: Terminal, line: str) -> None:
    ended = terminal(*line.split())
    assert (ended.code, ended.err) == (0, "")
    assert ended.out


def test_without_a_command_the_help_is_shown(terminal: Terminal) -> None:
    ended = terminal()
    assert (ended.code, ended.err) == (0, "")
    assert "Commands:" in ended.out
