"""Where a new link can take over from a live one, so that the rhythm goes on unmoved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flashsync.model.schedule import Layer, Unit
from flashsync.model.timezone import DAY, WEEK
from flashsync.rotation.cadence import Included, Wall, counts_included_days, day_cut, rhythm
from flashsync.rotation.rollout.handoffs import HALF_HOUR, Handoff, aligned, next_half_hour
from flashsync.rotation.wall_clock import Clock, as_date, clock

FOLLOWED = 400
"""Handoffs that are looked at for one at which the rhythm can go on."""
_TURNS = 12
"""Turns that are compared: calendar months repeat after so many."""
_EVERY_MONTH = 28
"""Each month has the days up to this one."""


@dataclass(frozen=True, slots=True)
class Takeover:
    """A new link begins at `at` (Unix seconds); `moved` are the seconds by which handoffs move."""

    at: int
    moved: int = 0


def takeover(live: Layer, wanted: Layer, handoff: Handoff, timezone: str) -> Takeover | None:
    """Where the wanted layer can begin at a handoff of the live one; None where it cannot.

    A rhythm that changes begins at the cut. One that stays must not move, but for handoffs off the
    half-hour, which the platform's grid moves by less than that.
    """
    if not keeps_turns(live, wanted):
        at = next_half_hour(handoff.at, timezone)
        return Takeover(at) if at < handoff.until else None
    masked = live.continuous and (live.days, live.continuous) == (wanted.days, wanted.continuous)
    at = aligned(live, handoff.at, timezone) if masked else next_half_hour(handoff.at, timezone)
    there = clock(timezone)
    if at >= handoff.until or not _on_its_day(live, handoff.at, there):
        return None
    new = replace(wanted, start=at)
    moved = _moved(live, new, handoff.number, there)
    if masked:
        moved = max(moved, _apart(live, new, there))
    return Takeover(at, moved) if moved < HALF_HOUR else None


def keeps_turns(live: Layer, wanted: Layer) -> bool:
    """Whether turns begin by the same rule: a mask decides only where its days are counted."""
    if (live.rotation, live.handoff) != (wanted.rotation, wanted.handoff):
        return False
    return not counts_included_days(live) or (live.days, live.continuous) == (
        wanted.days,
        wanted.continuous,
    )


def _on_its_day(live: Layer, at: int, there: Clock) -> bool:
    """A monthly layer begun on day 29 to 31 is cut only at a handoff on that day."""
    day = as_date(there.day(live.start)).day
    if live.rotation.unit is not Unit.MONTH or day <= _EVERY_MONTH:
        return True
    return as_date(there.day(at)).day == day


def _moved(live: Layer, new: Layer, number: int, there: Clock) -> int:
    """By how many seconds handoffs would move, at most."""
    old, beat = rhythm(live, there), rhythm(new, there)
    return max(abs(beat.begin(turn) - old.begin(number + turn)) for turn in range(1, _TURNS + 1))


def _apart(live: Layer, new: Layer, there: Clock) -> int:
    """By how many seconds the days of a continuous mask would move."""
    old, cut = (day_cut(layer, there.wall(layer.start)) for layer in (live, new))
    return min((cut - old) % DAY, (old - cut) % DAY)


def short_turn(layer: Layer, timezone: str) -> int | None:
    """The end of a layer's first turn where it is shorter than the later ones; else None."""
    there = clock(timezone)
    beat = rhythm(layer, there)
    match beat:
        case Wall():
            short = beat.second - there.wall(layer.start) < beat.step
        case Included():
            short = there.wall(layer.start) % DAY != beat.cut
        case _:
            short = False
    return beat.begin(1) if short else None


def monday_after(at: int, timezone: str) -> int:
    """The first Monday 00:00 after an instant (Unix seconds)."""
    there = clock(timezone)
    wall = there.wall(at)
    # 1970-01-05 was a Monday.
    return there.instant(wall - (wall - 4 * DAY) % WEEK + WEEK)
