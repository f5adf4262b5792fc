"""The rotation layers of before, as a file would ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.model.desired import LayerIntent, Rollout
from flashsync.model.schedule import Layer, Schedule, canonical_name
from flashsync.rotation.rollout.chains import chains


def layers_back(
    before: Schedule, sent: Schedule | None, rollout: Rollout
) -> tuple[tuple[Layer, ...], tuple[LayerIntent, ...]]:
    """The layers, with when they take effect: the last link of each chain, or with `exact` all.

    A layer that the write gave another name, and did nothing else to, gets its old name back.
    """
    if rollout.exact:
        return before.layers, (LayerIntent(rollout),) * len(before.layers)
    last = [before.layers[chain[-1]] for found in chains(before.layers).values() for chain in found]
    written = sent.layers if sent else ()
    intents = tuple(LayerIntent(rollout, _new_name(one, before.layers, written)) for one in last)
    return tuple(replace(one, carried={}) for one in last), intents


def _new_name(layer: Layer, before: Sequence[Layer], written: Sequence[Layer]) -> str | None:
    """The name that a layer was given: a link that begins when it does, with a name not known."""
    names = {canonical_name(one.name) for one in before}
    if layer.name in {canonical_name(one.name) for one in written}:
        return None
    fresh = [one for one in written if canonical_name(one.name) not in names]
    return next((one.name for one in fresh if one.start == layer.start), None)
