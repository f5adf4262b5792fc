"""Where coverage is measured: in the call of a test, and nowhere else.

A traced interpreter runs everything two to three times slower, pytest and the sandbox included.
What measures nothing new is not traced: collection, set-up, the sandbox's thread (which has tests
of its own), and the tests marked `no_cover`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from coverage import Coverage

import flashsync

OF_THE_SANDBOX = "sandbox"
"""The folder whose fixtures start what is tested."""


class Measuring:
    """A plugin that stops the coverage that pytest-cov has started, and starts it for a test."""

    _coverage: Coverage | None = None

    @contextmanager
    def _measured(self, item: pytest.Item, *, whole: bool) -> Generator[None]:
        """Measure meanwhile, where `whole` is how this test is measured."""
        if self._coverage is None:
            yield
            return
        of_the_sandbox = OF_THE_SANDBOX in item.path.relative_to(item.config.rootpath).parts
        skipped = item.get_closest_marker("no_cover") is not None
        if whole == of_the_sandbox and not skipped:
            self._coverage.start()
        try:
            yield
        finally:
            if whole or skipped or not of_the_sandbox:
                self._coverage.stop()  # pytest-cov goes on after what it has skipped

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> Generator[None, object, object]:
        """Measure what modules do when they are imported; then stop."""
        running = Coverage.current()
        collects = not session.config.getoption("numprocesses", None)  # else its workers do
        if running is not None and collects:
            for module in pkgutil.walk_packages(flashsync.__path__, "flashsync."):
                if not module.name.endswith("__main__"):
                    importlib.import_module(module.name)
        self._coverage = running
        while running is not None:  # in a worker pytest-cov starts two, and ends the last
            running.stop()
            running = Coverage.current()
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """The sandbox is measured from the start of its fixtures on."""
        with self._measured(item, whole=True):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Any other test from its first line on."""
        with self._measured(item, whole=False):
            return (yield)
