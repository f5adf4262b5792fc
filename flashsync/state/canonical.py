"""One form per meaning, so that a file and the platform compare equal where they agree."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Literal

from flashsync.state.schedule import Hours, Rotation
from flashsync.state.zone import DAY, WEEK, time_of_week

PERIOD = {"day": DAY, "week": WEEK}
"""Seconds after which hours of duty repeat."""


def name(text: str) -> str:
    """A name as identity compares it: Unicode NFC, outer blanks cut."""
    return unicodedata.normalize("NFC", text).strip()


def description(text: str) -> str:
    """A description with one kind of line end and no outer blanks.

    A YAML block ends with a line end that nobody means. **Guess**: that the platform may cut it.
    """
    return text.replace("\r\n", "\n").strip()


def hours(every: Literal["day", "week"], windows: Iterable[tuple[int, int]]) -> Hours | None:
    """Hours of duty, sorted, each window once; None where there is no window.

    api.md, `restrict_periods`: a window over midnight has an end that is not after its start, or
    one beyond the period: both mean the same. An end at 00:00 is the end of the period.
    """
    period = PERIOD[every]
    unique = {(start, _end(end, period)) for start, end in windows}
    return Hours(every, tuple(sorted(unique))) if unique else None


def _end(end: int, period: int) -> int:
    return end % period or period if end > period or end == 0 else end


def live_handoff(
    rotation: Rotation, sent: int | None, start: int, timezone: str, *, cuts_days: bool = False
) -> int | None:
    """The handoff that a live layer really has, in seconds from Monday 00:00; None if not weekly.

    api.md, `handoff_time`: 0 or nothing is no handoff. That means the same as one at the time of
    week of `start` (Unix seconds), but where a mask cuts days at 00:00: there it stays None.
    """
    if not rotation.weekly:
        return None
    return sent or (None if cuts_days else time_of_week(start, timezone))


def days(repeat: Iterable[int] | None) -> frozenset[int] | None:
    """The days of a mask, Sunday 0; None where there is no mask (null and empty alike)."""
    return frozenset(repeat or ()) or None
