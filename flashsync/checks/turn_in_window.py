"""Turns that change inside a window of `hours`, so that two people share one window."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import gcd

from flashsync.checks.model import Case, CheckFinding, CheckSettings, time_of_day
from flashsync.model import wording
from flashsync.model.schedule import Hours, Layer, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK, time_of_week, wall_seconds_at

EVERY_DAY = 7
_STEPS = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: WEEK, Unit.MONTH: DAY}
"""The seconds of a unit within a week; turns of months may change on any day of it."""


def turn_in_window(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds the first such change of each layer; `masked_midnight` reports lost mornings."""
    for index, layer in case.running_layers():
        if layer.hours is None or not changes_hands(layer):
            continue
        if not layer.continuous and find_night_window(layer) is not None:
            continue
        day_starts = time_of_week(layer.start, case.zone) % DAY if layer.continuous else 0
        first, step = find_turn_changes(layer, case.zone)
        split = _find_split(first, step, layer.days, day_starts, layer.hours)
        if split is not None:
            change, window = split
            written = wording.hours(Hours(layer.hours.every, (window,)))
            message = (
                f"turns of layer `{layer.name}` change at {change}, inside its hours {written}"
            )
            remedy = "let turns change where a window begins"
            yield CheckFinding(message, remedy, ("layers", index, "hours"))


@lru_cache(4096)
def _find_split(
    first: int, step: int, days: frozenset[int] | None, day_starts: int, hours: Hours
) -> tuple[str, tuple[int, int]] | None:
    """A change of turns that is strictly inside a window, with that window.

    `first` and `step` come from `find_turn_changes`; days of a mask begin at `day_starts`.
    """
    for change in range(first, WEEK, step):
        before = (change - 1) % WEEK
        if days and not all(_is_included(at - day_starts, days) for at in (before, change)):
            continue
        for window in hours.windows:
            if _is_inside(hours, window, before) and _is_inside(hours, window, change):
                weekly = step == WEEK
                return wording.time_of_week(change) if weekly else time_of_day(change), window
    return None


def _is_included(at: int, days: frozenset[int]) -> bool:
    """Whether a time of the week is on a day of the mask; its Sunday is 0."""
    return (at % WEEK // DAY + 1) % EVERY_DAY in days


def _is_inside(hours: Hours, window: tuple[int, int], at: int) -> bool:
    opens, closes = window
    at %= DAY if hours.every == "day" else WEEK
    return opens <= at < closes if closes > opens else at >= opens or at < closes


# When turns change, and which windows run over midnight: other checks of windows ask this, too.


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
