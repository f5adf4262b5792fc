"""Names from the account may be HTML, scripts, or invisible: they stay text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from flashsync.model import mask
from flashsync.model.calendar import Basis, Calendar, CalendarView, Lane, Shift, ShownCalendar
from flashsync.model.people import Directory, Person, Role
from flashsync.model.schedule import Member
from flashsync.model.timezone import DAY
from flashsync.render.calendar.html import render_calendar_html
from tests.render.calendars import NOW, TODAY, ZONE
from tests.render.html.reading import data_of

WIDE = "値" * 40
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "</title></style><style>*{display:none}</style>",
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt; &amp; ]]> <!--",
    "\u202ereversed\u202c \u2066isolated",
    "line\u2028separator\u2029and\nbreak\ttab\x00nul\x1b[31m",
    "lone \ud800 surrogate",
    WIDE,
)
READ = (TODAY - DAY, TODAY + 15 * DAY)


class Markup(HTMLParser):
    """The elements of a page, their attributes, and its texts outside of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.text: list[str] = []
        self._raw = False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._raw = tag in ("script", "style")
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attributes}

    def handle_endtag(self, tag: str) -> None:
        self._raw = False

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.text.append(data)


def page_of(name: str) -> str:
    """A page in which everything has one name: schedule, layer, override, person, role, note."""
    person = Person(1, name, f"{name}@example.com")
    directory = Directory({1: person}, roles={7: Role(7, name)}, short_names={2: name})
    members = frozenset({Member(1), Member(2, 7)})
    shift = Shift(TODAY, TODAY + 9 * DAY, members)
    lanes = (
        Lane(name, False, (shift,)),
        Lane(f"{name} ", True, (replace(shift, end=TODAY + DAY),)),
    )
    shown = ShownCalendar(name, Calendar(*READ, lanes, (shift,)), 1, notes=(name,))
    window = (TODAY, TODAY + 14 * DAY)
    return render_calendar_html([shown], CalendarView(window, ZONE, NOW, directory, Basis.LIVE))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_adds_no_element_and_no_attribute(name: str) -> None:
    plain, hostile = Markup(page_of("plain")), Markup(page_of(name))
    assert hostile.attributes == plain.attributes
    assert hostile.tags - plain.tags in (Counter(), Counter(text=1), Counter(text=2))
    assert hostile.tags["script"] == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_seen_as_it_is_written(name: str) -> None:
    page = page_of(name)
    assert page.encode()
    assert re.findall("[\u202a-\u202e\u2066-\u2069\u2028\u2029\x00\x1b]", page) == []
    seen = data_of(page)["schedules"][0]["name"]
    assert seen in "".join(Markup(page).text)
    assert seen == name or "\\" in seen


def test_names_are_isolated_from_the_text_around_them() -> None:
    page = page_of("مريم")
    assert "<bdi>مريم</bdi></h2>" in page
    assert page.count("<bdi>مريم</bdi>") >= 4


def test_a_name_that_does_not_fit_is_whole_in_the_data() -> None:
    assert data_of(page_of(WIDE))["people"][0][0] == WIDE


def test_a_secret_in_a_name_is_hidden() -> None:
    mask.begin()
    mask.learn("hunter2-hunter2")
    try:
        page = page_of("call hunter2-hunter2 now")
    finally:
        mask.begin()
    assert "hunter2" not in page
    assert "call *** now" in page
