"""Wall-clock time of an IANA zone, from Unix seconds; nothing here knows the machine's zone."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name.

    Raises ValueError where there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no IANA time zone") from error


def wall(instant: int, timezone: str) -> datetime:
    """The wall-clock time of an instant (Unix seconds) in an IANA zone, aware."""
    return datetime.fromtimestamp(instant, zone(timezone))


def instants(moment: datetime, timezone: str) -> tuple[int, ...]:
    """The instants (Unix seconds) at which a naive wall-clock time is shown in a zone.

    One as a rule; none where daylight saving skips the time, two where it shows it twice.
    """
    candidates = {
        int(moment.replace(tzinfo=zone(timezone), fold=fold).timestamp()) for fold in (0, 1)
    }
    return tuple(
        sorted(at for at in candidates if wall(at, timezone).replace(tzinfo=None) == moment)
    )


def time_of_week(instant: int, timezone: str) -> int:
    """Seconds since Monday 00:00 on the wall clock of a zone, at an instant (Unix seconds)."""
    at = wall(instant, timezone)
    return at.weekday() * DAY + at.hour * HOUR + at.minute * MINUTE + at.second
