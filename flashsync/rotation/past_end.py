"""A file's layer whose `end` has passed, while its live chain still runs: it ends now.

Only what comes is changed. The end that the file gives would take shifts out of the calendar's
past, so the chain ends at the first half-hour after the write instead, whatever the rollout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.model import wording
from flashsync.model.desired import RolloutKind
from flashsync.model.schedule import Layer
from flashsync.rotation.cut import Cut, Link, Note, Rolled
from flashsync.rotation.handoffs import HALF_HOUR, next_half_hour
from flashsync.rotation.last_link import renamed
from flashsync.rotation.situation import EARLIEST, Situation


def soonest_end(now: int, timezone: str) -> int:
    """When a layer that should have ended can end: a whole half-hour that a write comes before."""
    return next_half_hour(now + EARLIEST, timezone)


def end_now(chain: Sequence[Layer], layer: Layer, at: Situation) -> Rolled:
    """End a chain that still runs, and drop its links that have not begun.

    A chain that ends as soon anyway is no difference; nothing else of the layer is compared.
    """
    links = [Link(one, place) for place, one in enumerate(chain)]
    last = chain[-1].end
    if last is not None and last <= at.now + EARLIEST + HALF_HOUR:
        return Rolled(tuple(links))
    end = soonest_end(at.now, at.timezone)
    begun = [one for one in links if one.layer.start < end]
    if not begun or begun[-1].layer.ended(at.now):
        return Rolled(tuple(begun))
    left = renamed(begun, layer.name, at)
    running = left[-1].layer
    if running.end is None or running.end > end:
        left[-1] = replace(left[-1], layer=replace(running, end=end))
    cut = Cut(layer.name, end, None, how=RolloutKind.NOW, past_end=True)
    return Rolled(tuple(left), (cut,), (_note(layer, end, at),))


def _note(layer: Layer, end: int, at: Situation) -> Note:
    declared, ends = (wording.time(one, at.timezone) for one in (layer.end or 0, end))
    return Note(
        f"layers[{layer.name}].end, {declared}, has passed while the layer runs: it ends at "
        f"{ends}, and who was on call until then stays as it is"
    )
