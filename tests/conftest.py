"""What every test can rely on: a clean environment, and sandboxes to talk to."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flashsync.sandbox import UNLIMITED, Options, Sandbox, running, seed
from tests import properties

properties.load()

OF_THE_MACHINE = re.compile(
    r"FLASHDUTY_\w+|\w+_PROXY|NO_COLOR|FORCE_COLOR|CLICOLOR\w*|COLUMNS|LINES|DING_\w+",
    re.IGNORECASE,
)
"""Variables that change what the program does or shows."""


WHOLE_STORIES = {"faults", "promises", "recipes"}
"""Folders whose tests run everything, time and again."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Property tests and whole stories are not measured: it takes them twice the time, and what
    they alone reach deserves an example of its own."""
    for item in items:
        random = getattr(getattr(item, "function", None), "is_hypothesis_test", False)
        if random or item.path.parent.name in WHOLE_STORIES:
            item.add_marker("no_cover")


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_the_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For fixtures that live longer than a test, too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if OF_THE_MACHINE.fullmatch(name)]:
            patch.delenv(name)
        _live_in(tmp_path_factory.mktemp("home"), patch)
        yield


@pytest.fixture(autouse=True)
def _home_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test reads the key file of whoever runs it, nor one that another test wrote."""
    _live_in(tmp_path_factory.mktemp("home"), monkeypatch)


def _live_in(home: Path, patch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USERPROFILE"):
        patch.setenv(name, str(home))


@pytest.fixture
def clock() -> Callable[[], float]:
    """Unix seconds. A file whose texts hold dates has one of its own: see `tests.clock`."""
    return time.time


@pytest.fixture
def sandbox(clock: Callable[[], float]) -> Iterator[Sandbox]:
    """The account as its people built it in the console: three schedules."""
    with running(seed("demo"), Options(limits=UNLIMITED), now=clock) as found:
        yield found


@pytest.fixture
def empty_sandbox(clock: Callable[[], float]) -> Iterator[Sandbox]:
    """The same people and teams, without schedules."""
    with running(seed("empty"), Options(limits=UNLIMITED), now=clock) as found:
        yield found
