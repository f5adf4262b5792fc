"""The overrides that a write of the audit log sent, as far as its body shows them."""

from __future__ import annotations

import json

from flashsync.api import shapes
from flashsync.api.shapes import Raw, WrongShape
from flashsync.api.wire_layers import OVERRIDE, ROTATION, read_override
from flashsync.model.audit import AuditEntry
from flashsync.model.schedule import Override


def overrides_in(entry: AuditEntry) -> tuple[Override, ...] | None:
    """The override layers that were sent; None where that cannot be read."""
    try:
        body = shapes.whole(json.loads(entry.body))
        found = shapes.objects(body, "layers", _override)
    except (WrongShape, ValueError, RecursionError):
        return None
    return tuple(one for one in found if one is not None)


def _override(layer: Raw) -> Override | None:
    mode = shapes.integer(layer, "mode", default=ROTATION)
    return read_override(layer) if mode == OVERRIDE else None
