"""Layers that end: gone from the file, or still running although their `end` has passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.model import wording
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.schedule import Layer
from flashsync.rotation.rollout.handoffs import (
    HALF_HOUR,
    PLATFORM_WINDOW,
    find_handoffs,
    next_half_hour,
)
from flashsync.rotation.rollout.links import keep_links, rename_links
from flashsync.rotation.rollout.model import EARLIEST, Cut, Note, Refusal, Rolled, Situation


def end_gone(chain: Sequence[Layer], rollout: Rollout, at: Situation) -> Rolled:
    """End a chain that the file does not have, at the cut. Ended links stay."""
    links = keep_links(chain)
    ended = tuple(link for link in links if link.layer.ended(at.now))
    moment = at.moment(rollout)
    waits = moment is not None and moment > at.now and chain[0].begun(at.now)
    runs = any(layer.begun(at.now) and not layer.ended(at.now) for layer in chain)
    if len(ended) == len(chain) or rollout.exact or not (waits or runs):
        return Rolled(ended)
    cut = _next_end(chain, at) if moment is None else moment
    if cut is None:
        # No handoff of a fair layer may be known because it ends before: then it ends anyway.
        ends = at.computed is not None and chain[-1].ended(at.now + PLATFORM_WINDOW)
        return Rolled(links, refusals=() if ends else (_refuse(chain[-1].name),))
    left = [link for link in links if link.layer.start < cut]
    last = left[-1].layer if left else None
    if last is not None and (last.end is None or last.end > cut):
        left[-1] = replace(left[-1], layer=replace(last, end=cut))
    if tuple(left) == links:
        return Rolled(links)
    return Rolled(tuple(left), (Cut(chain[-1].name, cut, None),))


def _next_end(chain: Sequence[Layer], at: Situation) -> int | None:
    """The next handoff, on the half-hour."""
    running = max(index for index, link in enumerate(chain) if link.begun(at.now))
    since = at.now + at.earliest
    handoff = next(find_handoffs(chain, at.computed, at.timezone, since, running), None)
    return None if handoff is None else next_half_hour(handoff.at, at.timezone)


def _refuse(name: str) -> Refusal:
    return Refusal(
        f"the file has no layers[{name}], which is `fair`: when its turn ends is not known",
        "give a date and time as the schedule's `rollout`, write an `end`, or put the layer back",
    )


def end_now(chain: Sequence[Layer], layer: Layer, at: Situation) -> Rolled:
    """End a chain that still runs though its `end` has passed, and drop links that have not begun.

    Only what comes is changed: the end in the file would change the calendar's past, so the chain
    ends at the first half-hour after the write, whatever the rollout. A chain that ends
    as soon anyway is unchanged; nothing else of the layer is compared.
    """
    links, last = keep_links(chain), chain[-1].end
    if last is not None and last <= at.now + EARLIEST + HALF_HOUR:
        return Rolled(links)
    end = soonest_end(at.now, at.timezone)
    begun = [link for link in links if link.layer.start < end]
    if not begun or begun[-1].layer.ended(at.now):
        return Rolled(tuple(begun))
    left = rename_links(begun, layer.name, at)
    running = left[-1].layer
    if running.end is None or running.end > end:
        left[-1] = replace(left[-1], layer=replace(running, end=end))
    declared, ends = (wording.time(instant, at.timezone) for instant in (layer.end or 0, end))
    note = Note(
        f"layers[{layer.name}].end, {declared}, has passed while the layer runs: it ends at "
        f"{ends}, and who was on call until then stays as it is"
    )
    cut = Cut(layer.name, end, None, how=RolloutKind.NOW, past_end=True)
    return Rolled(tuple(left), (cut,), (note,))


def soonest_end(now: int, timezone: str) -> int:
    """When a layer that should have ended can end: a whole half-hour that a write comes before."""
    return next_half_hour(now + EARLIEST, timezone)
