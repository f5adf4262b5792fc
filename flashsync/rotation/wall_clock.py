"""The wall clock of one zone, in whole seconds: wall time to instant and back, fast.

A wall time is in seconds as if it were UTC's, so a day of it is `wall // DAY`, days from 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cache, lru_cache

from flashsync.model.timezone import DAY, zone

_FIRST_DAY = date(1970, 1, 1).toordinal()
_MONDAY_FIRST = 3  # 1970-01-01 was a Thursday
_SUNDAY_FIRST = 4


class Clock:
    """What the clocks of one zone show.

    **Open** in api.md, rule 1: which zone decides. The caller gives the account's.
    """

    def __init__(self, timezone: str) -> None:
        self._zone = zone(timezone)
        self._by_instant = _Offsets(self._zone)
        self._by_wall = _Offsets(self._zone, shown=True)

    def wall(self, instant: int) -> int:
        """What the clock shows at an instant."""
        offset = self._by_instant[instant // DAY]
        return instant + (_utc_offset(self._zone, instant) if offset is None else offset)

    def instant(self, wall: int) -> int:
        """The instant of a wall time.

        **Open** in api.md, `rotation_unit`: daylight saving. A time that is shown twice is the
        first; a skipped time takes the offset from before the gap, so it lands after it.
        """
        offset = self._by_wall[wall // DAY]
        if offset is None:
            offset = _utc_offset(self._zone, wall, shown=True)
        return wall - offset

    def day(self, instant: int) -> int:
        """The day that the clock shows at an instant, in days from 1970."""
        return self.wall(instant) // DAY


class _Offsets(dict[int, int | None]):
    """Days (from 1970) to their distance from UTC (s), None where it changes in the day.

    The days are days of instants, or, if `shown`, of wall times. No zone changes its distance twice
    within one day, so that the two ends of a day are enough.
    """

    def __init__(self, there: tzinfo, *, shown: bool = False) -> None:
        super().__init__()
        self._there, self._shown = there, shown

    def __missing__(self, day: int) -> int | None:
        first = _utc_offset(self._there, day * DAY, shown=self._shown)
        last = _utc_offset(self._there, (day + 1) * DAY, shown=self._shown)
        self[day] = offset = first if first == last else None
        return offset


clock = cache(Clock)
"""The clock of an IANA zone, always the same object, since it caches days.

Raises ValueError where there is no such zone.
"""


def _utc_offset(there: tzinfo, seconds: int, *, shown: bool = False) -> int:
    """The distance from UTC at an instant, or at a wall time that is `shown`: that from before a
    change."""
    if shown:
        at = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=there, fold=0)
    else:
        at = datetime.fromtimestamp(seconds, there)
    offset = at.utcoffset()
    assert offset is not None  # noqa: S101 - it has a zone
    return offset.days * DAY + offset.seconds


def weekday(day: int) -> int:
    """The day of the week as masks count it, Sunday 0, of a day from 1970."""
    return (day + _SUNDAY_FIRST) % 7


def monday(day: int) -> int:
    """The Monday of the week in which a day lies, both from 1970."""
    return day - (day + _MONDAY_FIRST) % 7


def as_date(day: int) -> date:
    """The date of a day from 1970."""
    return date.fromordinal(_FIRST_DAY + day)


def from_date(value: date) -> int:
    """The day from 1970 of a date."""
    return value.toordinal() - _FIRST_DAY


# When the clocks of a zone change.

_YEAR = 366 * DAY


@dataclass(frozen=True, slots=True)
class Jump:
    """An instant at which the clocks of a zone go forward (`by` seconds), or back."""

    at: int
    by: int


@lru_cache(1024)
def jumps(timezone: str, day: int) -> tuple[Jump, ...]:
    """The jumps of a zone in the year that begins with a day (counted from 1970)."""
    there, start = zone(timezone), day * DAY
    changes = []
    offset = _utc_offset(there, start)
    for at in range(start + DAY, start + _YEAR, DAY):
        later = _utc_offset(there, at)
        if later != offset:
            changes.append(Jump(_find_edge(at - DAY, at, there), later - offset))
            offset = later
    return tuple(changes)


def _find_edge(before: int, after: int, there: tzinfo) -> int:
    """The first instant with the later distance from UTC."""
    old = _utc_offset(there, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _utc_offset(there, middle) == old:
            before = middle
        else:
            after = middle
    return after


def next_jump(timezone: str, after: int) -> Jump | None:
    """The first jump after an instant (Unix seconds), within a year, or None."""
    return next((jump for jump in jumps(timezone, after // DAY) if after < jump.at), None)
