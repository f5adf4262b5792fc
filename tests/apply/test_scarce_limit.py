"""Other programs use most of the account's rate limit: a run is slow, and ends well."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from flashsync.api.client import Client
from flashsync.api.credentials import Credentials
from flashsync.model.notify import Secret
from flashsync.operations.session import Session
from flashsync.plan.outcome import WriteStatus
from flashsync.sandbox import Limits, Options, running, seed
from tests.cli.console import schedule
from tests.clock import Clock
from tests.promises.loop import KEY, Loop

SPEED = 40
"""Time passes so much faster, for client and sandbox alike."""


def seconds() -> float:
    return time.monotonic() * SPEED


def sleep(duration: float) -> None:
    time.sleep(duration / SPEED)


@pytest.mark.slow
@pytest.mark.parametrize("retry_after", [True, False])
@pytest.mark.parametrize(("per_second", "per_minute"), [(5, 100), (1, 60)])
def test_thirty_creates_finish(
    tmp_path: Path, clock: Clock, per_second: int, per_minute: int, retry_after: bool
) -> None:
    options = Options(limits=Limits(per_second, per_minute), retry_after=retry_after)
    with running(seed("empty"), options, now=clock, monotonic=seconds) as sandbox:
        loop = Loop(sandbox, tmp_path)
        credentials = Credentials(Secret(KEY), sandbox.url)
        loop.client = Client(credentials, sleep=sleep, monotonic=seconds)
        loop.session = Session(os.environ, clock, tmp_path, client=loop.client)
        loop.write(*[schedule(f"No. {number}") for number in range(30)])
        with loop.client:
            outcome = loop.apply(loop.plan())
        assert {result.status for result in outcome.results} == {WriteStatus.CONFIRMED}
        assert len(sandbox.console.schedules()) == 30
        assert sandbox.refused < 30
