"""Writes calendars in the format that was asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from flashsync.cli.output import Output, write, write_json
from flashsync.model.calendar_view import CalendarView, ShownCalendar
from flashsync.model.mask import hide
from flashsync.operations.calendars import ShownCalendars


def write_calendars(output: Output, shown: ShownCalendars) -> None:
    """Calendars as text, JSON or iCalendar."""
    if output.format == "json":
        from flashsync.render.calendar.json import render_calendar_json

        write_json(render_calendar_json(shown.calendars, shown.view))
    elif output.format == "ics":
        write_ics(shown.calendars, shown.view)
    else:
        from flashsync.render.calendar.text import render_calendar

        write(render_calendar(shown.calendars, shown.view, output.results))


def write_ics(calendars: Sequence[ShownCalendar], view: CalendarView) -> None:
    """Calendars as an iCalendar file, in UTF-8 whatever the encoding of the terminal."""
    from flashsync.render.calendar.ics import render_ics

    text = render_ics(calendars, view)
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        write(text)
    else:
        sys.stdout.flush()
        buffer.write(hide(text).encode())
        buffer.flush()
