"""Calendars, and who is on call, as JSON: times in RFC 3339, people by name and address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flashsync.model import wording
from flashsync.model.calendar import CalendarView, Shift, ShownCalendar, Span
from flashsync.model.people import Directory
from flashsync.model.schedule import MARK, Member
from flashsync.model.timezone import rfc3339
from flashsync.render.calendar.duty import has_left
from flashsync.render.calendar.model import (
    filter_person,
    find_gaps,
    shifts_of,
    shifts_within,
)
from flashsync.render.sanitize import dump
from flashsync.rotation.compare import Gap

FORMAT_VERSION = "1.0"
"""Raised for any change that requires a change to a program that reads these documents."""


def render_calendar_json(shown: Sequence[ShownCalendar], view: CalendarView) -> str:
    """All layers, who is on call, and the gaps.

    `read` is the time for which shifts were read; a shift at its start or end may be longer.
    `on_call` and `gaps` are null where they are unknown.
    """
    return dump(
        {
            "format_version": FORMAT_VERSION,
            "basis": view.basis.value,
            "timezone": view.timezone,
            "now": rfc3339(view.now),
            "window": span(view.window),
            "person": None if view.person is None else view.directory.person(view.person),
            "schedules": [_schedule(calendar, view) for calendar in filter_person(shown, view)],
        }
    )


def _schedule(shown: ShownCalendar, view: CalendarView) -> dict[str, Any]:
    calendar = shown.calendar
    known = not shown.unknown
    free = find_gaps(calendar.final, view.window)
    layers = [
        {
            "layer": lane.name.removesuffix(MARK) if lane.override else lane.name,
            "override": lane.override,
            "shifts": _shifts(shifts_within(lane.shifts, view.window), view),
        }
        for lane in calendar.lanes
        if lane.override or lane.name not in shown.unknown
    ]
    layers += [{"layer": name, "override": False, "shifts": None} for name in shown.unknown]
    return {
        "schedule": shown.name,
        "schedule_id": shown.id,
        "read": span((calendar.start, calendar.end)),
        "layers": layers,
        "on_call": _shifts(shifts_of(shown, view), view) if known else None,
        "gaps": [_gap(gap, view) for gap in free] if known else None,
        "notes": list(shown.notes),
    }


def _gap(gap: Gap, view: CalendarView) -> dict[str, Any]:
    """A gap: `start`, `end`, and the `role` that nobody has, null where nobody is on call."""
    role = None if gap.role is None else view.directory.role(gap.role)
    return {**span(gap.span), "role": role}


def _shifts(shifts: Iterable[Shift], view: CalendarView) -> list[dict[str, Any]]:
    return [shift(value, view.directory) for value in shifts]


def shift(value: Shift, directory: Directory) -> dict[str, Any]:
    """A shift: `start`, `end`, `people`."""
    return {**span((value.start, value.end)), "people": people(value.members, directory)}


def span(value: Span) -> dict[str, str]:
    """A span: `start`, `end`."""
    return {"start": rfc3339(value[0]), "end": rfc3339(value[1])}


def people(members: Iterable[Member], directory: Directory) -> list[dict[str, Any]]:
    """Who is on call, by role, then by name; `left` is somebody who left the account."""
    return [
        {
            "person": directory.person(member.person),
            "email": person.email if (person := directory.people.get(member.person)) else "",
            "role": directory.role(member.role),
            "left": has_left(member.person, directory),
        }
        for member in wording.sort_members(members, directory)
    ]
