"""`show --format html`: what the page says without its script, and how large it is."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import replace

import pytest

from flashsync.model.calendar import Calendar, ShownCalendar
from flashsync.model.timezone import DAY, HOUR
from flashsync.render.calendar import html
from flashsync.render.calendar.html import render_calendar_html
from flashsync.render.calendar.json import render_calendar_json
from flashsync.render.html.page_data import collect_data
from flashsync.render.html.timeline import PageEntry, Side, Timeline
from flashsync.rotation.compare import moves
from tests.render.calendars import (
    ALL,
    DAY_NIGHT,
    EMPTY,
    GAPS,
    MIXED,
    PRIMARY,
    TODAY,
    UNKNOWN,
    WEEKLY,
    at,
    group,
    shown,
    view,
)
from tests.render.html.crowds import crowd
from tests.render.html.reading import data_of, lanes_of


def text_of(page: str) -> str:
    """The texts of a page, without markup, style sheet and scripts."""
    page = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def names_in(lane: str) -> list[str]:
    """The texts in a lane."""
    return re.findall(r"<text [^>]*>(.*?)</text>", lane)


def test_the_heading_names_time_zone_and_basis() -> None:
    text = text_of(render_calendar_html([WEEKLY], view(7)))
    assert "Sat 21 Nov 00:00 – Sat 28 Nov 00:00, Asia/Shanghai, as the account is now" in text
    assert "Made at Sat 21 Nov 16:33" in text


def test_who_is_on_call_now_and_what_is_open() -> None:
    text = text_of(render_calendar_html([WEEKLY, GAPS], view(7)))
    assert "Production On-Call Now alice until Mon 23 Nov 10:00, then bob" in text
    assert (
        "Office only ! Nobody is on call now ! 5 gaps Then Ｇｒａｃｅ from Mon 23 Nov 09:00" in text
    )


def test_another_zone() -> None:
    text = text_of(render_calendar_html([WEEKLY], view(7, timezone="America/New_York")))
    assert "Now alice until Sun 22 Nov 21:00" in text


def test_nothing_to_show() -> None:
    assert "No schedule to show." in text_of(render_calendar_html([], view(7)))
    alone = text_of(render_calendar_html([WEEKLY], view(7, person=5)))
    assert "Dave Wu is on no schedule in this time." in alone


def test_the_part_of_a_person_says_so() -> None:
    assert "Dave Wu only" in text_of(render_calendar_html([GAPS], view(7, person=5)))


def test_lanes_have_names_that_fit_and_a_description() -> None:
    page = render_calendar_html([MIXED], view(14))
    primary, office, _, final = lanes_of(page)
    assert names_in(primary) == ["alice", "bob", "carol", "bob", "王小明"]
    assert names_in(office) == []
    assert 'aria-label="Primary: 3 shifts, alice, bob, 王小明, carol"' in page
    assert final.count('class="over"') == 2


def test_gaps_are_marked_with_a_sign_and_a_word() -> None:
    (*_, final) = lanes_of(render_calendar_html([GAPS], view(7)))
    assert final.count('class="gap"') == 5
    texts = re.findall(r'data-t="(.*?)" data-s="(.*?)">(.*?)</text>', final)
    assert texts[0] == ("! nobody", "!", "!")


def test_a_gap_of_a_duty_leaves_the_backup_visible() -> None:
    layers = [replace(PRIMARY, groups=(group(1, backup=2), group(backup=3)))]
    (*_, final) = lanes_of(render_calendar_html([shown("Led", layers)], view(14)))
    assert ">! no primary</text>" in final
    assert re.findall(r'class="gap"[^>]*height="(\d+)"', final) == ["20", "20"]


def test_unknown_lanes_say_so() -> None:
    page = render_calendar_html([UNKNOWN], view(7))
    assert page.count('<div class="lane unknown">not known offline</div>') == 2
    assert "the platform decides whose turn it is" in page


def test_weekends_weeks_and_now_are_marked() -> None:
    page = render_calendar_html([WEEKLY], view(14))
    (grid,) = re.findall(r'<symbol id="grid">(.*?)</symbol>', page)
    assert grid.count('class="off"') == 4
    assert grid.count('class="day week"') == 2
    assert re.findall(r"week \d+", page) == ["week 48", "week 49"]


def test_now_is_marked_above_the_lanes_and_through_them() -> None:
    page = render_calendar_html([WEEKLY], view(14))
    assert re.findall(r"--now-at:([\d.]+)", page) == ["0.04926"]
    assert re.findall(r'class="now" x="([\d.]+)%"', page) == ["4.926"]
    early = replace(view(14), now=TODAY + 60)
    assert 'class="now first"' in render_calendar_html([WEEKLY], early)
    gone = replace(view(14), now=TODAY - 1)
    assert re.findall(r'--now-at:|class="now[^"]*" x=', render_calendar_html([WEEKLY], gone)) == []


def test_a_part_of_a_day_is_named_where_there_is_room() -> None:
    """A plan's window begins and ends at any time."""
    window = (TODAY + 22 * HOUR, TODAY + 9 * DAY + 3 * HOUR)
    part = replace(view(9), window=window, now=window[0])
    axis = Timeline([PageEntry("S", (Side(ShownCalendar("S", Calendar(*window))),))], part).axis
    days = re.findall(r'y="35"(?: class="([^"]*)")?><tspan class="(w\d+)">(\w+)', axis.labels())
    assert days[0] == ("off w220", "w880", "Sat")
    assert days[1] == ("off", "w54", "Sun")
    assert days[-1] == ("w220", "w880", "Mon")
    assert '<text x="98.477%" dx="3" y="50" class="w880">week 49</text>' in axis.labels()


