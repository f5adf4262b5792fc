"""Computed shifts on the wire (api.md, A schedule on the wire, Computed shifts)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw
from flashsync.api.codec.layers import OVERRIDE, ROTATION, read_members
from flashsync.model.calendar import Calendar, Lane, Shift, merged, together


def read_calendar(raw: Raw, start: int, end: int, *, lanes: bool = True) -> Calendar:
    """The shifts of an answer that was asked for a window, clipped to it. Raises WrongShape.

    Without `lanes` only the final schedule is read: half of the shifts, as a rule.
    """
    key = "schedule_layers" if raw.get("schedule_layers") else "layer_schedules"
    read = json_fields.objects(raw, key, _read_lane) if lanes else ()
    return Calendar(
        start,
        end,
        tuple(
            replace(lane, shifts=tuple(_clipped(lane.shifts, start, end)))
            for lane in sorted(read, key=lambda lane: lane.override)
        ),
        merged(together(_clipped(_read_final(raw), start, end))),
    )


def _read_lane(raw: Raw) -> Lane:
    mode = json_fields.integer(raw, "mode", default=ROTATION)
    name = json_fields.text(raw, "layer_name", "name")
    return Lane(name, mode == OVERRIDE, json_fields.objects(raw, "schedules", _read_shift))


def _read_final(raw: Raw) -> list[Shift]:
    """`final_schedule` has the shape of one nameless layer. **Guess**: or of several of them."""
    final = raw.get("final_schedule")
    parts = {"final_schedule": final if type(final) is list else [final] if final else []}
    lanes = json_fields.objects(parts, "final_schedule", _read_lane)
    return [shift for lane in lanes for shift in lane.shifts]


def _read_shift(raw: Raw) -> Shift:
    return Shift(
        json_fields.instant(raw, "start"),
        json_fields.instant(raw, "end"),
        json_fields.inside(raw, "group", read_members),
        json_fields.integer(raw, "index", default=0),
    )


def _clipped(shifts: Sequence[Shift], start: int, end: int) -> list[Shift]:
    """The shifts within the window. **Guess**: the platform clips them; else it is done here."""
    return [
        shift
        if start <= shift.start and shift.end <= end
        else replace(shift, start=max(shift.start, start), end=min(shift.end, end))
        for shift in shifts
        if shift.start < end and start < shift.end
    ]
