"""The computed part of an answer: the shifts of a window, and who is on call now and next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flashsync.sandbox.answers import Answers, Json
from flashsync.sandbox.calendar import Calendar
from flashsync.sandbox.counter import Shift, final_shifts, layer_shifts
from flashsync.sandbox.model import Layer

DAY: Final = 86400
LOOK_AHEAD: Final = (15 * DAY, 45 * DAY)


def computed(
    answers: Answers, layers: Sequence[Layer], calendar: Calendar, window: tuple[int, int], now: int
) -> Json:
    """`schedule_layers`, its alias, `final_schedule`, `cur_oncall` and `next_oncall`.

    `final_schedule` has the shape of one nameless layer, as a published answer shows.
    """
    by_layer = [
        _row(answers, layer.name, layer.mode, layer_shifts(layer, calendar, *window))
        for layer in layers
    ]
    current, following = now_and_next(layers, calendar, now)
    return {
        "schedule_layers": by_layer,
        "layer_schedules": by_layer,
        "final_schedule": _row(answers, "", 0, final_shifts(layers, calendar, *window)),
        "cur_oncall": _duty(answers, current),
        "next_oncall": _duty(answers, following),
    }


def now_and_next(
    layers: Sequence[Layer], calendar: Calendar, now: int
) -> tuple[Shift | None, Shift | None]:
    """The shift of this moment, cut to begin now, and the first one after it.

    guess: how far ahead the platform looks; here 45 days, in growing steps to stay quick.
    """
    current = following = None
    for ahead in LOOK_AHEAD:
        shifts = final_shifts(layers, calendar, now, now + ahead)
        current = shifts[0] if shifts and shifts[0].start == now else None
        rest = shifts[1:] if current else shifts
        following = rest[0] if rest else None
        if following and following.end < now + ahead:
            break
    return current, following


def _row(answers: Answers, name: str, mode: int, shifts: Sequence[Shift]) -> Json:
    return {
        "layer_name": name,
        "name": name,
        "mode": mode,
        "schedules": [_shift(answers, shift) for shift in shifts] or _none(answers),
    }


def _none(answers: Answers) -> list[Any] | None:
    """No shifts at all. guess: a list that is always there, so "missing" answers it empty."""
    return None if answers.options.form == "null" else []


def _shift(answers: Answers, shift: Shift) -> Json:
    return {
        "start": shift.start,
        "end": shift.end,
        "group": answers.group(shift.group, shift.start, shift.end),
        "index": shift.index,
    }


def _duty(answers: Answers, shift: Shift | None) -> Json | None:
    """`cur_oncall` and `next_oncall`. Their `index` is 0 in published answers, whoever it is."""
    if shift is None:
        return None
    return {**_shift(answers, shift), "index": 0, "update_at": 0, "weight": 0}
