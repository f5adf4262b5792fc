"""The field that no documentation knows (`Options.future_fields`): fresh values for new things."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flashsync.sandbox.model import Group, Layer, Notify, Schedule, Webhook


def filled(schedule: Schedule) -> Schedule:
    """The schedule with a value in each place that has none yet.

    Only new things are filled. What an update leaves out is lost, so that a test can see it.
    """
    name = schedule.name
    layers = tuple(_layer(item, f"{name}/{index}") for index, item in enumerate(schedule.layers))
    return replace(
        schedule,
        future=_value(schedule.future, name),
        layers=layers,
        notify=_notify(schedule.notify, name),
    )


def _layer(layer: Layer, place: str) -> Layer:
    groups = tuple(_group(item, f"{place}/{index}") for index, item in enumerate(layer.groups))
    return replace(layer, future=_value(layer.future, place), groups=groups)


def _group(group: Group, place: str) -> Group:
    return replace(group, future=_value(group.future, place))


def _notify(notify: Notify, place: str) -> Notify:
    hooks = tuple(_hook(item, f"{place}#{index}") for index, item in enumerate(notify.webhooks))
    return replace(notify, webhooks=hooks)


def _hook(hook: Webhook, place: str) -> Webhook:
    return replace(hook, future=_value(hook.future, place))


def _value(present: Any, place: str) -> Any:
    return {"place": place, "tags": ["kept"]} if present is None else present
