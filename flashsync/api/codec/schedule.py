"""A schedule and its shifts on the wire, to and from `model` (api.md, A schedule on the wire).

Reading accepts every form that means the same, drops what the server derives or deprecates, and
puts everything that is not translated into `carried`. Writing gives every declarable field
explicitly, so that an emptied field is really emptied, and what was carried as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw
from flashsync.api.codec.layers import (
    OVERRIDE,
    ROTATION,
    read_layer,
    read_members,
    read_override,
    write_layer,
    write_override,
)
from flashsync.api.codec.notify import read_notify, write_notify
from flashsync.model.calendar import Calendar, Lane, Shift, merged, together
from flashsync.model.schedule import (
    NO_TEAM,
    Layer,
    Override,
    Schedule,
    Stamp,
    canonical_description,
)

_DECLARED = frozenset(
    {"schedule_id", "schedule_name", "description", "team_id", "layers", "notify"}
)
_MIRRORS = frozenset({"id", "name", "group_id"})
_STAMPS = frozenset({"create_at", "create_by", "update_at", "update_by", "account_id"})
_DEPRECATED = frozenset({"status", "disabled"})
_COMPUTED = frozenset(
    {"schedule_layers", "layer_schedules", "final_schedule", "cur_oncall", "next_oncall"}
)
_KNOWN = _DECLARED | _MIRRORS | _STAMPS | _DEPRECATED | _COMPUTED


def read_schedule(raw: Raw, timezone: str) -> Schedule:
    """The schedule that an answer holds; `timezone` is the account's.

    Raises WrongShape, with the path, where a value is of another type than documented; inside
    `Client.fetch` that becomes a NotTheService.
    """

    def read(layer: Raw) -> Layer | Override:
        mode = json_fields.integer(layer, "mode", default=ROTATION)
        if mode == ROTATION:
            return read_layer(layer, timezone)
        if mode == OVERRIDE:
            return read_override(layer)
        raise json_fields.WrongShape("mode", "0 or 1", mode)

    layers = json_fields.objects(raw, "layers", read)
    text = json_fields.text(raw, "description")
    carried = json_fields.rest(raw, _KNOWN)
    if text != canonical_description(text):
        carried = {**carried, "description": text}
    return Schedule(
        name=read_name(raw),
        description=canonical_description(text),
        team=read_team(raw),
        layers=tuple(layer for layer in layers if isinstance(layer, Layer)),
        overrides=tuple(layer for layer in layers if isinstance(layer, Override)),
        notify=json_fields.inside(raw, "notify", read_notify),
        id=json_fields.integer(raw, "schedule_id", "id", default=0) or None,
        stamp=read_stamp(raw),
        disabled=json_fields.flag(raw, "disabled"),
        carried=carried,
    )


def read_name(raw: Raw) -> str:
    """The name of a schedule, each character as it came."""
    return json_fields.text(raw, "schedule_name", "name", default=None)


def read_team(raw: Raw) -> int:
    """The team's id. **Open** in api.md: no team; 0 and null are read alike, and 0 is sent."""
    return json_fields.integer(raw, "team_id", "group_id", default=NO_TEAM)


def read_stamp(raw: Raw) -> Stamp:
    """Who wrote it last, and when."""
    return Stamp(
        by=json_fields.integer(raw, "update_by", default=0),
        at=json_fields.integer(raw, "update_at", default=0),
    )


def as_stored(schedule: Schedule, timezone: str) -> Schedule:
    """The layers and overrides of a schedule as they read back once it was sent; nothing else."""
    rota = Schedule(schedule.name, layers=schedule.layers, overrides=schedule.overrides)
    return read_schedule(write_schedule(rota), timezone)


def write_schedule(schedule: Schedule) -> dict[str, Any]:
    """The body of create, update and preview, rotation layers first (api.md, `mode`).

    Raises AssertionError, a bug, where a secret could not be sent (see notify.py).
    """
    layers = [write_layer(layer) for layer in schedule.layers]
    layers += [write_override(override) for override in schedule.overrides]
    body = dict(schedule.carried)
    if schedule.id is not None:
        body["schedule_id"] = schedule.id
    body["schedule_name"] = schedule.name
    # With its outer spaces, which are sent back where nothing else differs.
    came = body.get("description", "")
    same_text = canonical_description(came) == schedule.description
    body["description"] = came if same_text else schedule.description
    body["team_id"] = schedule.team
    body["layers"] = layers
    body["notify"] = write_notify(schedule.notify)
    return body


# Computed shifts (api.md, A schedule on the wire, Computed shifts).


def read_shifts(raw: Raw, start: int, end: int, *, lanes: bool = True) -> Calendar:
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
