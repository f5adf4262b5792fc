"""The rules of rotations that the platform's documentation leaves open (api.md, How a rotation
runs): what each says here, and which of them a schedule's shifts show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import combinations, pairwise

from flashsync.model.calendar import Calendar, Lane, Shift
from flashsync.model.schedule import Hours, Layer, Override, Schedule, Unit
from flashsync.model.timezone import DAY, wall
from flashsync.rotation.turns import counts_included_days
from flashsync.rotation.wall_clock import clock

_WHOLE_WEEK = 7


class OpenRule(StrEnum):
    """One open rule. The values are stable, for scripts."""

    ZONE = "zone"
    EXCLUDED_DAYS = "excluded_days"
    MASKED_TURNS = "masked_turns"
    CONTINUOUS = "continuous"
    MONTH_END = "month_end"
    DST_DAYS = "daylight_saving_days"
    DST_HOURS = "daylight_saving_hours"
    HANDOFF_ZERO = "handoff_zero"
    OVERNIGHT = "hours_over_midnight"
    OVER_WEEKEND = "hours_over_week_end"
    UNION = "layers_add_up"
    OVERRIDES = "overlapping_overrides"
    EMPTY_GROUP = "turns_for_nobody"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule is about, and what is assumed."""

    title: str
    text: str


DECISIONS: dict[OpenRule, Decision] = {
    OpenRule.ZONE: Decision("time zone", "days and hours are the account's"),
    OpenRule.EXCLUDED_DAYS: Decision("excluded days", "they do not count in turns of days"),
    OpenRule.MASKED_TURNS: Decision(
        "long turns with days", "turns of weeks keep their length; excluded days are only off"
    ),
    OpenRule.CONTINUOUS: Decision(
        "continuous days", "each runs from the start's time of day to the same, a day on"
    ),
    OpenRule.MONTH_END: Decision(
        "months after the 31st", "shorter months end on their last day, then the 31st again"
    ),
    OpenRule.DST_DAYS: Decision(
        "days over a clock change", "turns of days and weeks keep the wall clock"
    ),
    OpenRule.DST_HOURS: Decision("hours over a clock change", "turns of hours are elapsed time"),
    OpenRule.HANDOFF_ZERO: Decision(
        "handoff 0", "no handoff, where the start is at another time of the week"
    ),
    OpenRule.OVERNIGHT: Decision("hours over midnight", "the window ends on the next day"),
    OpenRule.OVER_WEEKEND: Decision(
        "hours over the week's end", "the window ends in the next week"
    ),
    OpenRule.UNION: Decision("layers at the same time", "everyone on any of them is on call"),
    OpenRule.OVERRIDES: Decision(
        "overrides of one weight", "where they overlap, everyone on them is on call"
    ),
    OpenRule.EMPTY_GROUP: Decision("turns for nobody", "a group without people is refused"),
}
"""Other files of this room carry out the decisions; this table has the words."""


def shown_by(schedule: Schedule, calendar: Calendar, timezone: str) -> frozenset[OpenRule]:
    """The open rules that the shifts of a schedule in a window show, as far as these go.

    A rule is shown where another reading of it would give other shifts, by and large.
    """
    found = {rule for layer in schedule.layers for rule in _of_layer(layer, calendar, timezone)}
    if _overlap([lane for lane in calendar.lanes if not lane.override]):
        found.add(OpenRule.UNION)
    if _tie(schedule.overrides, calendar):
        found.add(OpenRule.OVERRIDES)
    return frozenset(found)


def _of_layer(layer: Layer, calendar: Calendar, timezone: str) -> Iterator[OpenRule]:
    start = max(calendar.start, layer.start)
    end = calendar.end if layer.end is None else min(calendar.end, layer.end)
    if start >= end:
        return
    yield from _of_hours(layer.hours)
    yield from _of_days(layer, timezone)
    if (layer.days or layer.hours) and _offset(start, timezone):
        yield OpenRule.ZONE
    if len(layer.groups) < 2:
        return
    if layer.rotation.unit is Unit.MONTH and _shorter_month(layer, start, end, timezone):
        yield OpenRule.MONTH_END
    if _offset(start, timezone) != _offset(end, timezone):
        yield OpenRule.DST_HOURS if layer.rotation.unit is Unit.HOUR else OpenRule.DST_DAYS


def _of_hours(hours: Hours | None) -> Iterator[OpenRule]:
    if hours and any(closes <= opens for opens, closes in hours.windows):
        yield OpenRule.OVERNIGHT if hours.every == "day" else OpenRule.OVER_WEEKEND


def _of_days(layer: Layer, timezone: str) -> Iterator[OpenRule]:
    if not layer.days or len(layer.days) == _WHOLE_WEEK:
        return
    if layer.continuous and clock(timezone).wall(layer.start) % DAY:
        yield OpenRule.CONTINUOUS
    if len(layer.groups) > 1:
        yield OpenRule.EXCLUDED_DAYS if counts_included_days(layer) else OpenRule.MASKED_TURNS


def _shorter_month(layer: Layer, start: int, end: int, timezone: str) -> bool:
    """Whether a month that lacks the day of the layer's start ends in the window."""
    day = wall(layer.start, timezone).day
    at, last = wall(start, timezone).replace(day=1), wall(end, timezone)
    while (following := (at + timedelta(days=32)).replace(day=1)) <= last:
        if (following - timedelta(days=1)).day < day:
            return True
        at = following
    return False


def _tie(overrides: Sequence[Override], calendar: Calendar) -> bool:
    """Whether two overrides of one weight overlap in the window: the higher weight would decide."""
    return any(
        one.weight == other.weight
        and max(one.start, other.start, calendar.start) < min(one.end, other.end, calendar.end)
        for one, other in combinations(overrides, 2)
    )


def _overlap(lanes: Sequence[Lane]) -> bool:
    """Whether two lanes have different people on call at one time."""
    return any(_meet(one.shifts, other.shifts) for one, other in combinations(lanes, 2))


def _meet(some: Sequence[Shift], others: Sequence[Shift]) -> bool:
    ordered = sorted((*some, *others), key=lambda shift: (shift.start, shift.end))
    return any(one.end > other.start for one, other in pairwise(ordered))


def _offset(instant: int, timezone: str) -> int:
    return clock(timezone).wall(instant) - instant
