"""When turns of a layer change, and which of its windows run over midnight."""

from __future__ import annotations

from math import gcd

from flashsync.model.schedule import Layer, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK, time_of_week, wall_seconds_at

EVERY_DAY = 7
_STEPS = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: WEEK, Unit.MONTH: DAY}
"""The seconds of a unit within a week; turns of months may change on any day of it."""


def changes_hands(layer: Layer) -> bool:
    """Whether turns differ in people or roles."""
    return len({group.members for group in layer.groups}) > 1


def find_night_window(layer: Layer) -> tuple[int, int] | None:
    """A daily window over midnight, where the mask leaves a day out."""
    if layer.hours is None or layer.days is None or len(layer.days) == EVERY_DAY:
        return None
    return next((window for window in layer.hours.windows if window[1] <= window[0]), None)


def find_turn_changes(layer: Layer, timezone: str) -> tuple[int, int]:
    """The first change of turns in a week, and the step to the next, in seconds."""
    start = time_of_week(layer.start, timezone)
    if layer.days and layer.rotation.unit is Unit.DAY:
        from flashsync.rotation.turns import counts_included_days, day_cut

        if counts_included_days(layer):
            return day_cut(layer, wall_seconds_at(layer.start, timezone)), DAY
    if layer.rotation.unit is Unit.MONTH:
        return start % DAY, DAY
    first = start if layer.handoff is None else layer.handoff
    step = gcd(layer.rotation.value * _STEPS[layer.rotation.unit], WEEK)
    return first % step, step
