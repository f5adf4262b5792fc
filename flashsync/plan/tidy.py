"""What a schedule does not need any more: ended links of chains, and past overrides of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flashsync.model import wording
from flashsync.model.schedule import Layer, Override, Schedule
from flashsync.plan.model import Change, Target
from flashsync.plan.words import Words


def tidied(target: Target, live: Schedule, before: int) -> Target:
    """The target without what ended by then (Unix seconds); console overrides are not its own.

    A schedule keeps at least one layer.
    """
    pairs = list(zip(target.schedule.layers, target.origins, strict=True))
    kept = [pair for pair in pairs if not _over(pair[1], live, before)] or pairs[-1:]
    schedule = replace(target.schedule, layers=tuple(layer for layer, _ in kept))
    return Target(schedule, tuple(origin for _, origin in kept), before)


def dropped(target: Target, live: Schedule, words: Words) -> Iterator[Change]:
    """What a tidied target drops, in the words of a plan."""
    kept = set(target.origins)
    for place, layer in enumerate(live.layers):
        if place not in kept:
            text = f"link of {_span(layer, words)}"
            yield Change(f"layers[{layer.name}]", text, None, f"- {text}")
    for one in live.our_overrides:
        if target.forgotten is not None and one.past(target.forgotten):
            text = words.override(one)
            yield Change("overrides", text, None, f"- {text}")


def _over(origin: int | None, live: Schedule, before: int) -> bool:
    return origin is not None and live.layers[origin].ended(before)


def _span(layer: Layer | Override, words: Words) -> str:
    """`2026-01-05 10:00 – 2026-03-02 10:00`."""
    ends = (layer.start, layer.end)
    return " – ".join(wording.time(at, words.timezone) for at in ends if at is not None)
