"""Calendars as JSON."""

from __future__ import annotations

import json

from flashsync.render.calendar.json import render_calendar_json
from tests.render.calendars import ALL, GAPS, HOSTILE, MIXED, UNKNOWN, WEEKLY, view
from tests.render.looks import check_harmless


def test_a_calendar_has_layers_and_who_is_on_call() -> None:
    document = json.loads(render_calendar_json([WEEKLY], view(7)))
    (schedule,) = document.pop("schedules")
    assert document == {
        "format_version": "1.0",
        "basis": "live",
        "timezone": "Asia/Shanghai",
        "now": "2026-11-21T08:33:00Z",
        "window": {"start": "2026-11-20T16:00:00Z", "end": "2026-11-27T16:00:00Z"},
        "person": None,
    }
    alice = {"person": "alice", "email": "1@example.com", "role": "primary", "left": False}
    bob = {"person": "bob", "email": "2@example.com", "role": "primary", "left": False}
    shifts = [
        {"start": "2026-11-16T02:00:00Z", "end": "2026-11-23T02:00:00Z", "people": [alice]},
        {"start": "2026-11-23T02:00:00Z", "end": "2026-11-30T02:00:00Z", "people": [bob]},
    ]
    assert schedule == {
        "schedule": "Production On-Call",
        "schedule_id": 5789,
        "read": {"start": "2026-11-05T16:00:00Z", "end": "2026-12-19T16:00:00Z"},
        "layers": [{"layer": "Primary", "override": False, "shifts": shifts}],
        "on_call": shifts,
        "gaps": [],
        "notes": [],
    }


def test_gaps_and_overrides() -> None:
    (schedule,) = json.loads(render_calendar_json([GAPS], view(7)))["schedules"]
    assert schedule["gaps"][0] == {
        "start": "2026-11-20T16:00:00Z",
        "end": "2026-11-23T01:00:00Z",
        "role": None,
    }
    assert [(one["layer"], one["override"]) for one in schedule["layers"]][1] == ("Bob away", True)


def test_what_is_not_known_is_null() -> None:
    (schedule,) = json.loads(render_calendar_json([UNKNOWN], view(7)))["schedules"]
    assert schedule["on_call"] is schedule["gaps"] is None
    assert {"layer": "Fair", "override": False, "shifts": None} in schedule["layers"]


def test_a_person() -> None:
    document = json.loads(render_calendar_json([WEEKLY, MIXED], view(7, person=5)))
    assert document["person"] == "Dave Wu"
    assert [one["schedule"] for one in document["schedules"]] == ["Payments"]
    for shift in document["schedules"][0]["on_call"]:
        assert "Dave Wu" in {one["person"] for one in shift["people"]}


def test_nothing_in_it_is_obeyed_by_a_terminal() -> None:
    text = render_calendar_json(ALL, view(14))
    check_harmless(text)
    assert json.loads(text)["schedules"][5]["schedule"] == HOSTILE.name
