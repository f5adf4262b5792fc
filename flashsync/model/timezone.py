"""Wall-clock time of an IANA zone, from Unix seconds; nothing here knows the machine's zone.

What daylight saving does to turns is in rotation/wall_clock.py.
"""

from __future__ import annotations

from calendar import timegm
from datetime import UTC, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

LATEST = 253_370_764_800
"""Unix seconds of the year 9999; a later value is not a time, but usually milliseconds."""


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA zone of a name. Raises ValueError for other names."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not an IANA time zone") from error


def wall(instant: int, timezone: str) -> datetime:
    """The wall-clock time of an instant (Unix seconds) in an IANA zone, aware."""
    return datetime.fromtimestamp(instant, zone(timezone))


@lru_cache(4096)
def instants(wall_seconds: int, timezone: str) -> tuple[int, ...]:
    """The instants (Unix seconds) at which the clock of a zone shows a wall-clock time.

    The time is given as seconds as if it were UTC's. There is one instant as a rule; none where
    daylight saving skips the time, two where it shows it twice.
    """
    shown = datetime.fromtimestamp(wall_seconds, UTC)
    there = zone(timezone)
    candidates = {int(shown.replace(tzinfo=there, fold=fold).timestamp()) for fold in (0, 1)}
    return tuple(sorted(at for at in candidates if wall_seconds_at(at, timezone) == wall_seconds))


def offset(instant: int, timezone: str) -> str:
    """The distance of a zone from UTC at an instant (Unix seconds), as `+08:00`."""
    shown = wall(instant, timezone)
    return shown.isoformat()[len("2026-01-05T10:00:00") :]


def wall_seconds_at(instant: int, timezone: str) -> int:
    """What the clock of a zone shows at an instant, as seconds as if it were UTC's."""
    return timegm(wall(instant, timezone).timetuple())


@lru_cache(4096)
def time_of_week(instant: int, timezone: str) -> int:
    """Seconds since Monday 00:00 on the wall clock of a zone, at an instant (Unix seconds)."""
    at = wall(instant, timezone)
    return at.weekday() * DAY + at.hour * HOUR + at.minute * MINUTE + at.second


def rfc3339(instant: int) -> str:
    """An instant (Unix seconds) in UTC, as `2026-11-21T08:00:00Z`."""
    return f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%dT%H:%M:%SZ}"


def unix_seconds(text: str) -> int:
    """The instant of an RFC 3339 time. Raises ValueError."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} does not say its zone")
    found = int(at.timestamp())
    if not 0 <= found < LATEST:
        raise ValueError(f"{text!r} is of no year that a calendar shows")
    return found


# How far clocks may be apart: this machine's, another's, the platform's.

APART = 5 * MINUTE
"""Seconds. What is further apart is not of one time, or a clock is wrong."""


def midnight(day: int, timezone: str) -> int:
    """The first instant of a day, counted from 1970, in a zone."""
    if candidates := instants(day * DAY, timezone):
        return candidates[0]
    # Clocks that skip midnight go on at the very moment that would have been midnight.
    skipped = datetime.fromtimestamp(day * DAY, UTC).replace(tzinfo=zone(timezone))
    return int(skipped.timestamp())
