"""Ctrl-C at any line of an apply that writes: the outcome is reported, and true."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from flashsync.apply import interrupts
from flashsync.sandbox import Reply
from tests.cli.console import Ended, Terminal, schedule
from tests.properties import trying

pytestmark = pytest.mark.processes

LINES = 2400
"""About as many as the main thread runs between the first write and the end."""

WRITING = 60
"""About as many of these it runs while something is written."""


class Twice:
    """One Ctrl-C at a line after the first write, and perhaps another some calls later.

    Only our own code is interrupted. In the middle of Python's own, a lock may stay shut for good:
    a process can live with that, as it ends after the second, and this one cannot.
    """

    def __init__(self, line: int, calls: int | None) -> None:
        self._lines = line
        self._calls = calls
        self._writing = False
        self.came = 0

    def hook(self, endpoint: str, body: Any, act: Callable[[], Reply]) -> None:
        """For the sandbox, which asks it before it answers."""
        self._writing = self._writing or endpoint == "/schedule/create"

    def on_line(self, frame: FrameType, event: str, arg: Any) -> Any:
        """For `sys.settrace`, which ends with the first exception out of it."""
        if not _ours(frame):
            return None
        if event == "line" and self._writing:
            self._lines -= 1
            if self._lines < 0:
                sys.setprofile(self._on_call if self._calls is not None else None)
                self._interrupt()
        return self.on_line

    def _on_call(self, frame: FrameType, event: str, arg: Any) -> None:
        if self._calls is None or not _ours(frame):
            return
        self._calls -= 1
        if self._calls < 0:
            sys.setprofile(None)
            self._interrupt()

    def _interrupt(self) -> None:
        """What the signal would do here, without its small delay."""
        sys.settrace(None)
        handler = signal.getsignal(signal.SIGINT)
        assert callable(handler)
        if handler is not signal.default_int_handler:  # else the command has ended
            self.came += 1
            handler(signal.SIGINT, None)


def _ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).startswith("flashsync.")


@pytest.fixture(autouse=True)
def _each_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupts, "TOGETHER", 0.0)


@pytest.fixture(autouse=True)
def _untraced() -> Iterator[None]:
    """Coverage has a trace of its own, which goes on afterwards."""
    before = sys.gettrace()
    yield
    sys.setprofile(None)
    sys.settrace(before)
    gc.collect()  # connections that were left open are this test's, not the next one's


def interrupted(terminal: Terminal, line: int, calls: int | None) -> tuple[Ended, int]:
    """An apply of three schedules on an account without any; how it ended, how many came."""
    for one in terminal.sandbox.console.schedules():
        terminal.sandbox.console.delete(one["schedule_name"])
    twice = Twice(line, calls)
    terminal.sandbox.hook = twice.hook
    sys.settrace(twice.on_line)
    try:
        ended = terminal("apply", "--auto-approve", "--format", "json")
    finally:
        sys.setprofile(None)
        sys.settrace(None)
    for thread in threading.enumerate():
        if thread.name.startswith("flashsync"):
            thread.join()
    return ended, twice.came


# After the second one, connections are left as they are: the process ends.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@given(st.integers(0, WRITING) | st.integers(0, LINES), st.none() | st.integers(0, 200))
@example(0, None)
@example(0, 5)
@trying(4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_report_is_true(terminal: Terminal, line: int, calls: int | None) -> None:
    terminal.declare(*[schedule(name) for name in ("One", "Two", "Three")])
    ended, came = interrupted(terminal, line, calls)
    results = {one["schedule"]: one["status"] for one in ended.json["results"]}
    there = set(terminal.names)
    confirmed = {name for name, status in results.items() if status == "confirmed"}
    assert set(results) == {"One", "Two", "Three"}
    assert confirmed <= there
    assert all(results[name] == "unclear" for name in there - confirmed)
    assert ended.code == (0 if len(confirmed) == 3 else 3)
    assert came or ended.code == 0
