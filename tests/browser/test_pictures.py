"""The comparison of screenshots: it forgives other fonts, and nothing else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.pictures import Difference, compare, shrink
from tests.browser.visit import Theme

LANES = ("Primary", "Backup", "Office hours", "On call")
STYLE = """
:root {{ color-scheme: light dark; font: 16px/1.5 {font} }}
section {{ display: flex; gap: 8px; margin: 12px 0 }}
h2 {{ width: 120px; font-size: 1rem; margin: 0 }}
p {{ flex: 1; margin: 0; padding: 2px 8px; color: #fff; background: #0072b2 }}
p:nth-child(odd) {{ background: #b04a00 }}
"""


def page(font: str = "sans-serif", lanes: tuple[str, ...] = LANES) -> str:
    """Lanes with people."""
    people = "".join(f"<p>{name}</p>" for name in ("Alice Chen", "Bob Martin", "Carol Diaz"))
    rows = "".join(f"<section><h2>{lane}</h2>{people}</section>" for lane in lanes)
    return f"<!doctype html><style>{STYLE.format(font=font)}</style><h1>Production</h1>{rows}"


class Differ:
    """Draws pages in one window, and compares each with the plain one."""

    def __init__(self, chromium: Browser) -> None:
        self._page = chromium.new_page(viewport={"width": 960, "height": 480})
        self._reference = shrink(self.draw(page()))

    def draw(self, content: str, theme: Theme = "light") -> bytes:
        """The screenshot of a page."""
        self._page.emulate_media(color_scheme=theme)
        self._page.set_content(content)
        return self._page.screenshot()

    def __call__(self, content: str, theme: Theme = "light") -> Difference:
        return compare(self.draw(content, theme), self._reference)


@pytest.fixture(scope="module")
def differ(chromium: Browser) -> Differ:
    """Compares a page with the plain one."""
    return Differ(chromium)


def test_the_same_page_does_not_differ(differ: Differ) -> None:
    assert differ(page()) == Difference(0, 0)


@pytest.mark.parametrize("font", ["serif", "monospace", "'DejaVu Sans', 'Liberation Sans', Arial"])
def test_other_fonts_are_a_small_difference(differ: Differ, font: str) -> None:
    assert differ(page(font)).is_small


@pytest.mark.parametrize("lane", LANES)
def test_a_missing_lane_is_not(differ: Differ, lane: str) -> None:
    lanes = tuple(name for name in LANES if name != lane)
    assert not differ(page(lanes=lanes)).is_small


def test_another_theme_is_not(differ: Differ) -> None:
    assert not differ(page(), "dark").is_small


def test_another_colour_of_one_lane_is_not(differ: Differ) -> None:
    style = "<style>section:last-of-type p:nth-child(n) { background: #d0d0d0 }</style>"
    assert not differ(page() + style).is_small


def test_pictures_of_different_sizes_never_match(differ: Differ) -> None:
    screenshot = differ.draw(page())
    assert not compare(screenshot, shrink(screenshot).crop((0, 0, 100, 100))).is_small
