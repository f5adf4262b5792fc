"""One browser for each worker, and pages that may not complain."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.visit import MISSING, Visitor, find_chromium, open_context, run_chromium


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count tests that are skipped for want of a browser in one line of the summary."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and MISSING in report.longrepr[2]:
        report.longrepr = (str(Path(__file__).parent), 0, MISSING)
    return report


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this folder; where there is none, they are skipped.

    It ends with the last of them: Playwright's event loop would be in the way of other tests.
    """
    executable = find_chromium(os.environ)
    if executable is None:
        pytest.skip(MISSING)
    with run_chromium(executable) as browser:
        yield browser


@pytest.fixture(scope="package")
def desk(chromium: Browser) -> Page:
    """A page for one test after the other: a context of its own takes longer than most tests."""
    return open_context(chromium).new_page()


@pytest.fixture
def hearing(chromium: Browser, desk: Page) -> Iterator[Visitor]:
    """Opens pages that may complain."""
    visitor = Visitor(chromium, desk)
    yield visitor
    visitor.close()


@pytest.fixture
def visit(hearing: Visitor) -> Iterator[Visitor]:
    """Opens pages; at the end none may have complained."""
    yield hearing
    for visited in hearing.visits:
        visited.check()