def test_a_day_on_which_clocks_change_has_its_own_length() -> None:
    midnight = at("2027-03-27 00:00", "Europe/Berlin")
    window = (midnight, at("2027-03-30 00:00", "Europe/Berlin"))
    looked_at = replace(view(3, timezone="Europe/Berlin"), window=window, now=midnight)
    empty = ShownCalendar("S", Calendar(*window))
    days = Timeline([PageEntry("S", (Side(empty),))], looked_at).axis.days
    hours = [(end - start) // 3600 for start, end in itertools.pairwise(days)]
    assert hours == [24, 23, 24]


# Before and after.


def test_two_sides_have_what_moves_between_them() -> None:
    after = shown("Production On-Call", [replace(PRIMARY, groups=(group(1), group(5), group(3)))])
    changed = moves(WEEKLY.calendar.final, after.calendar.final)
    sides = (Side(WEEKLY, "before"), Side(after, "after"))
    timeline = Timeline([PageEntry("Production On-Call", sides, changed)], view(14))
    (drawn,) = timeline.draw()
    assert [side.title for side in drawn.sides] == ["before", "after"]
    assert all('<use href="#moves0"' in side.strips[-1].svg for side in drawn.sides)
    (lane,) = drawn.changes
    assert '<path id="moves0" class="moved"' in lane.svg
    assert ">bob → Dave Wu</text>" in lane.svg
    assert lane.label == "changes: 1 shift"
    assert drawn.now == "Now alice until Mon 23 Nov 10:00, then Dave Wu"
    assert '"moves":[[' in collect_data(timeline)


# Size and speed.


def test_a_hundred_schedules_over_six_weeks_take_a_mebibyte_at_most() -> None:
    page = render_calendar_html(*crowd(100, 42))
    assert len(page.encode()) <= 2**20


def test_a_page_that_would_be_longer_leaves_names_to_its_script_then_layers_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crowded = crowd(4, 14)
    whole = render_calendar_html(*crowded)
    assert "left out" not in whole
    monkeypatch.setattr(html, "LONGEST", len(whole.encode()) - 1)
    without_names = render_calendar_html(*crowded)
    assert names_in("".join(lanes_of(without_names))) == []
    assert data_of(without_names) == data_of(whole)
    monkeypatch.setattr(html, "LONGEST", len(without_names.encode()) - 1)
    without_layers = render_calendar_html(*crowded)
    assert "Layers are left out, to keep this page small: --only NAME" in without_layers
    kinds = [lane["kind"] for one in data_of(without_layers)["schedules"]
             for lane in one["sides"][0]["lanes"]]  # fmt: skip
    assert set(kinds) == {"final"}


def test_a_page_takes_three_times_as_long_as_its_json_at_most() -> None:
    calendars, looked_at = crowd(20, 42)
    render_calendar_html(calendars[:1], looked_at)  # loads the templates

    def seconds(render: object) -> float:
        assert callable(render)
        start = time.process_time()
        render(calendars, looked_at)
        return time.process_time() - start

    page, document = seconds(render_calendar_html), seconds(render_calendar_json)
    assert page <= 3 * document


@pytest.mark.parametrize("days", [1, 2, 7, 14, 44])
def test_any_length_can_be_drawn(days: int) -> None:
    page = render_calendar_html([*ALL, DAY_NIGHT, EMPTY], view(days))
    assert data_of(page)["end"] - data_of(page)["start"] == days * DAY
