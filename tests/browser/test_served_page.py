"""The page of `serve` in a browser: it renews itself, and stays as it was left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flashsync.sandbox import refusal
from tests.browser.visit import Visit, Visitor
from tests.cli.conftest import demo
from tests.cli.console import Terminal
from tests.cli.serving import EVERY, LIST, Served, serve_calendar
from tests.clock import NOW

__all__ = ["demo"]
pytestmark = pytest.mark.at(NOW)
FRESHNESS = "#freshness"
REFUSED = refusal("AccessDenied", "no more")


@pytest.fixture
def served(demo: Terminal) -> Iterator[Served]:
    """The demo's account, served."""
    with serve_calendar(demo) as served:
        yield served


def opened(visitor: Visitor, served: Served) -> Visit:
    """The page, with a clock that the test moves."""
    visited = visitor(served.url, timers=True)
    visited.page.locator(FRESHNESS, has_text="Read Sat 21 Nov 16:33").wait_for()
    return visited


def pass_time(visited: Visit, served: Served, seconds: int = EVERY) -> None:
    """Let time pass for the account and for the page."""
    served.terminal.clock.advance(seconds)
    visited.page.clock.fast_forward(1000 * seconds)


def test_the_page_renews_itself_as_it_was_left(visit: Visitor, served: Served) -> None:
    visited = opened(visit, served)
    page = visited.page
    page.locator("#search").fill("On-Call")
    page.locator("[data-zoom=week]").click()
    page.locator("details.shifts summary").first.click()
    page.locator("#search").focus()
    served.terminal.sandbox.console.rename("Legacy NOC", "Late On-Call")
    pass_time(visited, served)
    page.locator(FRESHNESS, has_text="Read Sat 21 Nov 16:34").wait_for()
    assert page.locator("#search").input_value() == "On-Call"
    assert page.locator("h2", has_text="Late On-Call").is_visible()
    assert page.locator("[aria-pressed=true]").get_attribute("data-zoom") == "week"
    assert page.locator("details.shifts[open] td").count() > 0
    assert page.evaluate("document.activeElement.id") == "search"
    assert served.reads == 2
    assert visited.audit() == []


def test_a_page_that_somebody_uses_is_not_taken_away(visit: Visitor, served: Served) -> None:
    visited = opened(visit, served)
    page = visited.page
    page.evaluate("window.same = true")
    served.terminal.clock.advance(EVERY)
    page.clock.fast_forward(1000 * (EVERY - 2))
    page.keyboard.press("Tab")
    with page.expect_response(served.url):
        page.clock.fast_forward(2000)
    assert page.evaluate("window.same")
    page.clock.fast_forward(8000)
    page.locator(FRESHNESS, has_text="Read Sat 21 Nov 16:34").wait_for()
    assert not page.evaluate("window.same")


def test_an_account_that_cannot_be_read_is_named_on_the_page(
    visit: Visitor, served: Served
) -> None:
    visited = opened(visit, served)
    served.terminal.sandbox.console.rename("Legacy NOC", "Not yet")
    served.terminal.sandbox.fail_next(REFUSED, LIST)
    pass_time(visited, served)
    page = visited.page
    page.locator(FRESHNESS, has_text="Not read since Sat 21 Nov 16:33").wait_for()
    assert page.locator(".failed").count() == 1
    assert page.locator("h2", has_text="Legacy NOC").count() == 1
    assert visited.audit() == []


def test_a_server_that_is_gone_leaves_the_page(hearing: Visitor, demo: Terminal) -> None:
    with serve_calendar(demo) as served:
        visited = opened(hearing, served)
    page = visited.page
    page.clock.fast_forward(1000 * EVERY)
    page.locator(FRESHNESS, has_text="flashsync does not answer; trying again").wait_for()
    assert page.locator("h2", has_text="Legacy NOC").is_visible()


def test_without_scripts_the_page_is_loaded_again(visit: Visitor, served: Served) -> None:
    visited = visit(served.url, java_script_enabled=False)
    meta = visited.page.locator("meta[http-equiv=refresh]")
    assert meta.get_attribute("content") == str(EVERY)
