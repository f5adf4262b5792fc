"""Computed shifts on the wire (api.md, A schedule on the wire, Computed shifts)."""

from __future__ import annotations

from flashsync.api import shapes
from flashsync.api.shapes import Raw
from flashsync.api.wire_layers import OVERRIDE, ROTATION, read_group
from flashsync.state.schedule import Member
from flashsync.state.shift import Calendar, Lane, Shift, merged, together


def read_calendar(raw: Raw, start: int, end: int) -> Calendar:
    """The shifts of an answer that was asked for a window, clipped to it. Raises WrongShape."""
    lanes = shapes.objects(
        raw, "schedule_layers" if raw.get("schedule_layers") else "layer_schedules", _read_lane
    )
    final = _read_final(raw)
    return Calendar(
        start,
        end,
        tuple(
            Lane(lane.name, lane.override, tuple(_clipped(lane.shifts, start, end)))
            for lane in sorted(lanes, key=lambda lane: lane.override)
        ),
        merged(together(_clipped(final, start, end))),
    )


def _read_lane(raw: Raw) -> Lane:
    mode = shapes.integer(raw, "mode", default=ROTATION)
    name = shapes.text(raw, "layer_name", "name")
    return Lane(name, mode == OVERRIDE, shapes.objects(raw, "schedules", _read_shift))


def _read_final(raw: Raw) -> list[Shift]:
    """`final_schedule` has the shape of one nameless layer. **Guess**: or of several of them."""
    found = raw.get("final_schedule")
    parts = {"final_schedule": found if type(found) is list else [found] if found else []}
    lanes = shapes.objects(parts, "final_schedule", _read_lane)
    return [shift for lane in lanes for shift in lane.shifts]


def _read_shift(raw: Raw) -> Shift:
    return Shift(
        shapes.instant(raw, "start"),
        shapes.instant(raw, "end"),
        shapes.inside(raw, "group", _read_members),
        shapes.integer(raw, "index", default=0),
    )


def _read_members(raw: Raw) -> frozenset[Member]:
    return read_group(raw).members


def _clipped(shifts: list[Shift] | tuple[Shift, ...], start: int, end: int) -> list[Shift]:
    """The shifts within the window. **Guess**: the platform clips them; else it is done here."""
    return [
        Shift(max(one.start, start), min(one.end, end), one.members, one.index)
        for one in shifts
        if one.start < end and start < one.end
    ]
