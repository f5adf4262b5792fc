"""A page shows the times, people and causes that JSON has, in each zone and over clock changes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flashsync.model.calendar import Basis, CalendarView, ShownCalendar, Span
from flashsync.model.timezone import DAY, HOUR
from flashsync.render.calendar.html import render_calendar_html
from flashsync.render.calendar.json import render_calendar_json
from flashsync.rotation.calendar import calendar
from tests.render.calendars import (
    ALL,
    AWAY,
    DIRECTORY,
    GAPS,
    MIXED,
    OFFICE,
    PRIMARY,
    SWAPPED,
    UNKNOWN,
    at,
    view,
)
from tests.render.html.reading import Shown, bars_of, data_of, lanes_of, shifts_of_lane, wall_clock

CHANGES = {
    "Europe/Berlin": "2027-03-28",
    "America/New_York": "2026-11-01",
    "Australia/Lord_Howe": "2027-04-04",  # by half an hour
    "America/Sao_Paulo": "2018-11-04",  # at midnight
    "Asia/Kathmandu": "2026-11-21",  # never, and at a quarter to UTC
}
"""A zone, and a day on which its clocks change."""


def around(zone: str, day: str) -> tuple[ShownCalendar, CalendarView]:
    """Two layers and an override over a week around a day, in a zone."""
    midnight = at(f"{day} 00:00", zone)
    read = (midnight - 10 * DAY, midnight + 10 * DAY)
    layers = [
        replace(layer, start=int(midnight - 40 * DAY) // HOUR * HOUR) for layer in (PRIMARY, OFFICE)
    ]
    cover = replace(AWAY, start=midnight - HOUR, end=midnight + 4 * HOUR)
    shown = ShownCalendar("Around", calendar(layers, [cover], zone, *read), 1)
    window = (at(f"{day} 00:00", zone) - 3 * DAY, midnight + 4 * DAY)
    return shown, CalendarView(window, zone, midnight, DIRECTORY, Basis.LIVE)


def as_shown(shift: dict[str, Any]) -> Shown:
    """A shift of the JSON document."""
    people = sorted(
        (one["role"] != "primary", one["role"], one["person"]) for one in shift["people"]
    )
    return shift["start"], shift["end"], tuple((name, role) for _, role, name in people)


def check_equal(shown: list[ShownCalendar], view: CalendarView) -> None:
    """Page and JSON have the same shifts in the same lanes, and the same gaps."""
    data = data_of(render_calendar_html(shown, view))
    document = json.loads(render_calendar_json(shown, view))
    assert [one["name"] for one in data["schedules"]] == [
        one["schedule"] for one in document["schedules"]
    ]
    for drawn, listed in zip(data["schedules"], document["schedules"], strict=True):
        (side,) = drawn["sides"]
        layers: dict[str, list[Shown]] = {}
        overrides: list[tuple[Shown, str]] = []
        for lane in side["lanes"]:
            if lane["shifts"] is None:
                assert listed["on_call"] is None or lane["kind"] == "layer"
                continue
            shifts = list(shifts_of_lane(data, lane))
            if lane["kind"] == "final":
                assert [as_set(one) for one, _ in shifts] == [
                    as_set(as_shown(one)) for one in listed["on_call"]
                ]
            elif lane["kind"] == "override":
                overrides += [(one, data["causes"][cause - 1]) for one, cause in shifts]
            else:
                layers.setdefault(lane["name"], []).extend(one for one, _ in shifts)
        assert {name: sorted(map(as_set, shifts), key=str) for name, shifts in layers.items()} == {
            one["layer"]: sorted((as_set(as_shown(it)) for it in one["shifts"]), key=str)
            for one in listed["layers"]
            if one["shifts"] and not one["override"]
        }
        assert sorted((as_set(one), cause) for one, cause in overrides) == sorted(
            (as_set(as_shown(it)), one["layer"])
            for one in listed["layers"]
            if one["override"]
            for it in one["shifts"]
        )
        assert [one[:2] for one in side["gaps"]] == [
            [seconds(gap["start"]), seconds(gap["end"])] for gap in listed["gaps"] or ()
        ]


def as_set(shift: Shown) -> tuple[str, str, list[tuple[str, str]]]:
    """A shift with its people in one order."""
    start, end, people = shift
    return start, end, sorted(people)


def seconds(text: str) -> int:
    """The instant of a time in JSON."""
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize("zone", CHANGES)
def test_times_are_those_of_json_in_each_zone(zone: str) -> None:
    shown, looked_at = around(zone, CHANGES[zone])
    check_equal([shown], looked_at)


def test_times_are_those_of_json_for_all_kinds_of_calendars() -> None:
    check_equal([one for one in ALL if "\x1b" not in one.name], view(14))


@pytest.mark.parametrize("zone", CHANGES)
def test_the_page_brings_the_clock_of_its_zone(zone: str) -> None:
    shown, looked_at = around(zone, CHANGES[zone])
    data = data_of(render_calendar_html([shown], looked_at))
    for instant in range(shown.calendar.start, shown.calendar.end, 15 * 60):
        there = datetime.fromtimestamp(instant, ZoneInfo(zone))
        assert wall_clock(data, instant) == f"{there:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize("shown", [MIXED, GAPS, SWAPPED], ids=lambda one: one.name)
def test_bars_are_drawn_where_people_are_on_call(shown: ShownCalendar) -> None:
    looked_at = view(14)
    page = render_calendar_html([shown], looked_at)
    data = data_of(page)
    drawn = bars_of(lanes_of(page)[-1], data)
    expected: dict[str, list[Span]] = {}
    for shift in shown.calendar.final:
        start, end = max(shift.start, data["start"]), min(shift.end, data["end"])
        for person in sorted(shift.people):
            if start < end:
                expected.setdefault(DIRECTORY.person(person), []).append((start, end))
    assert {name: covered(spans) for name, spans in drawn.items()} == {
        name: covered(spans) for name, spans in expected.items()
    }


def covered(spans: list[Span]) -> set[int]:
    """The minutes in spans."""
    return {minute for start, end in spans for minute in range(start // 60, end // 60)}


def test_turns_and_overrides_are_named() -> None:
    data = data_of(render_calendar_html([MIXED], view(14)))
    (side,) = data["schedules"][0]["sides"]
    primary, office, override, _ = side["lanes"]
    assert [cause for _, cause in shifts_of_lane(data, primary)] == [1, 2, 3]
    assert {cause for _, cause in shifts_of_lane(data, office)} == {1, 2, 3}
    assert [data["causes"][cause - 1] for _, cause in shifts_of_lane(data, override)] == [
        "Bob away"
    ]


def test_unknown_shifts_are_null() -> None:
    data = data_of(render_calendar_html([UNKNOWN], view(7)))
    (side,) = data["schedules"][0]["sides"]
    lanes = {lane["name"]: lane["shifts"] for lane in side["lanes"]}
    assert lanes["Fair"] is lanes["on call"] is None
    assert side["gaps"] == []


def test_only_the_part_of_a_person() -> None:
    data = data_of(render_calendar_html([MIXED, GAPS, *ALL[:1]], view(7, person=5)))
    assert [one["name"] for one in data["schedules"]] == ["Payments", "Office only"]
    assert data["people"][data["person"]][0] == "Dave Wu"
