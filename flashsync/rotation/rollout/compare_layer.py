"""Whether a live layer equals the file's, so that no cut is needed."""

from __future__ import annotations

from collections.abc import Sequence

from flashsync.model.schedule import Layer
from flashsync.rotation.rollout.handoffs import is_bridge
from flashsync.rotation.rollout.model import Edit
from flashsync.rotation.rollout.normalise import keeps_form, normalise


def needs_cut(edit: Edit) -> bool:
    """Whether anything differs but the end of the layer and names."""
    return not takes_same_turns(edit.completed, edit.chain[-1]) and not ends_in_bridge(edit)


def differs(chain: Sequence[Layer], layer: Layer, timezone: str) -> bool:
    """Whether whose turn it is differs between the file's layer and the chain's last link."""
    return not chain or not takes_same_turns(normalise(layer, chain[-1], timezone), chain[-1])


def takes_same_turns(completed: Layer, link: Layer) -> bool:
    """Whether a layer, completed from a link, has its duty and cadence."""
    return (completed.start, duty(completed)) == (link.start, duty(link))


def duty(layer: Layer) -> tuple[object, ...]:
    """All of a layer that decides whose turn it is, but for its start: not its name, its end, its
    groups' names."""
    return (
        layer.rotation,
        layer.handoff,
        layer.days,
        layer.continuous,
        layer.hours,
        layer.fair,
        tuple(group.members for group in layer.groups),
    )


def has_cadence_of(completed: Layer, link: Layer) -> bool:
    """Whether a layer that is completed from a link got its start and handoff, since both have one
    cadence."""
    same = (completed.start, completed.handoff) == (link.start, link.handoff)
    return same and keeps_form(link, completed)


def ends_in_bridge(edit: Edit) -> bool:
    """Whether the layer ends within a bridge of one of its groups, so that no link follows it."""
    last, layer = edit.chain[-1], edit.layer
    return (
        layer.end is not None
        and last.end == layer.end
        and is_bridge(last)
        and last.groups[0].members in [group.members for group in layer.groups]
        and duty(edit.completed) != duty(last)
    )
