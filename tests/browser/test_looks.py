"""How pages look, compared with pictures that somebody has looked at.

After an intended change, `make pictures` draws them again; look at each one.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.pages import EVERYDAY, everyday_page
from tests.browser.pictures import LOOKS, REFERENCES, Look, compare, measure, read_reference
from tests.browser.visit import open_context

LARGEST = 14_000  # bytes
LIGHT = [look for look in LOOKS if look.theme == "light"]

CALENDARS = [look for look in LIGHT if look.page == "calendar"]


def name_of(look: Look) -> str:
    """How a test is called."""
    return look.name


@pytest.mark.parametrize("look", LOOKS, ids=name_of)
def test_a_page_looks_as_it_did(desk: Page, look: Look) -> None:
    found = compare(look.draw(desk), read_reference(look.name))
    assert found.is_small, f"{found}; look at the page, then run make pictures"


def test_other_fonts_are_a_small_difference(chromium: Browser) -> None:
    look, page = LOOKS[0], open_context(chromium, bypass_csp=True).new_page()
    for font in ("serif", "monospace"):
        assert compare(look.draw(page, font=font), read_reference(look.name)).is_small, font
    page.context.close()


@pytest.mark.parametrize("look", CALENDARS, ids=name_of)
def test_a_missing_lane_is_not(desk: Page, look: Look) -> None:
    first = EVERYDAY[0]
    without = replace(first, calendar=replace(first.calendar, lanes=()))
    text = everyday_page(without, *EVERYDAY[1:])
    assert not compare(look.draw(desk, text), read_reference(look.name)).is_small


def test_another_order_is_not(desk: Page) -> None:
    look = LOOKS[0]
    text = everyday_page(EVERYDAY[1], EVERYDAY[0], *EVERYDAY[2:])
    assert not compare(look.draw(desk, text), read_reference(look.name)).is_small


@pytest.mark.parametrize("look", LIGHT, ids=name_of)
def test_the_other_theme_is_not(look: Look) -> None:
    """The references themselves are far apart."""
    dark = read_reference(replace(look, theme="dark").name)
    assert not measure(dark, read_reference(look.name)).is_small


def test_pictures_of_different_sizes_never_match(desk: Page) -> None:
    narrow, wide = LIGHT[0], LIGHT[1]
    assert not compare(narrow.draw(desk), read_reference(wide.name)).is_small


def test_references_are_small_and_all_of_them_are_used() -> None:
    sizes = {path.stem: path.stat().st_size for path in REFERENCES.glob("*.png")}
    assert sizes.keys() == {look.name for look in LOOKS}
    assert max(sizes.values()) <= LARGEST
