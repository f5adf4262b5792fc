"""`days` without `continuous`, which cuts turns and windows at 00:00."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.model import Case, CheckFinding, CheckSettings, time_of_day
from flashsync.checks.turn_in_window import EVERY_DAY, find_night_window, find_turn_changes
from flashsync.model import wording
from flashsync.model.schedule import Hours, Layer, Unit
from flashsync.model.timezone import DAY, WEEK, time_of_week


def masked_midnight(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds windows that lose a morning, and turns that begin at another time than `start`."""
    for index, layer in case.running_layers():
        if layer.days is None or layer.continuous:
            continue
        if (night := find_night_window(layer)) is not None:
            window = wording.hours(Hours("day", (night,)))
            message = (
                f"`days` end at 24:00, so the window {window} of layer `{layer.name}` "
                "loses the morning after the last day"
            )
            yield CheckFinding(message, _suggest_week_hours(layer), ("layers", index, "hours"))
        elif layer.hours is None and layer.rotation.unit is Unit.DAY:
            start = time_of_week(layer.start, case.zone) % DAY
            if start and find_turn_changes(layer, case.zone) == (0, DAY):
                message = (
                    f"with `days`, turns of layer `{layer.name}` change at 00:00, "
                    f"and not at {time_of_day(start)} as its `start` suggests"
                )
                remedy = "start at 00:00, or add `continuous: true`"
                yield CheckFinding(message, remedy, ("layers", index, "start"))


def _suggest_week_hours(layer: Layer) -> str:
    """The layer's days and daily hours as hours of the week, and what that does to turns."""
    from flashsync.rotation.turns import counts_included_days

    written = wording.hours(Hours("week", tuple(_convert_to_week(layer))))
    written = f"[{written}]" if ", " in written else written
    remedy = f"for all nights that begin on these days write `hours: {written}`, without `days`"
    if counts_included_days(layer):
        remedy += "; turns then count all days, so others may be on call"
    return remedy


def _convert_to_week(layer: Layer) -> Iterator[tuple[int, int]]:
    """The daily windows that begin on a day of the mask, in seconds of the week, from Monday on."""
    for day in sorted((day - 1) % EVERY_DAY for day in layer.days or ()):
        for opens, closes in layer.hours.windows if layer.hours else ():
            at = day * DAY + opens
            yield at, (at + ((closes - opens) % DAY or DAY)) % WEEK or WEEK
