"""Turns and hours of duty that cut into each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import gcd

from flashsync.checks.finding_text import time_of_day
from flashsync.checks.model import Case, CheckFinding, CheckSettings
from flashsync.model import wording
from flashsync.model.schedule import Hours, Layer, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK, time_of_week, wall_seconds_at

_EVERY_DAY = 7
_STEPS = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: WEEK, Unit.MONTH: DAY}
"""The seconds of a unit within a week; turns of months may change on any day of it."""


def masked_midnight(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """`days` without `continuous` cut at 00:00: turns that begin at another time, and nights."""
    del settings
    for place, layer in _running(case):
        if layer.days is None or layer.continuous:
            continue
        if (night := _night(layer)) is not None:
            message = (
                f"`days` end at 24:00, so the window {_written(night)} of layer `{layer.name}` "
                "loses the morning after the last day"
            )
            yield CheckFinding(message, _whole_nights(layer, case.zone), ("layers", place, "hours"))
        elif layer.hours is None and layer.rotation.unit is Unit.DAY:
            start = time_of_week(layer.start, case.zone) % DAY
            if start and _boundaries(layer, case.zone) == (0, DAY):
                message = (
                    f"with `days`, turns of layer `{layer.name}` change at 00:00, "
                    f"and not at {time_of_day(start)} as its `start` suggests"
                )
                remedy = "start at 00:00, or add `continuous: true`"
                yield CheckFinding(message, remedy, ("layers", place, "start"))


def turn_in_window(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """A turn changes inside a window of `hours`, so that two people share one window."""
    del settings
    for place, layer in _running(case):
        if layer.hours is None or not changes_hands(layer) or _loses_mornings(layer):
            continue
        cut = time_of_week(layer.start, case.zone) % DAY if layer.continuous else 0
        found = _inside(*_boundaries(layer, case.zone), layer.days, cut, layer.hours)
        if found is not None:
            at, window = found
            written = wording.hours(Hours(layer.hours.every, (window,)))
            message = f"turns of layer `{layer.name}` change at {at}, inside its hours {written}"
            remedy = "let turns change where a window begins"
            yield CheckFinding(message, remedy, ("layers", place, "hours"))


def changes_hands(layer: Layer) -> bool:
    """Whether its turns bring somebody else, or the same people in other roles."""
    return len({group.members for group in layer.groups}) > 1


def _running(case: Case) -> Iterator[tuple[int, Layer]]:
    """The layers of the file that are not over, each with its place."""
    wanted = case.wanted
    for place, layer in enumerate(wanted.layers if wanted else ()):
        if not layer.ended(case.now):
            yield place, layer


def _night(layer: Layer) -> tuple[int, int] | None:
    """A daily window over midnight, where the mask leaves a day out."""
    if layer.hours is None or layer.days is None or len(layer.days) == _EVERY_DAY:
        return None
    return next((window for window in layer.hours.windows if window[1] <= window[0]), None)


def _whole_nights(layer: Layer, timezone: str) -> str:
    """The layer's own days and daily hours as hours of the week, and what turns make of that."""
    windows = tuple(_nights_of_week(layer))
    written = wording.hours(Hours("week", windows))
    written = f"[{written}]" if ", " in written else written
    remedy = f"for all nights that begin on these days write `hours: {written}`, without `days`"
    if _counts_included_days(layer):
        remedy += "; turns then count all days, so others may be on call"
    return remedy


def _nights_of_week(layer: Layer) -> Iterator[tuple[int, int]]:
    """The daily windows that begin on a day of the mask, in seconds of the week, from Monday on."""
    for day in sorted((day - 1) % _EVERY_DAY for day in layer.days or ()):
        for opens, closes in layer.hours.windows if layer.hours else ():
            length = (closes - opens) % DAY or DAY
            at = day * DAY + opens
            yield at, (at + length) % WEEK or WEEK


def _counts_included_days(layer: Layer) -> bool:
    """Whether turns count only the days of the mask."""
    from flashsync.rotation.cadence import counts_included_days  # few layers need it

    return counts_included_days(layer)


def _loses_mornings(layer: Layer) -> bool:
    return not layer.continuous and _night(layer) is not None


def _boundaries(layer: Layer, timezone: str) -> tuple[int, int]:
    """When turns change: a time of the week, and after how many seconds of it again."""
    start = time_of_week(layer.start, timezone)
    if layer.days and layer.rotation.unit is Unit.DAY:
        from flashsync.rotation.cadence import day_cut

        if _counts_included_days(layer):
            return day_cut(layer, wall_seconds_at(layer.start, timezone)), DAY
    if layer.rotation.unit is Unit.MONTH:
        return start % DAY, DAY
    first = start if layer.handoff is None else layer.handoff
    step = gcd(layer.rotation.value * _STEPS[layer.rotation.unit], WEEK)
    return first % step, step


def _written(window: tuple[int, int]) -> str:
    return wording.hours(Hours("day", (window,)))


@lru_cache(4096)
def _inside(
    first: int, step: int, days: frozenset[int] | None, cut: int, hours: Hours
) -> tuple[str, tuple[int, int]] | None:
    """A change of turns that is strictly inside a window, with that window.

    `first` and `step` are of `_boundaries`; the days of a mask begin at the time of day `cut`.
    """
    for boundary in range(first, WEEK, step):
        before = (boundary - 1) % WEEK
        if days and not all(_masked_in(at - cut, days) for at in (before, boundary)):
            continue
        for window in hours.windows:
            if _holds(hours, window, before) and _holds(hours, window, boundary):
                once = step == WEEK
                at = wording.time_of_week(boundary) if once else time_of_day(boundary)
                return at, window
    return None


def _masked_in(at: int, days: frozenset[int]) -> bool:
    """Whether a time of the week is on a day of the mask, whose Sunday is 0."""
    return (at % WEEK // DAY + 1) % _EVERY_DAY in days


def _holds(hours: Hours, window: tuple[int, int], at: int) -> bool:
    """Whether a time of the week is in a window."""
    period = DAY if hours.every == "day" else WEEK
    opens, closes = window
    at %= period
    return opens <= at < closes if closes > opens else at >= opens or at < closes
