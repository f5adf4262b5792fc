"""The clock of every test: it stands still at a known instant until the test moves it.

The sandbox takes it as an argument; the command line, in this process or in another, reads
`FLASHSYNC_TEST_NOW`, which the clock sets.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from flashsync.cli.process import TEST_NOW

NOW = 1795250000
"""Sat 21 Nov 2026 16:33:20 in Shanghai: where the clock of a test starts."""


def utc(text: str) -> int:
    """Unix seconds of an ISO time in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


DATES = {
    "before a Monday handoff": utc("2026-11-23T01:55"),  # 09:55 in Shanghai
    "at a Monday handoff": utc("2026-11-23T02:00"),
    "last minutes of the year": utc("2026-12-31T23:50"),
    "New Year in Shanghai": utc("2026-12-31T16:00"),
    "last of February": utc("2027-02-28T12:00"),
    "New York springs forward": utc("2027-03-14T06:45"),
    "Berlin springs forward": utc("2027-03-28T00:45"),
    "Berlin falls back": utc("2027-10-31T00:15"),
    "New York falls back": utc("2027-11-07T05:45"),
    "29 February": utc("2028-02-29T04:05:06"),
    "next decade": utc("2030-01-01T00:00"),
}
"""Instants at which dates are easy to get wrong; tests marked `any_date` run at each."""


CITIES = {"New York": "America/New_York", "Berlin": "Europe/Berlin"}


def zone_of(now: int) -> str:
    """The zone that a date of the table is about: its clocks change, or it is Shanghai's."""
    name = next((name for name, date in DATES.items() if date == now), "")
    return next((zone for city, zone in CITIES.items() if name.startswith(city)), "Asia/Shanghai")


def frozen() -> float:
    """The time of the test that runs, for a sandbox that several tests share."""
    return float(os.environ[TEST_NOW])


def frozen_now() -> int:
    """The time of the test that runs, in whole Unix seconds."""
    return int(frozen())


def monday(weeks_ago: int) -> str:
    """Monday 10:00, a number of weeks before the current week, as a file writes it.

    A rota that begins then is at the same turn on every date.
    """
    today = datetime.fromtimestamp(frozen(), UTC).date()
    return f"{today - timedelta(days=today.weekday(), weeks=weeks_ago)} 10:00"


class Clock:
    """Unix seconds. Calling it gives the time, as `time.time` does."""

    def __init__(self, now: float = NOW) -> None:
        self.set(now)

    def __call__(self) -> float:
        return self._now

    @property
    def now(self) -> int:
        """Whole Unix seconds."""
        return int(self._now)

    def set(self, now: float) -> None:
        """Set the time, for this process and its later children."""
        self._now = now
        os.environ[TEST_NOW] = str(int(now))

    def text(self, ahead: float = 0, form: str = "%Y-%m-%d %H:%MZ") -> str:
        """The time in UTC, some seconds from now, as a file writes it."""
        return datetime.fromtimestamp(self._now + ahead, UTC).strftime(form)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.set(self._now + seconds)
