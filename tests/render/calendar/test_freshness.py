"""What is said about calendars that are read again and again."""

from __future__ import annotations

import pytest

from flashsync.model.calendar import CalendarView, Freshness
from flashsync.model.people import Directory
from flashsync.render.calendar.text import describe_freshness, render_freshness
from flashsync.render.terminal import Screen, cells
from tests.clock import NOW

FAILURE = "cannot connect to 127.0.0.1 (no route)"


def view(freshness: Freshness | None) -> CalendarView:
    return CalendarView((0, 1), "Asia/Shanghai", NOW, Directory({}), freshness=freshness)


@pytest.mark.parametrize(
    ("freshness", "text"),
    [
        (None, ""),
        (Freshness(NOW, 60), "Read Sat 21 Nov 16:33; next read in 60 seconds"),
        (
            Freshness(NOW, 600, spared=True),
            "Read Sat 21 Nov 16:33; next read in 10 minutes, to leave the rate limit to others",
        ),
        (
            Freshness(NOW - 300, 120, FAILURE),
            f"Not read since Sat 21 Nov 16:28; trying again in 2 minutes: {FAILURE}",
        ),
    ],
)
def test_it_says_when_and_why_not(freshness: Freshness | None, text: str) -> None:
    assert describe_freshness(view(freshness)) == text


@pytest.mark.parametrize("width", [20, 40, 80, 160])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("name", ["plain", "\x1b[31mred", "支付" * 30])
def test_a_line_is_one_line_and_harmless(width: int, encoding: str, name: str) -> None:
    failing = view(Freshness(NOW, 60, f"{FAILURE} {name}"))
    line = render_freshness(failing, Screen(width, encoding=encoding))
    assert cells(line) <= width
    assert line.isprintable()
    line.encode(encoding)


def test_only_a_failure_is_in_colour() -> None:
    screen = Screen(160, color=True)
    assert render_freshness(view(Freshness(NOW, 60)), screen).isprintable()
    assert render_freshness(view(Freshness(NOW, 60, FAILURE)), screen).startswith("\x1b[33m")
