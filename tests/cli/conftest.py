"""A terminal in an empty folder, with the environment of somebody who works on the sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from flashsync.api.rate_limit import OWN, Limit
from flashsync.sandbox import Sandbox
from tests.cli.console import Terminal
from tests.clock import Clock

(PREVIEW,) = OWN


@pytest.fixture(autouse=True)
def _without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits in real time for a rate limit that the sandbox of these tests does not have."""
    monkeypatch.setattr("flashsync.api.rate_limit.ACCOUNT", (Limit(50, 0.01),))
    monkeypatch.setattr("flashsync.api.rate_limit.OWN", {PREVIEW: (Limit(40, 60),)})


@pytest.fixture
def terminal(
    empty_sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    clock: Clock,
) -> Terminal:
    """The account has people and teams, and no schedules; the folder has flashsync.yaml."""
    return _terminal(empty_sandbox, tmp_path, monkeypatch, capsys, clock)


@pytest.fixture
def demo(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    clock: Clock,
) -> Terminal:
    """The account has the three schedules that its people built in the console."""
    return _terminal(sandbox, tmp_path, monkeypatch, capsys, clock)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeats come at once."""
    monkeypatch.setattr("flashsync.api.retry.backoff", lambda *given: 0.0)


def _terminal(
    sandbox: Sandbox,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capture: pytest.CaptureFixture[str],
    clock: Clock,
) -> Terminal:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "sandbox-key")
    monkeypatch.setenv("FLASHDUTY_BASE_URL", sandbox.url)
    monkeypatch.chdir(folder)
    terminal = Terminal(folder, sandbox, capture, clock)
    terminal.config()
    return terminal
