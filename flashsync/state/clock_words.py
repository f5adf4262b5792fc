"""Times as people say them: `Mon 7 Dec 10:00`, `Mon 7 Dec 10:00 – Mon 14 Dec 10:00`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flashsync.state.wording import count
from flashsync.state.zone import DAY, HOUR, MINUTE, wall

if TYPE_CHECKING:
    from flashsync.state.shift import Span

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
    return f"{_WEEKDAYS[at.weekday()]} {_date(at, timezone, now)} {at.hour:02}:{at.minute:02}"


def day(instant: int, timezone: str, now: int) -> str:
    """`14 Dec` in a zone; with the year where it is not the year of `now` (Unix seconds)."""
    return _date(wall(instant, timezone), timezone, now)


def _date(at: datetime, timezone: str, now: int) -> str:
    year = "" if at.year == wall(now, timezone).year else f" {at.year}"
    return f"{at.day} {_MONTHS[at.month - 1]}{year}"


def duration(seconds: int) -> str:
    """`45 seconds`, `90 minutes`, `2 hours`, `3 days`: whole, rounded down; two at least."""
    for unit, size in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}s"
    return count(seconds, "second")


def span(value: Span, timezone: str, now: int) -> str:
    """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00`."""
    start, end = value
    return f"{moment(start, timezone, now)} – {moment(end, timezone, now)}"
