"""What a schedule does not need any more: ended links of chains, and past overrides of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flashsync.model import wording
from flashsync.model.schedule import Schedule
from flashsync.plan.model import Change, ChangeKind, Target
from flashsync.plan.words import Words


def drop_ended(target: Target, live: Schedule, before: int) -> Target:
    """The target without what ended by then (Unix seconds); console overrides are not its own.

    A schedule keeps at least one layer.
    """
    pairs = list(zip(target.schedule.layers, target.origins, strict=True))
    kept = [pair for pair in pairs if not _over(pair[1], live, before)] or pairs[-1:]
    schedule = replace(target.schedule, layers=tuple(layer for layer, _ in kept))
    origins = tuple(origin for _, origin in kept)
    return replace(target, schedule=schedule, origins=origins, forgotten=before)


def list_dropped(target: Target, live: Schedule, words: Words) -> Iterator[Change]:
    """What a tidied target drops, in the words of a plan."""
    kept = set(target.origins)
    for place, layer in enumerate(live.layers):
        if place not in kept:
            link = {
                key: wording.time(at, words.timezone)
                for key, at in (("start", layer.start), ("end", layer.end))
                if at is not None
            }
            yield Change(f"layers[{layer.name}]", ChangeKind.ENDED_LINK, link)
    for one in live.our_overrides:
        if target.forgotten is not None and one.past(target.forgotten):
            yield Change("overrides", ChangeKind.REMOVED, words.override(one))


def _over(origin: int | None, live: Schedule, before: int) -> bool:
    return origin is not None and live.layers[origin].ended(before)
