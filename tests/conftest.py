"""What every test can rely on: a clean environment, and sandboxes to talk to."""

from __future__ import annotations

import itertools
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from flashsync.cli.process import TEST_NOW
from flashsync.sandbox import UNLIMITED, Options, Sandbox, running, seed
from tests import properties
from tests.clock import DATES, NOW, Clock, utc
from tests.measuring import Measuring

properties.load()

OF_THE_MACHINE = re.compile(
    r"FLASHDUTY_\w+|\w+_PROXY|NO_COLOR|FORCE_COLOR|CLICOLOR\w*|COLUMNS|LINES|DING_\w+|XDG_\w+",
    re.IGNORECASE,
)
"""Variables that change what the program does or shows."""


WHOLE_STORIES = {"faults", "promises", "recipes"}
"""Folders whose tests run everything, time and again."""

LONG_TABLES = {
    *(
        "test_account_person",
        "test_at_size",
        "test_cadence",
        "test_cuts",
        "test_drift",
        "test_edits",
    ),
    *(
        "test_effects",
        "test_import",
        "test_import_terraform",
        "test_init",
        "test_keys",
        "test_list",
    ),
    *("test_planning", "test_pull", "test_rename", "test_renames", "test_selection"),
    *("test_undeclared", "test_waiting_edits"),
}
"""Files with long tables of whole commands, as all of tests/apply are."""

HOMES = itertools.count()

NOT_MEASURED = ("any_date", "browser", "properties", "slow", "story")
"""Marks of tests whose coverage is not measured."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--now 2027-03-28T00:45` runs every test at another time (UTC)."""
    parser.addoption("--now", type=utc, default=NOW, metavar="TIME", help="an ISO time in UTC")


def pytest_configure(config: pytest.Config) -> None:
    """Measure coverage only where it says something."""
    config.pluginmanager.register(Measuring(), "measuring")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `any_date` at each of the dates."""
    if metafunc.definition.get_closest_marker("any_date") is None:
        return
    metafunc.fixturenames.append("clock")
    metafunc.parametrize("clock", list(DATES.values()), ids=list(DATES), indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark property tests, whole stories, long tables and browser tests: not for test-fast.

    Only the tables are measured; what runs at many dates or is marked slow is not, either:
    it takes them twice the time, and what they alone reach deserves an example of its own.
    """
    for item in items:
        if getattr(getattr(item, "function", None), "is_hypothesis_test", False):
            item.add_marker("properties")
        if item.path.parent.name in WHOLE_STORIES:
            item.add_marker("story")
        if item.path.stem in LONG_TABLES or item.path.parent.name == "apply":
            item.add_marker("table")
        if item.path.parent.name == "browser":
            item.add_marker("browser")
        if any(item.get_closest_marker(name) for name in NOT_MEASURED):
            item.add_marker("no_cover")


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_the_machine(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[None]:
    """For fixtures that live longer than a test, too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if OF_THE_MACHINE.fullmatch(name)]:
            patch.delenv(name)
        _live_in(_new_home(tmp_path_factory), patch)
        patch.setenv(TEST_NOW, str(request.config.getoption("--now")))
        yield


@pytest.fixture(autouse=True)
def _home_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test reads the key file of the user, nor a file that another test wrote."""
    _live_in(_new_home(tmp_path_factory), monkeypatch)


def _new_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder outside `tmp_path`, where each folder looks at its neighbours."""
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(HOMES))
    home.mkdir(parents=True)
    return home


def _live_in(home: Path, patch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USERPROFILE"):
        patch.setenv(name, str(home))


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time: the same for the sandbox, for the command line and for processes it starts.

    A test marked `any_date` runs once at each of `DATES`, one marked `at(time)` only then, every
    other at `NOW`, or at the time that `--now` gives.
    """
    at = request.node.get_closest_marker("at")
    base: int = at.args[0] if at else getattr(request, "param", request.config.getoption("--now"))
    monkeypatch.setenv(TEST_NOW, str(base))
    return Clock(base)


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    """The account as its people built it in the console: three schedules."""
    with running(seed("demo"), Options(limits=UNLIMITED), now=clock) as found:
        yield found


@pytest.fixture
def empty_sandbox(clock: Clock) -> Iterator[Sandbox]:
    """The same people and teams, without schedules."""
    with running(seed("empty"), Options(limits=UNLIMITED), now=clock) as found:
        yield found
