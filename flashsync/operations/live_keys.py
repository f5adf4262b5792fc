"""Keys of documents: put in the order of the format, and dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flashsync.declared.fields import keys_of
from flashsync.declared.notify import Chat, Notify
from flashsync.files.document import Tree
from flashsync.files.format_rules import LAYER_ORDER as LAYER
from flashsync.files.format_rules import SCHEDULE_ORDER as SCHEDULE

__all__ = ["CHAT", "LAYER", "NOTIFY", "SCHEDULE", "drop", "put"]

NOTIFY = keys_of(Notify)
CHAT = keys_of(Chat)


def put(tree: dict[str, Tree], key: str, value: Any, order: Sequence[str]) -> dict[str, Tree]:
    """The mapping with a value for a key, a new one in its place; None drops the key."""
    if value is None:
        return drop(tree, key)
    if key in tree:
        return {**tree, key: value}
    before = order[: order.index(key)]
    items = list(tree.items())
    place = max((at for at, (other, _) in enumerate(items, 1) if other in before), default=0)
    return dict([*items[:place], (key, value), *items[place:]])


def drop(tree: dict[str, Tree], key: str) -> dict[str, Tree]:
    """The mapping without a key."""
    return {other: value for other, value in tree.items() if other != key}
