"""The page of a calendar in a browser: eyes, keys, screen readers, hostile names, times."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flashsync.render.calendar.html import render_calendar_html
from flashsync.render.calendar.json import render_calendar_json
from flashsync.render.sanitize import clean
from tests.browser.pages import (
    CHANGES,
    EVERYDAY,
    HOSTILE_NAMES,
    everyday_page,
    hostile_calendars,
    hostile_view,
    hourly,
)
from tests.browser.visit import Theme, Visit, Visitor

Open = Callable[..., Visit]


@pytest.fixture
def show(visit: Visitor, tmp_path: Path) -> Open:
    """Opens a page, by its text."""

    def show(text: str, **context: Any) -> Visit:
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        return visit(path, **context)

    return show


def focused(visited: Visit, attribute: str) -> str:
    """An attribute of what has the focus."""
    value: str = visited.page.evaluate(
        "name => document.activeElement.getAttribute(name) || ''", attribute
    )
    return value


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1280, "dark"), (1280, "light")])
def test_everybody_can_use_it(show: Open, width: int, theme: Theme) -> None:
    """With a shift in focus and a table open; and nothing is wider than the window."""
    visited = show(everyday_page(), theme=theme, width=width)
    visited.page.locator("details.shifts summary").nth(1).click()
    visited.page.locator(".lane").nth(3).focus()
    visited.page.keyboard.press("ArrowRight")
    assert visited.audit() == []
    assert visited.page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_it_shows_the_calendar(show: Open) -> None:
    visited = show(everyday_page(), java_script_enabled=False)
    assert visited.page.locator("h2").all_text_contents()[: len(EVERYDAY)] == [
        one.name for one in EVERYDAY
    ]
    assert not visited.page.locator("#controls").is_visible()
    texts = visited.page.locator(".lane text").all_text_contents()
    assert {"alice", "bob", "carol"} <= set(texts)


# With keys.


def test_keys_reach_everything(show: Open) -> None:
    """Tab goes in the order of reading: the skip link, the controls, the lanes, the tables."""
    visited = show(everyday_page(EVERYDAY[0]))
    press = visited.page.keyboard.press
    stops = []
    for _ in range(10):
        press("Tab")
        stops.append(
            visited.page.evaluate(
                "(e => e.id || e.dataset.zoom || e.className || e.tagName)(document.activeElement)"
            )
        )
    lanes = stops.count("lane")
    assert stops[:2] == ["skip", "search"]
    assert stops[2 : stops.index("lane")] == ["day", "week", "all"]
    assert lanes == 2
    assert stops[stops.index("lane") + lanes] == "SUMMARY"


def test_the_skip_link_leads_to_the_content(show: Open) -> None:
    visited = show(everyday_page())
    visited.page.keyboard.press("Tab")
    visited.page.keyboard.press("Enter")
    assert visited.page.url.endswith("#content")


def test_arrows_walk_through_the_shifts_of_a_lane(show: Open) -> None:
    visited = show(everyday_page(EVERYDAY[0]))
    press, card = visited.page.keyboard.press, visited.page.locator("#card")
    lane = visited.page.locator(".lane").first
    lane.focus()
    assert card.locator(".who").inner_text() == "alice"
    assert focused(visited, "aria-activedescendant") == "cursor"
    press("ArrowRight")
    assert card.locator("p").all_inner_texts() == [
        "bob",
        "Mon 23 Nov 10:00 – Mon 30 Nov 10:00 · 7 days",
        "Primary (turn 2)",
    ]
    spoken = visited.page.locator("#cursor").get_attribute("aria-label") or ""
    assert spoken.startswith("bob; Mon 23 Nov 10:00 to Mon 30 Nov 10:00; Primary")
    press("End")
    assert card.locator(".who").inner_text() == "carol"
    press("ArrowRight")
    assert card.locator(".who").inner_text() == "carol"
    press("Home")
    assert card.locator(".who").inner_text() == "alice"
    press("Escape")
    assert not card.is_visible()
    press("ArrowDown")
    assert lane.evaluate("lane => lane !== document.activeElement")
    press("ArrowUp")
    assert lane.evaluate("lane => lane === document.activeElement")


def test_plus_and_minus_zoom(show: Open) -> None:
    visited = show(everyday_page())
    press = visited.page.keyboard.press
    width = "document.querySelector('.axis').clientWidth"
    pressed = visited.page.locator("[data-zoom][aria-pressed=true]")
    widths = [visited.page.evaluate(width)]
    for key, zoom in (("+", "week"), ("+", "day"), ("+", "day")):
        press(key)
        assert pressed.get_attribute("data-zoom") == zoom
        widths.append(visited.page.evaluate(width))
    assert widths[0] < widths[1] < widths[2] == widths[3]
    press("-")
    press("-")
    assert pressed.get_attribute("data-zoom") == "all"
    assert visited.page.evaluate(width) == widths[0]


def test_search_filters_and_escape_shows_all_again(show: Open) -> None:
    visited = show(everyday_page())
    press, entries = visited.page.keyboard.press, visited.page.locator(".entry:visible")
    press("/")
    assert focused(visited, "id") == "search"
    visited.page.keyboard.type("dave")
    found = visited.page.locator("#found")
    assert found.get_attribute("aria-live") == "polite"
    assert entries.locator("h2").all_text_contents() == ["Payments", "支付 昼夜值班", "Office only"]
    assert found.inner_text() == "1 person, 3 of 5 schedules"
    press("ControlOrMeta+a")
    visited.page.keyboard.type("swaps")
    assert entries.locator("h2").all_text_contents() == ["Many swaps"]
    press("ControlOrMeta+a")
    visited.page.keyboard.type("nobody of this name")
    assert found.inner_text() == "Nothing found"
    press("Escape")
    assert entries.count() == len(EVERYDAY)
    assert found.inner_text() == ""


def test_a_shift_is_shown_under_the_mouse(show: Open) -> None:
    visited = show(everyday_page(EVERYDAY[0]))
    card, lane = visited.page.locator("#card"), visited.page.locator(".lane").last
    lane.hover(position={"x": 5, "y": 8})
    assert card.locator(".who").inner_text() == "alice"
    visited.page.mouse.move(5, 5)
    card.wait_for(state="hidden")


def test_on_paper_there_is_the_calendar_alone_with_its_axis_on_each_sheet(show: Open) -> None:
    visited = show(everyday_page(), theme="dark")
    visited.page.emulate_media(media="print")
    assert not visited.page.locator("#controls").is_visible()
    assert not visited.page.locator("details.shifts").first.is_visible()
    style = "([where, name]) => getComputedStyle(document.querySelector(where))[name]"
    assert visited.page.evaluate(style, [".axis-head", "display"]) == "table-header-group"
    assert visited.page.evaluate(style, ["html", "backgroundColor"]) == "rgb(255, 255, 255)"
    assert visited.page.evaluate("document.documentElement.scrollWidth") <= 1280


# Names that want to do something.


def test_hostile_names_are_only_names(show: Open) -> None:
    """In headings, lanes, cards, tables and searches, and they do not widen the page of a phone."""
    visited = show(render_calendar_html(hostile_calendars(), hostile_view()), width=390)
    page = visited.page
    elements = page.evaluate("document.querySelectorAll('script, img, iframe').length")
    names = [" ".join(clean(name).split()) for name in HOSTILE_NAMES]
    headings = [" ".join(text.split()) for text in page.locator(".entry h2").all_text_contents()]
    assert headings == names
    for summary in page.locator("details.shifts summary").all():
        summary.click()
    for lane in page.locator(".lane").all():
        lane.focus()
        page.keyboard.press("End")
    for name in HOSTILE_NAMES:
        page.locator("#search").fill(clean(name))
        assert page.locator(".entry:visible").count() >= 1
    page.locator("#search").fill("")
    assert page.evaluate("document.querySelectorAll('script, img, iframe').length") == elements
    assert page.title() == "On call"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert visited.audit() == []


def test_text_that_runs_the_other_way_does_not_turn_its_neighbours(show: Open) -> None:
    visited = show(render_calendar_html(hostile_calendars(), hostile_view()))
    text = visited.page.locator("body").inner_text()
    assert not {"\u202e", "\u2066", "\u200b"} & set(text)


# Times.


@pytest.mark.parametrize("timezone", CHANGES)
def test_times_are_those_of_the_json(show: Open, timezone: str) -> None:
    """Over a change of clocks, in a browser that is somewhere else."""
    calendars, view = hourly(timezone)
    visited = show(render_calendar_html(calendars, view))
    visited.page.locator("details.shifts summary").click()
    rows = visited.page.locator("details.shifts tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].slice(0, 3).map(cell => cell.textContent))"
    )
    document = json.loads(render_calendar_json(calendars, view))
    expected = [
        [
            spell(shift["start"], timezone),
            spell(shift["end"], timezone),
            ", ".join(map(name, shift["people"])),
        ]
        for shift in document["schedules"][0]["on_call"]
    ]
    assert len(expected) > 70
    assert rows == expected


def name(person: Mapping[str, str]) -> str:
    """`bob (backup)`: somebody who is on call."""
    role = person["role"]
    return person["person"] if role == "primary" else f"{person['person']} ({role})"


def spell(text: str, timezone: str) -> str:
    """`Sun 25 Oct 02:00 (UTC+01:00)`, with the offset where the zone has that time twice."""
    local = datetime.fromisoformat(text).astimezone(ZoneInfo(timezone))
    spelt = f"{local:%a} {local.day} {local:%b %H:%M}"
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return spelt
    offset = local.isoformat()[-6:].replace("-", "−")
    return f"{spelt} (UTC{offset})"
