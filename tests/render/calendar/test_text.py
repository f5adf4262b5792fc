"""Calendars as text."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.model.calendar import (
    Basis,
    Calendar,
    CalendarView,
    Lane,
    Shift,
    ShownCalendar,
    merged,
    together,
)
from flashsync.model.schedule import Layer, Rotation, Unit
from flashsync.model.timezone import DAY
from flashsync.render.calendar.model import find_gaps, midnights
from flashsync.render.calendar.text import render_calendar
from flashsync.render.terminal import Screen
from flashsync.rotation.calendar import calendar
from tests.render.calendars import (
    ALL,
    AWAY,
    DAY_NIGHT,
    DIRECTORY,
    GAPS,
    HOSTILE,
    MIXED,
    NOW,
    PRIMARY,
    READ,
    SWAPPED,
    TINY,
    TODAY,
    UNKNOWN,
    WEEKLY,
    at,
    group,
    shown,
    view,
)
from tests.render.looks import check_fits, check_golden, plain


def lines(one: ShownCalendar, days: int = 7, width: int = 80) -> list[str]:
    """The text of one schedule, without the heading."""
    return render_calendar([one], view(days), Screen(width)).splitlines()[2:]


def line(one: ShownCalendar, name: str) -> str:
    """The first row of that name."""
    return next(line for line in lines(one) if line.startswith(f"  {name}"))


@pytest.mark.parametrize("width", [40, 80, 160])
def test_all_that_a_calendar_can_hold(width: int) -> None:
    text = render_calendar(ALL, view(14), Screen(width), shifts=True)
    check_fits(text, width)
    check_golden(f"calendar-{width}", text)


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_an_encoding_without_our_signs(encoding: str) -> None:
    text = render_calendar(ALL, view(7), Screen(80, encoding=encoding), shifts=True)
    text.encode(encoding)
    check_fits(text, 80)
    check_golden(f"calendar-{encoding}", text)


@pytest.mark.parametrize("width", [40, 80, 160])
def test_colours_change_no_character(width: int) -> None:
    colored = render_calendar(ALL, view(14), Screen(width, color=True), shifts=True)
    assert plain(colored) == render_calendar(ALL, view(14), Screen(width), shifts=True)
    assert "\x1b[38;5;" in colored


def test_a_weekly_rota_is_read_at_a_glance() -> None:
    assert lines(WEEKLY) == [
        "Production On-Call",
        "                 ▼ now",
        "           Sat 21   Sun 22   Mon 23   Tue 24   Wed 25   Thu 26   Fri 27",
        "  Primary  ─alice ───────────────│bob ────────────────────────────────────",
        "  on call  ─alice ───────────────│bob ────────────────────────────────────",
    ]


def test_two_weeks_are_below_each_other_or_side_by_side() -> None:
    narrow, wide = lines(WEEKLY, 14), lines(WEEKLY, 14, 160)
    assert [text.split()[0] for text in narrow[2:]] == [
        "Sat", "Primary", "on", "Sat", "Primary", "on",
    ]  # fmt: skip
    assert [text.split()[0] for text in wide[2:]] == ["Sat", "Primary", "on"]
    assert "Tue 1 Dec" in wide[2]


def test_a_gap_is_marked_and_listed() -> None:
    assert "!nobody!!!" in line(GAPS, "on call")
    assert "  Sat 21 Nov 00:00 – Mon 23 Nov 09:00  !! nobody" in lines(GAPS)
    assert "\x1b[1;31m!nobody" in render_calendar([GAPS], view(7), Screen(80, color=True))


def test_a_gap_of_a_minute_is_not_hidden() -> None:
    assert line(TINY, "on call").count("!") == 1
    text = " ".join("\n".join(lines(TINY)).split())
    assert "Sat 21 Nov 00:15 – Sat 21 Nov 00:16 !! nobody" in text


def test_an_override_is_drawn_in_its_own_way() -> None:
    alone = replace(AWAY, members=group(1).members)
    covered = shown("Covered", [PRIMARY], alone)
    assert line(covered, "Bob away").endswith("│alice ═══════")
    assert "═" not in line(covered, "on call")
    assert "═" not in line(covered, "Primary")


def test_many_overrides_share_rows() -> None:
    assert sum(text.startswith("  overrides ") for text in lines(SWAPPED)) == 1
    assert "Swap" not in "\n".join(lines(SWAPPED))


def test_short_forms_are_explained() -> None:
    text = "\n".join(lines(DAY_NIGHT))
    assert "│DW" in text
    assert "DW = Dave Wu" in text
    assert "Sat 21 Nov 09:00 – Sat 21 Nov 21:00  " in text


def test_unknown_calendars_are_named() -> None:
    assert "not known offline" in line(UNKNOWN, "Fair")
    assert "not known offline" in line(UNKNOWN, "on call")


def test_a_person_sees_their_own_shifts() -> None:
    text = render_calendar([WEEKLY, MIXED, DAY_NIGHT], view(7, person=5), Screen(80))
    assert "Dave Wu only" in text
    assert "Production On-Call" not in text
    assert "白班" not in text
    assert "━" in text
    listed = [one for one in text.splitlines() if " – " in one and one.startswith("  ")]
    assert len(listed) == 5
    assert all("Dave Wu" in one for one in listed)


def test_a_person_without_a_shift() -> None:
    text = render_calendar([WEEKLY], view(7, person=6), Screen(80))
    assert text.splitlines()[-1] == "Ｇｒａｃｅ is on no schedule in this time."
    assert render_calendar([], view(7), Screen(80)).splitlines()[-1] == "No schedule to show."


def test_hostile_names_do_no_harm() -> None:
    for screen in (Screen(80), Screen(80, color=True)):
        text = render_calendar([HOSTILE], view(7), screen)
        assert "\x1b]0" not in text
        assert "\\x1b" in text
        assert "\u202e" not in text


@pytest.mark.parametrize("basis", list(Basis))
def test_the_heading_says_what_it_rests_on(basis: Basis) -> None:
    heading = render_calendar([], replace(view(7), basis=basis), Screen(160)).splitlines()[0]
    assert heading.startswith("Sat 21 Nov 00:00 – Sat 28 Nov 00:00, Asia/Shanghai, as ")
    assert ("the live position may differ" in heading) == (basis is Basis.OFFLINE)


@pytest.mark.parametrize(
    ("zone", "start", "lengths"),
    [
        ("Europe/Berlin", "2026-10-24 00:00", [24, 25, 24]),
        ("Europe/Berlin", "2026-03-28 00:00", [24, 23, 24]),
        ("Australia/Lord_Howe", "2026-10-03 00:00", [24, 23.5, 24]),
        ("Asia/Kathmandu", "2026-10-03 00:00", [24, 24, 24]),
        ("America/Santiago", "2026-09-05 00:00", [24, 23, 24]),
        ("America/Havana", "2026-10-31 00:00", [24, 25, 24]),
    ],
)
def test_days_follow_the_wall_clock(zone: str, start: str, lengths: list[float]) -> None:
    begin = at(start, zone)
    window = (begin, begin + int(sum(lengths) * 3600))
    found = midnights(window, zone)
    assert [(end - start) / 3600 for start, end in pairwise(found)] == lengths
    layer = Layer("L", begin - DAY, None, Rotation(1, Unit.DAY), (group(1), group(2)))
    one = ShownCalendar("S", calendar([layer], (), zone, begin - DAY, window[1] + DAY))
    text = render_calendar([one], CalendarView(window, zone, NOW, DIRECTORY), Screen(80))
    (row,) = (row for row in text.splitlines() if row.startswith("  L "))
    assert [at for at, sign in enumerate(row) if sign == "│"] == [11, 25, 39]


def test_a_window_may_begin_within_a_day() -> None:
    window = (NOW, NOW + 2 * DAY)
    text = render_calendar([GAPS], replace(view(7), window=window), Screen(80))
    row = next(row for row in text.splitlines() if row.startswith("  on call"))
    assert row.partition("on call")[2].startswith(" " * 18)


def test_links_of_a_chain_share_a_row_and_layers_that_overlap_do_not() -> None:
    cut = at("2026-11-25 10:00")
    before = replace(PRIMARY, end=cut)
    after = replace(PRIMARY, start=cut, groups=(group(4),))
    beside = replace(PRIMARY, groups=(group(5),))
    text = lines(shown("Chains", [before, after, beside]))
    assert sum(row.startswith("  Primary ") for row in text) == 2
    assert "│王小明 ─" in line(shown("Chain", [before, after]), "Primary")


spans = st.lists(
    st.tuples(st.integers(-20, 200), st.integers(0, 60), st.sets(st.integers(1, 7), max_size=3)),
    max_size=12,
)


@given(spans, st.integers(1, 20), st.integers(20, 200), st.sampled_from(["utf-8", "ascii"]))
def test_whatever_the_shifts_it_fits_and_hides_no_gap(
    parts: list[tuple[int, int, set[int]]], days: int, width: int, encoding: str
) -> None:
    shifts = [
        Shift(TODAY + start * 7000, TODAY + (start + length) * 7000, group(*people).members)
        for start, length, people in parts
    ]
    final = merged(together(shifts))
    one = ShownCalendar("S", Calendar(*READ, (Lane("L", False, final),), final))
    text = render_calendar([one], view(days), Screen(width, encoding=encoding))
    check_fits(text, max(width, 30))
    free = find_gaps(final, view(days).window)
    rows = [row for row in text.splitlines() if row.startswith("  on call ")]
    assert ("!" in "".join(rows)) == bool(free)
    assert text.count("!! nobody") == len(free)


def test_a_day_that_the_zone_skips_is_left_out() -> None:
    start = at("2011-12-29 00:00", "Pacific/Apia")
    assert len(midnights((start, start + 2 * DAY), "Pacific/Apia")) == 3
