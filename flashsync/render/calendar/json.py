"""Calendars, and who is on call, as JSON: times in RFC 3339, people by name and address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flashsync.model.calendar import Shift, Span
from flashsync.model.people import Directory
from flashsync.model.schedule import MARK, Member
from flashsync.model.timezone import rfc3339
from flashsync.render.calendar.model import (
    CalendarView,
    ShownCalendar,
    concerning,
    gaps,
    shifts_of,
    within,
)
from flashsync.render.sanitize import dump

FORMAT_VERSION = "1.0"
"""Raised for any change that requires a change to a program that reads these documents."""


def render_calendar_json(shown: Sequence[ShownCalendar], view: CalendarView) -> str:
    """The calendars: all layers, what counts, and the gaps.

    `read` is the time for which shifts were read: one that begins or ends right there may have
    begun before, or last longer. Where nobody knows who is on call, `on_call` and `gaps` are null.
    """
    return dump(
        {
            "format_version": FORMAT_VERSION,
            "basis": view.basis.value,
            "timezone": view.timezone,
            "now": rfc3339(view.now),
            "window": span(view.window),
            "person": None if view.person is None else view.directory.person(view.person),
            "schedules": [_schedule(one, view) for one in concerning(shown, view)],
        }
    )


def _schedule(shown: ShownCalendar, view: CalendarView) -> dict[str, Any]:
    calendar = shown.calendar
    known = not shown.unknown
    free = gaps(calendar.final, view.window)
    layers = [
        {
            "layer": lane.name.removesuffix(MARK) if lane.override else lane.name,
            "override": lane.override,
            "shifts": _shifts(within(lane.shifts, view.window), view),
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
        "gaps": [span(gap) for gap in free] if known else None,
        "notes": list(shown.notes),
    }


def _shifts(shifts: Iterable[Shift], view: CalendarView) -> list[dict[str, Any]]:
    return [shift(one, view.directory) for one in shifts]


def shift(value: Shift, directory: Directory) -> dict[str, Any]:
    """A shift: `start`, `end`, `people`."""
    return {**span((value.start, value.end)), "people": people(value.members, directory)}


def span(value: Span) -> dict[str, str]:
    """A stretch of time: `start`, `end`."""
    return {"start": rfc3339(value[0]), "end": rfc3339(value[1])}


def people(members: Iterable[Member], directory: Directory) -> list[dict[str, Any]]:
    """Who is on call, by role, then by name."""
    ordered = sorted(members, key=lambda one: (one.role, directory.person(one.person)))
    return [
        {
            "person": directory.person(one.person),
            "email": _email(one.person, directory),
            "role": directory.role(one.role),
        }
        for one in ordered
    ]


def _email(id: int, directory: Directory) -> str:
    person = directory.people.get(id)
    return person.email if person else ""
