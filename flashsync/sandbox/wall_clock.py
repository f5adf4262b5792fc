"""The wall clock of a zone: instants (Unix seconds) to local times, and back."""

from __future__ import annotations

import calendar as months
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAY: Final = timedelta(days=1)


class WallClock:
    """A zone. Local times are naive: what a clock on the wall there shows."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def local(self, instant: int) -> datetime:
        """What the clock shows at an instant."""
        return datetime.fromtimestamp(instant, self._zone).replace(tzinfo=None, fold=0)

    def instant(self, local: datetime) -> int:
        """The instant of a local time.

        A time that the clock shows twice is the first of the two. A skipped time takes the offset
        from before the gap: with 02:00 to 03:00 skipped, 02:30 is the instant shown as 03:30.
        """
        return int(local.replace(tzinfo=self._zone, fold=0).timestamp())

    def at(self, day: date, seconds: int) -> int:
        """The instant `seconds` of wall clock after 00:00 of a day; may be on a later day."""
        return self.instant(datetime.combine(day, time()) + timedelta(seconds=seconds))


def second_of_day(local: datetime) -> int:
    """Seconds of wall clock since 00:00."""
    return local.hour * 3600 + local.minute * 60 + local.second


def second_of_week(local: datetime) -> int:
    """Seconds of wall clock since Monday 00:00."""
    return local.weekday() * 86400 + second_of_day(local)


def weekday_from_sunday(day: date) -> int:
    """The day of the week of a day mask: Sunday is 0."""
    return day.isoweekday() % 7


def add_months(local: datetime, count: int) -> datetime:
    """The same day and time, months later; the last day of a shorter month.

    Open; the decision of api.md, `rotation_unit`.
    """
    year, month = divmod(local.year * 12 + local.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return local.replace(year=year, month=month + 1, day=min(local.day, last))
