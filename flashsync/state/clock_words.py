"""Times as people say them: `Mon 7 Dec 10:00`, `Mon 7 Dec 10:00 – Mon 14 Dec 10:00`."""

from __future__ import annotations

from flashsync.state.shift import Span
from flashsync.state.zone import wall

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(instant: int, timezone: str, now: int) -> str:
    """`Mon 23 Nov 10:00` in a zone; with the year where it is not the year of `now`.

    Instants are Unix seconds. What is in no calendar, as the platform may hold it, stays a number.
    """
    try:
        at = wall(instant, timezone)
    except (ValueError, OverflowError, OSError):
        return f"second {instant}"
    year = "" if at.year == wall(now, timezone).year else f" {at.year}"
    day = f"{_WEEKDAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]}{year}"
    return f"{day} {at.hour:02}:{at.minute:02}"


def span(value: Span, timezone: str, now: int) -> str:
    """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00`."""
    start, end = value
    return f"{moment(start, timezone, now)} – {moment(end, timezone, now)}"
