"""What the formatter decides by key: the order of keys, shorthand, and which text needs quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, lru_cache

from flashsync.declared.config import Accept, Check, Config, Defaults, Manage, Safety
from flashsync.declared.fields import keys_of
from flashsync.declared.notify import Chat, Notify
from flashsync.declared.people import Member
from flashsync.declared.scalars import shorten_days
from flashsync.declared.schedule import Group, Override
from flashsync.declared.secrets import Secrets
from flashsync.files.compose import is_misread
from flashsync.files.format_nodes import ALIAS, CollectionNode, FormatNode, NodeEntry, ScalarNode

SCHEDULE_ORDER = (
    "schedule",
    "id",
    "renamed_from",
    "absent",
    "ignore",
    "description",
    "team",
    "rollout",
    "checks",
    "layers",
    "overrides",
    "cover",
    "notify",
    "expect",
)
LAYER_ORDER = (
    "layer",
    "renamed_from",
    "rotation",
    "handoff",
    "start",
    "end",
    "days",
    "hours",
    "continuous",
    "fair",
    "rollout",
    "checks",
    "groups",
)
EXPECTATION_ORDER = ("at", "always", "at_most", "from", "to", "on_call", "any_of", "not", "role")
_ONE_OR_ALL = ("days", "hours")
"""Keys with a list that means the same as its only entry."""
_VOCABULARY = frozenset({"absent", "continuous", "fair", "notify", "level", "check"})
"""Keys of flags and of words such as `off`: the file format writes them plain."""
_NAMES = frozenset(
    {"schedule", "renamed_from", "description", "layer", "group", "override", "alias", "reason"}
)
"""Keys of text that may look like a whole number."""
_WHOLE = re.compile("0|[1-9][0-9]*")


@cache
def key_orders() -> Mapping[str, tuple[str, ...]]:
    """The order of keys in mappings, by context."""
    return {
        "layers": LAYER_ORDER,
        "group": (*keys_of(Group), *keys_of(Member)),
        "person": keys_of(Member),
        "overrides": keys_of(Override),
        "notify": keys_of(Notify),
        "chats": keys_of(Chat),
        "expect": EXPECTATION_ORDER,
        "defaults": tuple(key for key in SCHEDULE_ORDER if key in keys_of(Defaults)),
        "manage": keys_of(Manage),
        "safety": keys_of(Safety),
        "secrets": keys_of(Secrets),
        "accept": keys_of(Accept),
        "check": keys_of(Check),
    }


_INSIDE = {"people": "person", "checks": "check"}
_ITEMS = {"groups": "group", "members": "person", "people": "person"}


def context_of(entry: NodeEntry, context: str) -> str:
    """What the value of an entry is, by its key or by what it is in."""
    if entry.key is None:
        return _ITEMS.get(context, "person" if context == "group" else context)
    return _INSIDE.get(context, entry.key.text)


def order_of_root(root: CollectionNode) -> tuple[str, ...]:
    """The order of a document's own keys; one without `schedule` or `layers` is flashsync.yaml."""
    keys = {entry.key.text for entry in root.entries if entry.key}
    return SCHEDULE_ORDER if keys & {"schedule", "layers"} else keys_of(Config)


def sort_entries(entries: Iterable[NodeEntry], order: tuple[str, ...]) -> list[NodeEntry]:
    """The entries of a mapping in the order of keys.

    A key that the order does not have, such as `<<` or `x-team`, stays behind the key before it.
    """
    ranks = {key: rank for rank, key in enumerate(order)}
    rank, ranked = -1, []
    for entry in entries:
        rank = ranks.get(entry.key.text, rank) if entry.key else rank
        ranked.append((rank, entry))
    return [entry for _, entry in sorted(ranked, key=lambda pair: pair[0])]


# Shorthand, where what is left out has no comment and no anchor.


def shorten(node: FormatNode, context: str) -> FormatNode:
    """The value of a key, or of an entry of its list, in its shortest form."""
    if context in _ONE_OR_ALL:
        return _shorten_list(node, context)
    if context == "group":
        return _shorten_group(node)
    if context == "person":
        return _only_value(node, "person") or node
    if context == "check":
        return _only_value(node, "level") or node
    return node


def _shorten_group(node: FormatNode) -> FormatNode:
    """`{members: [bob, carol]}` as `[bob, carol]`, and `[alice]` as `alice`."""
    members = _only_value(node, "members")
    group = node
    if isinstance(members, CollectionNode) and not members.mapping and _is_bare(members):
        group = replace(members, flow=True)
    only = _only_entry(group)
    person = node if only is None else only.value
    return shorten(person if _is_person(person) else group, "person")


def _is_person(node: FormatNode) -> bool:
    if isinstance(node, ScalarNode):
        return node.style != ALIAS
    keys = {entry.key.text for entry in node.entries if entry.key}
    return node.mapping and not keys & {"members", "group"}


def _shorten_list(node: FormatNode, key: str) -> FormatNode:
    """A list of one entry as the entry, and a list of days as ranges of days."""
    only = _only_entry(node)
    if only and isinstance(only.value, ScalarNode) and only.value.style != ALIAS:
        return only.value
    if key != "days" or not isinstance(node, CollectionNode) or not _is_bare(node):
        return node
    texts = [
        entry.value.text
        for entry in node.entries
        if isinstance(entry.value, ScalarNode)
        and entry.value.style != ALIAS
        and entry.value.anchor is None
    ]
    ranges = shorten_days(texts) if len(texts) == len(node.entries) else texts
    if not 0 < len(ranges) < len(node.entries):
        return node
    words = [ScalarNode(text, "", [text]) for text in ranges]
    if len(words) == 1:
        return words[0]
    entries = [NodeEntry(None, word) for word in words]
    return CollectionNode(False, node.flow, node.column, entries=entries)


def _only_value(node: FormatNode, key: str) -> FormatNode | None:
    """The value of a mapping that has only this key and no comment."""
    only = _only_entry(node)
    return only.value if only and only.key and only.key.text == key else None


def _only_entry(node: FormatNode) -> NodeEntry | None:
    """The entry of a collection with one, without comments and anchors."""
    if not isinstance(node, CollectionNode) or len(node.entries) != 1 or not _is_bare(node):
        return None
    return node.entries[0]


def _is_bare(node: CollectionNode) -> bool:
    """Whether a collection has no anchor, and neither it nor its entries a comment."""
    commented = any(entry.tails or any(entry.lead) for entry in node.entries)
    return not (commented or node.anchor or any(node.foot))


# Quotes


@lru_cache(10_000)
def needs_quotes(text: str, context: str) -> bool:
    """Whether YAML readers take a plain text for something else than this text.

    A whole number is read as it is written: only names need quotes for it.
    """
    if context in _VOCABULARY or not is_misread(text):
        return False
    return context in _NAMES or not _WHOLE.fullmatch(text)
