"""Chains in the words of a plan: to the file, all links of one are one layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flashsync.model.schedule import Layer, Schedule
from flashsync.plan.target import Target
from flashsync.rotation.rollout.chains import Chain


@dataclass(frozen=True, slots=True)
class Shown:
    """An edit of a chain as one layer: `before` for the live layers of the places `live`, `after`
    for the layers to write of the places `written`. `before` is None where nothing of it runs."""

    live: Chain
    written: tuple[int, ...]
    before: Layer | None
    after: Layer


def as_layers(live: Schedule, wanted: Target, shown: Sequence[Shown]) -> tuple[Schedule, Target]:
    """Both sides with one layer for each chain that is shown as one."""
    hidden = {place for one in shown for place in one.live}
    written = {place for one in shown for place in one.written}
    left = [place for place in range(len(live.layers)) if place not in hidden]
    before = [live.layers[place] for place in left]
    after: list[Layer] = []
    origins: list[int | None] = []
    for place, layer in enumerate(wanted.schedule.layers):
        if place not in written:
            origin = wanted.origins[place]
            after.append(layer)
            origins.append(left.index(origin) if origin in left else None)
    for one in shown:
        after.append(one.after)
        origins.append(None if one.before is None else len(before))
        before += [] if one.before is None else [one.before]
    schedule = replace(wanted.schedule, layers=tuple(after))
    return replace(live, layers=tuple(before)), Target(schedule, tuple(origins))
