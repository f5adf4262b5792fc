"""The grid of handoffs: whether a file's layer keeps that of a live link, and where it begins."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from flashsync.model.schedule import Layer
from flashsync.model.timezone import DAY
from flashsync.rotation.rollout.handoffs import HALF_HOUR, align, has_own_days, next_half_hour
from flashsync.rotation.turns import Elapsed, Wall, counts_included_days, has_handoff, rhythm
from flashsync.rotation.wall_clock import clock

COMPARED = 12
"""Handoffs that are compared: calendar months repeat after twelve, and masks after seven."""


def keeps_cadence(live: Layer, wanted: Layer, timezone: str, below: int = HALF_HOUR) -> bool:
    """Whether a file's layer has the handoffs of a live link, but for a difference of less than
    `below` (seconds). The time at which it is called makes no difference."""
    if not keeps_form(live, wanted):
        return False
    if (live.start, live.handoff) == (wanted.start, wanted.handoff):
        return True
    if measure_shift(live, wanted, timezone) >= below:
        return False
    return not has_own_days(wanted) or measure_days(live, wanted, timezone) < HALF_HOUR


def keeps_form(live: Layer, wanted: Layer) -> bool:
    """Whether turns begin by the same rule, whatever the grid.

    A mask decides only where its days are counted, or where a handoff of 0 means another thing
    (api.md, `handoff_time`).
    """
    if live.rotation != wanted.rotation:
        return False
    if live.rotation.weekly and live.cuts_days != wanted.cuts_days:
        return False
    counted = counts_included_days(live)
    if counted != counts_included_days(wanted):
        return False
    return not counted or (live.days, live.continuous) == (wanted.days, wanted.continuous)


def measure_shift(live: Layer, wanted: Layer, timezone: str) -> int:
    """By how many seconds, at most, the handoffs of two layers of one form differ.

    Days, weeks and hours by arithmetic, since each unchanged layer of a plan comes here; months and
    counted days by walking from the live start on.
    """
    there = clock(timezone)
    grid, other = rhythm(live, there), rhythm(wanted, there)
    if isinstance(grid, Wall) and isinstance(other, Wall):
        apart = (other.second - grid.second) % grid.step
        return min(apart, grid.step - apart)
    if isinstance(grid, Elapsed) and isinstance(other, Elapsed):
        apart = (other.start - grid.start) % grid.step
        return min(apart, grid.step - apart)
    handoffs = list(islice(grid.handoffs(live.start), COMPARED))
    near = other.handoffs(handoffs[0] - HALF_HOUR + 1)
    return max(abs(at - then) for at, then in zip(handoffs, near, strict=False))


def measure_days(live: Layer, wanted: Layer, timezone: str) -> int:
    """By how many seconds the days of a continuous mask differ, which begin at the time of day of
    the layer's start (api.md, rule 4)."""
    old, new = (clock(timezone).wall(layer.start) % DAY for layer in (live, wanted))
    return min((new - old) % DAY, (old - new) % DAY)


def find_grid_start(wanted: Layer, at: int, timezone: str) -> int | None:
    """The first moment from an instant on at which a link can begin with the wanted layer's grid.

    None where the link would not keep it: a day 31 is lost in a short month.
    """
    there = clock(timezone)
    if has_handoff(wanted):
        start = align(wanted, at, timezone)
    else:
        handoff = next(rhythm(wanted, there).handoffs(at - HALF_HOUR + 1))
        start = max(at, next_half_hour(handoff, timezone))
    link = replace(wanted, start=start)
    return start if keeps_cadence(wanted, link, timezone) else None
