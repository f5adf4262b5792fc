"""Many schedules in one chart, and what differs from a plain rotation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from flashsync.model.calendar import ShownCalendar
from flashsync.model.people import MemberStatus, Person
from flashsync.model.schedule import Layer, Rotation, Unit
from flashsync.model.timezone import DAY, HOUR
from flashsync.render.calendar.exceptions import find_double_bookings, find_exceptions
from flashsync.render.calendar.text import render_calendar
from flashsync.render.terminal import Screen
from tests.render.calendars import (
    ALL,
    AWAY,
    DAY_NIGHT,
    DIRECTORY,
    GAPS,
    PRIMARY,
    TODAY,
    UNKNOWN,
    WEEKLY,
    daily,
    group,
    shown,
    view,
)
from tests.render.looks import check_fits, check_golden, plain

COVER = replace(AWAY, members=group(1).members)
THIRTY = [
    shown(f"Team {number}", [replace(PRIMARY, groups=(group(number % 6 + 1), group(7)))])
    for number in range(30)
]


def render(calendars: Sequence[ShownCalendar], days: int = 14, width: int = 80) -> str:
    return render_calendar(calendars, view(days), Screen(width))


@pytest.mark.parametrize("width", [40, 80, 160])
def test_all_that_many_calendars_can_hold(width: int) -> None:
    text = render(ALL, width=width)
    check_fits(text, width)
    check_golden(f"calendars-{width}", text)
    colored = render_calendar(ALL, view(14), Screen(width, color=True))
    assert plain(colored) == text


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_an_encoding_without_our_signs(encoding: str) -> None:
    text = render_calendar(ALL, view(7), Screen(80, encoding=encoding))
    text.encode(encoding)
    check_fits(text, 80)


@pytest.mark.parametrize("width", [80, 160])
def test_thirty_plain_schedules_over_two_weeks_are_read_on_a_few_screens(width: int) -> None:
    text = render(THIRTY, width=width)
    assert len(text.splitlines()) <= 150
    assert all(text.count(f"  Team {number} ") >= 1 for number in range(30))
    whole = render_calendar(THIRTY, view(14), Screen(width), shifts=True)
    assert len(text.splitlines()) < len(whole.splitlines()) / 2


def test_three_schedules_keep_their_layers() -> None:
    assert "  Primary " in render(THIRTY[:3])
    assert "  Primary " not in render(THIRTY[:4])


def test_one_person_sees_their_own_shifts_on_each() -> None:
    text = render_calendar(THIRTY, replace(view(7), person=7), Screen(80))
    assert "On call on several" not in text
    assert text.count("  Primary ") == 30


def exceptions(one: ShownCalendar, days: int = 14) -> list[str]:
    return find_exceptions(one, view(days))


def test_a_plain_rotation_has_none() -> None:
    assert exceptions(WEEKLY) == []
    assert exceptions(DAY_NIGHT) == []
    assert exceptions(UNKNOWN) == []


def test_overrides_and_gaps_are_named() -> None:
    covered = shown("Covered", [PRIMARY], COVER)
    assert exceptions(covered) == ["override Bob away: alice, Wed 25 Nov 00:00 – Thu 26 Nov 12:00"]
    nights = shown("Nights", [daily("Night", 22, 30, group(1), group(2))])
    assert exceptions(nights) == [
        "nobody is on call daily 06:00–22:00, 21 Nov – 4 Dec, 14 times",
    ]


def test_many_gaps_are_cut_and_counted() -> None:
    text = render([GAPS, *THIRTY[:5]])
    assert "nobody is on call" in text


def test_a_missing_primary_is_a_gap_of_its_own() -> None:
    backup = daily("Backup", 0, 24, group(backup=2), group(1))
    (text,) = exceptions(shown("Led", [backup]))
    assert text.startswith("no primary is on call every 2 days from 00:00 for 24 hours, ")


def test_a_short_turn_is_odd_where_all_others_are_alike() -> None:
    begin = TODAY + 3 * DAY
    first = Layer(
        "Primary", TODAY - 20 * DAY, begin + 8 * HOUR, Rotation(1, Unit.DAY), (group(1), group(2))
    )
    second = replace(first, start=begin + 8 * HOUR, end=None)
    assert exceptions(shown("Cut", [first, second])) == [
        "short turn of Primary: bob, Tue 24 Nov 00:00 – Tue 24 Nov 08:00"
    ]


def test_a_turn_that_the_next_link_carries_on_is_neither_cut_nor_short() -> None:
    begin = TODAY + 3 * DAY
    first = Layer("Primary", TODAY - 20 * DAY, begin, Rotation(1, Unit.DAY), (group(1), group(2)))
    bridge = Layer("Primary", begin, begin + 8 * HOUR, Rotation(1, Unit.DAY), (group(2),))
    second = replace(first, start=begin + 8 * HOUR, end=None, groups=(group(2), group(1)))
    cut = shown("Cut", [first, bridge, second])
    assert exceptions(cut) == ["long turn of Primary: bob, Tue 24 Nov 00:00 – Wed 25 Nov 08:00"]
    text = render_calendar([cut], view(7), Screen(80))
    rows = [row.split(None, 1)[1] for row in text.splitlines() if row.startswith("  Primary")]
    assert [row.count("│bob") for row in rows] == [3]


def test_a_person_who_left_is_named() -> None:
    gone = {**DIRECTORY.people, 1: Person(1, "alice", status=MemberStatus.DELETED)}
    looked = replace(view(14), directory=replace(DIRECTORY, people=gone))
    assert find_exceptions(WEEKLY, looked) == [
        "alice, who left the account, is on call Mon 16 Nov 10:00 – Mon 23 Nov 10:00"
    ]
    text = render_calendar([WEEKLY], looked, Screen(80))
    assert "Mon 16 Nov 10:00 – Mon 23 Nov 10:00  !! alice (left the account)" in text


def test_two_lengths_that_alternate_are_how_a_layer_is() -> None:
    weekend = daily("Weekend", 0, 24, group(1), days="06")
    week = daily("Week", 0, 24, group(2), days="12345")
    assert exceptions(shown("Both", [weekend, week])) == []


def test_people_on_several_schedules_at_once() -> None:
    (alice, bob) = (
        shown(name, [replace(PRIMARY, groups=(group(1), group(2), group(3)))])
        for name in ("First", "Second")
    )
    assert [who for who, _ in find_double_bookings([alice, bob], view(7))] == ["alice", "bob"]
    where = dict(find_double_bookings([alice, bob], view(7)))["bob"]
    assert where == "First and Second; first Mon 23 Nov 10:00 – Mon 30 Nov 10:00"
    assert find_double_bookings([alice], view(7)) == []
    assert find_double_bookings([alice, UNKNOWN], view(7)) == []


def test_schedules_of_a_person_are_counted_and_nothing_begins_before_the_window() -> None:
    bookings = dict(find_double_bookings([shown(f"S{n}", [PRIMARY]) for n in range(5)], view(2)))
    assert bookings["alice"] == (
        "5 schedules: S0, S1, S2 and 2 more; first Sat 21 Nov 00:00 – Mon 23 Nov 10:00"
    )


def test_many_people_are_counted_and_a_note_is_said_once() -> None:
    noted = [replace(one, notes=("computed here",)) for one in THIRTY[:5]]
    text = render(noted)
    assert text.count("computed here") == 1
    assert "note: computed here; 5 schedules: Team 0, Team 1, Team 2, Team 3, Team 4" in text
    alone = [replace(WEEKLY, notes=("not known",)), *THIRTY[:3]]
    assert "note: not known; Production On-Call\n" in render(alone)


def test_a_long_list_of_one_schedule_is_cut() -> None:
    hourly = replace(PRIMARY, rotation=Rotation(8, Unit.HOUR), groups=(group(1), group(2)))
    gap = replace(hourly, end=TODAY + 13 * DAY)
    text = render([shown("Hourly", [gap])])
    assert "shifts: --shifts lists them" in text
    assert "nobody is on call Fri 4 Dec 00:00 – Sat 5 Dec 00:00" in text
    whole = render_calendar([shown("Hourly", [gap])], view(14), Screen(80), shifts=True)
    assert "--shifts" not in whole
    assert whole.count("alice\n") > 15
