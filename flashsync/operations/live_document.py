"""A document as its schedule is live: what means the same keeps its spelling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flashsync.declared.config import Defaults
from flashsync.files.document import Tree
from flashsync.model.desired import Desired
from flashsync.model.notify import SECRETS, Notify, Secret, Webhook
from flashsync.model.schedule import (
    NO_TEAM,
    Override,
    Schedule,
    canonical_description,
    canonical_name,
    without_fields,
)
from flashsync.model.wording import lead
from flashsync.operations.live_keys import CHAT, NOTIFY, SCHEDULE, drop, put
from flashsync.operations.live_layers import LiveLayers, merge_layers
from flashsync.plan.overrides import compare_cover
from flashsync.plan.webhooks import compare, match
from flashsync.resolve.describe import NameSecret, describe_channels, describe_chat


def merge_live(
    tree: Mapping[str, Tree],
    desired: Desired,
    live: Schedule,
    layers: LiveLayers,
    defaults: Defaults,
    name_secret: NameSecret,
) -> dict[str, Tree]:
    """The document of a schedule that is live, with the fields changed that differ."""
    wanted, merged = desired.schedule, drop(dict(tree), "absent")
    live = without_fields(live, desired.ignored)
    if canonical_name(wanted.name) != canonical_name(live.name):
        merged = drop(put(merged, "schedule", canonical_name(live.name), SCHEDULE), "renamed_from")
    if desired.renamed_from and canonical_name(wanted.name) == canonical_name(live.name):
        merged = drop(merged, "renamed_from")
    description = canonical_description(live.description)
    if wanted.description != description:
        default = "" if defaults.description else None
        merged = put(merged, "description", description or default, SCHEDULE)
    if wanted.team != live.team:
        default = "none" if defaults.team else None
        team = default if live.team == NO_TEAM else layers.names.team(live.team)
        merged = put(merged, "team", team, SCHEDULE)
    written_layers: Any = merged.get("layers", [])
    if written_layers:
        merged["layers"] = merge_layers(written_layers, desired, layers)
    written_overrides: Any = merged.get("overrides", [])
    overrides = merge_overrides(written_overrides, wanted, live, layers)
    if overrides != merged.get("overrides", []):
        merged = put(merged, "overrides", overrides or None, SCHEDULE)
    if compare(wanted.notify, live.notify).same(wanted.notify):
        return merged
    written = merged.get("notify")
    notify = _NotifyMerge(wanted.notify, live.notify, name_secret)
    part: Any = notify.merge(written if isinstance(written, dict) else None)
    return put(merged, "notify", part or ("off" if defaults.notify else None), SCHEDULE)


# Overrides


def merge_overrides(
    trees: Sequence[Any], wanted: Schedule, live: Schedule, account: LiveLayers
) -> list[Any]:
    """The entries that are live or past, and entries for what else is live."""
    now = account.now
    differences = compare_cover(live, wanted.overrides, now)
    changed = (*differences.removed, *differences.added)
    if not changed:
        return list(trees)
    entries = list(zip(trees, wanted.overrides, strict=True))
    kept = [
        entry
        for _, entry in entries
        if entry.past(now) or not any(_overlap(entry, one) for one in changed)
    ]
    missing = [
        one
        for one in live.our_overrides
        if not one.past(now) and any(_overlap(one, gone) for gone in _uncovered(live, kept, now))
    ]
    found = [tree for tree, entry in entries if entry in kept or entry in missing]
    known = [entry for _, entry in entries]
    found += [
        account.writer.override(one, ()) for one in dict.fromkeys(missing) if one not in known
    ]
    return found


def _uncovered(live: Schedule, kept: Sequence[Override], now: int) -> tuple[Override, ...]:
    return compare_cover(live, kept, now).removed


def _overlap(one: Override, other: Override) -> bool:
    return one.start < other.end and other.start < one.end


# Who gets a notice


class _NotifyMerge:
    """Merges the notices of a schedule."""

    def __init__(self, wanted: Notify, live: Notify, name_secret: NameSecret) -> None:
        self._wanted, self._live, self._name_secret = wanted, live, name_secret

    def merge(self, written: dict[str, Tree] | None) -> dict[str, Tree]:
        """The mapping, perhaps empty; without one of its own, all that is live is written."""
        wanted, live, tree = self._wanted, self._live, written or {}
        if written is None or wanted.before != live.before:
            tree = put(tree, "before", None if live.before is None else lead(live.before), NOTIFY)
        if written is None or wanted.daily_at != live.daily_at:
            tree = put(tree, "daily_at", live.daily_at or None, NOTIFY)
        if written is None or wanted.by != live.by:
            tree = put(tree, "by", describe_channels(live.by) or None, NOTIFY)
        trees: Any = [] if written is None else tree.get("chats", [])
        chats = list(self._chats(trees))
        return tree if chats == tree.get("chats", []) else put(tree, "chats", chats or None, NOTIFY)

    def _chats(self, trees: Sequence[Any]) -> Iterator[Any]:
        wanted, live = self._wanted.webhooks, self._live.webhooks
        pairs = match(wanted, live)
        for at, tree in enumerate(trees):
            if at in pairs:
                yield self._chat(tree, wanted[at], live[pairs[at]])
        for place, hook in enumerate(live):
            known = [at for at, other in pairs.items() if other == place]
            if not known or not trees:
                references = {
                    name: self._reference(hook, name, secret, known)
                    for name, secret in hook.secrets()
                }
                yield {**describe_chat(hook), **references}

    def _reference(
        self, hook: Webhook, name: str, secret: Secret, known: Sequence[int]
    ) -> dict[str, str]:
        given: Secret | None = getattr(self._wanted.webhooks[known[0]], name) if known else None
        if given is not None and given.reference is not None:
            return {given.reference.kind: given.reference.name}
        return {"env": self._name_secret(hook, name, secret)}

    def _chat(self, tree: Any, wanted: Webhook, live: Webhook) -> Any:
        described = describe_chat(live)
        if wanted.alias != live.alias:
            tree = put(tree, "alias", described.get("alias"), CHAT)
        if wanted.data_source != live.data_source:
            tree = put(tree, "data_source_id", described.get("data_source_id"), CHAT)
        if wanted.chats != live.chats:
            kept = [one for one in tree.get("chat_ids", []) if one.strip() in live.chats]
            added = sorted(live.chats - {one.strip() for one in kept})
            tree = put(tree, "chat_ids", [*kept, *added] or None, CHAT)
        for name in SECRETS:
            given: Secret | None = getattr(wanted, name)
            secret: Secret | None = getattr(live, name)
            if given and secret is None and given.readable:
                tree = drop(tree, name)
            elif secret is not None and given is None:
                variable = self._name_secret(live, name, secret)
                tree = put(tree, name, {"env": variable}, CHAT)
        return tree
