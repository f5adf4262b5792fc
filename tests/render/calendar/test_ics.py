"""Shifts as an iCalendar file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from flashsync.model.calendar import CalendarView, ShownCalendar
from flashsync.model.timezone import DAY
from flashsync.render.calendar.ics import render_ics
from flashsync.rotation.calendar import calendar
from tests.render.calendars import (
    ALL,
    DAY_NIGHT,
    HOSTILE,
    MIXED,
    PRIMARY,
    TODAY,
    UNKNOWN,
    WEEKLY,
    ZONE,
    at,
    group,
    view,
)
from tests.render.looks import check_golden


def events(*shown: ShownCalendar, view: CalendarView) -> list[dict[str, object]]:
    """The events of the file, as any reader sees them."""
    file = Calendar.from_ical(render_ics(shown, view))
    return [
        {name.lower(): getattr(value, "dt", value) for name, value in event.items()}
        for event in file.walk("VEVENT")
    ]


def test_a_shift_is_an_event() -> None:
    first, second = events(WEEKLY, view=view(7))
    assert first["summary"] == "Production On-Call: alice"
    assert first["dtstart"] == datetime(2026, 11, 16, 2, tzinfo=UTC)
    assert first["dtend"] == second["dtstart"] == datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert first["dtstamp"] == datetime(2026, 11, 21, 8, 33, tzinfo=UTC)


def test_a_file_as_it_was_looked_at() -> None:
    text = render_ics([WEEKLY, MIXED], view(7))
    assert "\r\n" in text
    check_golden("calendar-ics", text.replace("\r\n", "\n"))


def test_each_shift_has_an_id_of_its_own() -> None:
    ids = [event["uid"] for event in events(*ALL, view=view(20))]
    assert len(ids) == len(set(ids)) > 50


def test_a_renamed_schedule_keeps_its_ids_and_a_new_one_uses_its_name() -> None:
    ids = {event["uid"] for event in events(WEEKLY, view=view(7))}
    assert {event["uid"] for event in events(replace(WEEKLY, name="B"), view=view(7))} == ids
    ids = {event["uid"] for event in events(DAY_NIGHT, view=view(7))}
    renamed = events(replace(DAY_NIGHT, name="B"), view=view(7))
    assert not ids & {event["uid"] for event in renamed}


@pytest.mark.parametrize("later", range(1, 15))
def test_a_later_run_gives_a_shift_the_same_id(later: int) -> None:
    def seen(days: int) -> dict[object, object]:
        start = TODAY + days * DAY
        read = calendar([PRIMARY], (), ZONE, start - 15 * DAY, start + 29 * DAY)
        window = (start, start + 21 * DAY)
        found = events(ShownCalendar("P", read, 5), view=replace(view(7), window=window))
        return {event["dtstart"]: event["uid"] for event in found}

    first, second = seen(0), seen(later)
    both = first.keys() & second.keys()
    assert both
    assert {start: first[start] for start in both} == {start: second[start] for start in both}


def test_a_shift_that_is_longer_than_what_was_read_says_so() -> None:
    alone = replace(PRIMARY, groups=(group(1),))
    read = calendar([alone], (), ZONE, at("2026-11-10 00:00"), at("2026-12-10 00:00"))
    (event,) = events(ShownCalendar("P", read, 5), view=view(7))
    assert event["description"] == "began before Tue 10 Nov 00:00, ends after Thu 10 Dec 00:00"


def test_a_person_has_their_own_shifts_only() -> None:
    found = events(WEEKLY, MIXED, view=view(7, person=5))
    assert found
    assert all("Dave Wu" in str(event["summary"]) for event in found)
    assert "X-WR-CALNAME:On call of Dave Wu" in render_ics([WEEKLY, MIXED], view(7, person=5))


def test_the_name_of_the_file_is_escaped_as_summaries_are() -> None:
    named = replace(WEEKLY, name="A;B\\C, D")
    text = render_ics([named], view(7))
    assert "X-WR-CALNAME:A\\;B\\\\C\\, D\r\n" in text
    assert "SUMMARY:A\\;B\\\\C\\, D: alice\r\n" in text


def test_an_unknown_calendar_is_not_an_event() -> None:
    assert events(UNKNOWN, view=view(7)) == []


def test_hostile_names_do_no_harm() -> None:
    text = render_ics([HOSTILE], view(7))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert all("BEGIN:VALARM" not in line for line in text.splitlines())
    assert len(events(HOSTILE, view=view(7))) == 2
