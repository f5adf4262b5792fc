"""When the clocks of a zone change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flashsync.model.timezone import DAY, wall_seconds_at

_YEAR = 366 * DAY


@dataclass(frozen=True, slots=True)
class Jump:
    """An instant at which the clocks of a zone go forward (`by` seconds), or back."""

    at: int
    by: int


@lru_cache(1024)
def jumps(timezone: str, day: int) -> tuple[Jump, ...]:
    """The jumps of a zone in the year that begins with a day (counted from 1970)."""
    found = []
    start = day * DAY
    shift = _shift(start, timezone)
    for at in range(start + DAY, start + _YEAR, DAY):
        later = _shift(at, timezone)
        if later != shift:
            found.append(Jump(_edge(at - DAY, at, timezone), later - shift))
            shift = later
    return tuple(found)


def _edge(before: int, after: int, timezone: str) -> int:
    """The first instant with the later distance from UTC."""
    old = _shift(before, timezone)
    while after - before > 1:
        middle = (before + after) // 2
        if _shift(middle, timezone) == old:
            before = middle
        else:
            after = middle
    return after


def _shift(instant: int, timezone: str) -> int:
    return wall_seconds_at(instant, timezone) - instant


def next_jump(timezone: str, after: int) -> Jump | None:
    """The first one after an instant (Unix seconds), within a year; None where there is none."""
    found = jumps(timezone, after // DAY)
    return next((jump for jump in found if after < jump.at), None)
