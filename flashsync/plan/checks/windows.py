"""Turns and hours of duty that cut into each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import gcd

from flashsync.plan.checks.model import Case, Finding, Settings
from flashsync.plan.checks.wording import time_of_day
from flashsync.state import notation
from flashsync.state.schedule import Hours, Layer, Rotation, Unit
from flashsync.state.zone import DAY, HOUR, WEEK, time_of_week

_EVERY_DAY = 7
_STEPS = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: WEEK, Unit.MONTH: DAY}
"""The seconds of a unit within a week; turns of months may change on any day of it."""


def masked_midnight(case: Case, settings: Settings) -> Iterator[Finding]:
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
            remedy = "name the days in `hours`, as in mon-fri 18:00-09:00, and leave `days` out"
            yield Finding(message, remedy, ("layers", place, "hours"))
        elif layer.hours is None and _counts_days(layer):
            start = time_of_week(layer.start, case.zone) % DAY
            if start:
                message = (
                    f"with `days`, turns of layer `{layer.name}` change at 00:00, "
                    f"and not at {time_of_day(start)} as its `start` suggests"
                )
                remedy = "start at 00:00, or add `continuous: true`"
                yield Finding(message, remedy, ("layers", place, "start"))


def turn_in_window(case: Case, settings: Settings) -> Iterator[Finding]:
    """A turn changes inside a window of `hours`, so that two people share one window."""
    del settings
    for place, layer in _running(case):
        if layer.hours is None or len(layer.groups) < 2 or _loses_mornings(layer):
            continue
        start = time_of_week(layer.start, case.zone)
        days = tuple(sorted(layer.days)) if layer.days else None
        found = _inside(layer.rotation, layer.handoff, start, days, layer.continuous, layer.hours)
        if found is not None:
            at, window = found
            written = notation.hours(Hours(layer.hours.every, (window,)))
            message = f"turns of layer `{layer.name}` change at {at}, inside its hours {written}"
            remedy = "let turns change where a window begins"
            yield Finding(message, remedy, ("layers", place, "hours"))


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


def _loses_mornings(layer: Layer) -> bool:
    return not layer.continuous and _night(layer) is not None


def _counts_days(layer: Layer) -> bool:
    """Whether turns are counted in days of the mask, which begin at 00:00 (api.md, rule 3)."""
    return layer.rotation.unit is Unit.DAY and layer.handoff is None


def _written(window: tuple[int, int]) -> str:
    return notation.hours(Hours("day", (window,)))


@lru_cache(4096)
def _inside(
    rotation: Rotation,
    handoff: int | None,
    start: int,
    days: tuple[int, ...] | None,
    continuous: bool,
    hours: Hours,
) -> tuple[str, tuple[int, int]] | None:
    """A change of turns that is strictly inside a window, with that window.

    `start` and `handoff` are times of the week.
    """
    counted = days is not None and rotation.unit is Unit.DAY and handoff is None
    cut = start % DAY if continuous else 0
    if counted:
        first, step = cut, DAY
    elif rotation.unit is Unit.MONTH:
        first, step = start, DAY
    else:
        first = start if handoff is None else handoff
        step = gcd(rotation.value * _STEPS[rotation.unit], WEEK)
    for boundary in range(first % step, WEEK, step):
        before = (boundary - 1) % WEEK
        if days and not all(
            (at - cut) % WEEK // DAY in _from_monday(days) for at in (before, boundary)
        ):
            continue
        for window in hours.windows:
            if _holds(hours, window, before) and _holds(hours, window, boundary):
                whole_week = step == WEEK
                return (
                    notation.time_of_week(boundary) if whole_week else time_of_day(boundary),
                    window,
                )
    return None


def _from_monday(days: tuple[int, ...]) -> set[int]:
    """A mask's days, Sunday 0, as days from Monday."""
    return {(day - 1) % 7 for day in days}


def _holds(hours: Hours, window: tuple[int, int], at: int) -> bool:
    """Whether a time of the week is in a window."""
    period = DAY if hours.every == "day" else WEEK
    opens, closes = window
    at %= period
    return opens <= at < closes if closes > opens else at >= opens or at < closes
