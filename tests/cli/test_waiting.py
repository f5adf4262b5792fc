"""What a command says while it waits, and what it shares of the rate limit with others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flashsync.api.concurrency import Patience
from flashsync.sandbox import refusal
from tests.cli.console import NO_SERVER, Terminal, schedule


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits of a command, which take no time: its clock jumps instead."""
    waited: list[float] = []

    def jump(patience: Patience, seconds: float) -> None:
        waited.append(seconds)
        clock = patience.now
        patience.now = lambda: clock() + seconds

    monkeypatch.setattr(Patience, "wait", jump)
    return waited


@pytest.mark.parametrize("arguments", ["plan", "plan --format json", "oncall", "doctor"])
def test_a_refused_connection_says_so_before_it_is_tried_again(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, waits: list[float], arguments: str
) -> None:
    """Without a terminal, too; and it is tried twice, not for ten seconds."""
    monkeypatch.setenv("FLASHDUTY_BASE_URL", NO_SERVER)
    terminal.declare(schedule())
    ended = terminal(*arguments.split())
    notes = [line for line in ended.err.splitlines() if line.startswith("note: ")]
    assert ended.code == 1
    assert [line.partition(" (")[0] for line in notes] == ["note: cannot connect to 127.0.0.1"]
    assert notes[0].endswith("; trying again in 1 s")
    assert len(waits) == 1
    assert 1 <= waits[0] < 2


def test_a_rate_limit_that_is_used_up_says_how_long_it_waits(
    terminal: Terminal, waits: list[float]
) -> None:
    terminal.declare(schedule())
    terminal.sandbox.fail_next(refusal("RequestTooFrequently", "slow down"), times=2)
    ended = terminal("plan", "--format", "json")
    assert ended.code == 0
    assert (
        ended.err == "note: the account's rate limit is used up: slow down; trying again in 1 s\n"
    )
    assert ended.json["actions"]


def test_the_slots_of_a_command_are_in_the_user_s_cache(terminal: Terminal) -> None:
    terminal.declare(schedule())
    assert terminal("plan").code == 0
    (path,) = (Path(os.environ["HOME"]) / ".cache" / "flashsync").iterdir()
    address = terminal.sandbox.url.removeprefix("http://").replace(":", "-")
    assert path.name == f"{address}-{terminal.sandbox.world.account.account_id}.slots"
    assert b"sandbox-key" not in path.read_bytes()


def test_a_cache_that_cannot_be_used_is_a_note(terminal: Terminal) -> None:
    (Path(os.environ["HOME"]) / ".cache").write_text("")
    terminal.declare(schedule())
    ended = terminal("apply", "--auto-approve")
    (note,) = (line for line in ended.err.splitlines() if line.startswith("note: "))
    assert note.startswith(f"note: cannot use {os.environ['HOME']}/.cache/flashsync/")
    assert note.endswith("; requests of other commands are not counted")
    assert (ended.code, terminal.names) == (0, ["Production"])
