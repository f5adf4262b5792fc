"""What an entry of the audit log says about a schedule: the body of the request, maybe cut."""

from __future__ import annotations

import json
from typing import Any

from flashsync.api import shapes
from flashsync.api.shapes import Raw, WrongShape
from flashsync.api.wire_layers import OVERRIDE, ROTATION, read_override
from flashsync.state.audit import AuditEntry
from flashsync.state.schedule import Override


def is_about(entry: AuditEntry, schedule: int) -> bool:
    """Whether it is about the schedule of that id, as far as its body shows.

    **Guess**: the body is that of the request, so it names the schedule in `schedule_id`. One that
    was cut is about any schedule whose id stands in it.
    """
    body = _parsed(entry.body)
    if body is None:
        return str(schedule) in entry.body
    return isinstance(body, dict) and body.get("schedule_id") == schedule


def overrides_in(entry: AuditEntry) -> tuple[Override, ...] | None:
    """The override layers that were sent; None where that cannot be read."""
    body = _parsed(entry.body)
    if not isinstance(body, dict):
        return None
    try:
        found = shapes.objects(body, "layers", _override)
    except WrongShape:
        return None
    return tuple(one for one in found if one is not None)


def _override(layer: Raw) -> Override | None:
    mode = shapes.integer(layer, "mode", default=ROTATION)
    return read_override(layer) if mode == OVERRIDE else None


def _parsed(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
