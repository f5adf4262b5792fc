"""What is really sent: the plan's target with the live schedule's own share, read just before.

Its share is what people made in the console (overrides, and the fields that a file leaves to it)
and what users cannot declare (`hidden`, `weight`, fields that flashsync does not know).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.model.notify import Notify
from flashsync.model.schedule import Group, Layer, Override, Schedule, with_fields_of
from flashsync.plan.model import Target
from flashsync.plan.overrides import declared_overrides, update_overrides
from flashsync.plan.webhooks import match


def merged(target: Target, live: Schedule, now: int) -> Schedule:
    """The whole schedule to send; `now` is in Unix seconds."""
    wanted = with_fields_of(target.schedule, live, target.ignored)
    layers = tuple(
        layer if origin is None else _layer(layer, live.layers[origin])
        for layer, origin in zip(wanted.layers, target.origins, strict=True)
    )
    return replace(
        wanted,
        id=live.id,
        layers=layers,
        overrides=_overrides(target, live.overrides, now),
        notify=_notify(wanted.notify, live.notify),
        carried=live.carried,
    )


def moved_aside(target: Target, live: Schedule, name: str) -> Schedule:
    """The live schedule under another name for a moment.

    Its notify is the plan's already: a secret that the platform does not show cannot be sent back.
    """
    wanted = with_fields_of(target.schedule, live, target.ignored)
    return replace(live, name=name, notify=_notify(wanted.notify, live.notify))


def fresh(target: Target, now: int) -> Schedule:
    """A schedule to create: overrides that have passed since the plan are left out."""
    wanted = target.schedule
    return replace(wanted, overrides=declared_overrides(wanted.overrides, now))


def _layer(layer: Layer, live: Layer) -> Layer:
    left = list(live.groups)
    return replace(
        layer,
        groups=tuple(_group(group, left) for group in layer.groups),
        carried=live.carried,
    )


def _group(group: Group, left: list[Group]) -> Group:
    """The group with the undeclared fields of its live group, which serves once."""
    same = next((one for one in left if one.members == group.members), None)
    same = same or next((one for one in left if one.name == group.name), None)
    if same is None:
        return group
    left.remove(same)
    return replace(group, carried=same.carried)


def _overrides(target: Target, live: Sequence[Override], now: int) -> tuple[Override, ...]:
    """All of the console's; ours cut around them, but for those past ones that are dropped."""
    left = [
        one
        for one in live
        if not (one.ours and target.forgotten is not None and one.past(target.forgotten))
    ]
    return update_overrides(target.schedule.overrides, left, now)


def _notify(wanted: Notify, live: Notify) -> Notify:
    pairs = match(wanted.webhooks, live.webhooks)
    hooks = tuple(
        replace(hook, carried=live.webhooks[pairs[place]].carried) if place in pairs else hook
        for place, hook in enumerate(wanted.webhooks)
    )
    return replace(wanted, webhooks=hooks, carried=live.carried)
