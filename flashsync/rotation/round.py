"""How long it takes until each group has had its turn."""

from __future__ import annotations

from flashsync.model.schedule import Layer
from flashsync.model.timezone import DAY
from flashsync.rotation.turns import next_handoff

LONGEST = 400 * DAY
"""Seconds: a round is not followed further."""


def round_end(layer: Layer, timezone: str, at: int) -> int:
    """The instant at which one full round is complete that is counted from `at` (Unix seconds).

    From the layer's start where that is later; never beyond its end, or `LONGEST`. Where the layer
    has ended, that is `at`.
    """
    reached, latest = max(at, layer.start), at + LONGEST
    if reached >= latest:
        return latest
    for _ in layer.groups:
        following = next_handoff(layer, timezone, reached)
        if following is None:
            return max(at, min(layer.end or latest, latest))
        if following >= latest:
            return latest
        reached = following
    return reached
