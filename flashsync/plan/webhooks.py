"""Chats of a file and live ones: which are the same, and which secrets can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flashsync.model.notify import SECRETS, Notify, Secret, SecretReference, Webhook
from flashsync.model.schedule import Schedule
from flashsync.plan.model import Target

Alike = Callable[[Webhook, Webhook], bool]


def _same_name(one: Webhook, other: Webhook) -> bool:
    return one.alias == other.alias and one.data_source == other.data_source


def _no_contradiction(one: Webhook, other: Webhook) -> bool:
    """Neither says that it is another chat: where both have an alias, it is the same, and so on."""
    aliases, sources = {one.alias, other.alias}, {one.data_source, other.data_source}
    return len(aliases - {""}) < 2 and len(sources - {0}) < 2


def _tokens(one: Webhook, other: Webhook) -> tuple[str, str] | None:
    """The tokens of both, where both can be compared."""
    if one.token and other.token and one.token.readable and other.token.readable:
        return one.token.value or "", other.token.value or ""
    return None


def _same_token(one: Webhook, other: Webhook) -> bool:
    tokens = _tokens(one, other)
    return tokens is not None and tokens[0] == tokens[1]


def _same_settings(one: Webhook, other: Webhook) -> bool:
    return _same_name(one, other) and one.chats == other.chats


_ALIKE: tuple[Alike, ...] = (
    lambda one, other: _same_settings(one, other) and _same_token(one, other),
    lambda one, other: _same_settings(one, other) and not _tokens(one, other),
    _same_name,
    lambda one, other: bool(one.alias) and one.alias == other.alias,
    lambda one, other: bool(one.data_source) and one.data_source == other.data_source,
    _same_token,
    _no_contradiction,
)
"""What makes two chats of one type the same, the surest first."""


def match(desired: Sequence[Webhook], live: Sequence[Webhook]) -> dict[int, int]:
    """For places in the file, the places of the same chats among the live ones.

    Chats are matched by type and alias, data source or token, not by place.
    """
    matched: dict[int, int] = {}
    free = list(range(len(live)))
    for alike in _ALIKE:
        for place, hook in enumerate(desired):
            if place in matched or not free:
                continue
            same = (at for at in free if live[at].type == hook.type and alike(hook, live[at]))
            other = next(same, None)
            if other is not None:
                matched[place] = other
                free.remove(other)
    return matched


@dataclass(frozen=True, slots=True)
class ComparedNotify:
    """Two notifies made comparable.

    `live` has its chats in the file's order, and the file's secret wherever the two cannot be
    compared; `pairs` are its chats with the file's. `uncompared` says where secrets were not
    compared, as `notify.chats[dingtalk ops].token`; `masked` lists live secrets that the file does
    not give, which a write would lose; `missing` lists references of the file that name nothing.
    """

    live: Notify
    pairs: tuple[tuple[Webhook, Webhook], ...]
    uncompared: tuple[str, ...]
    masked: tuple[str, ...]
    missing: tuple[str, ...]

    def same(self, desired: Notify) -> bool:
        """Whether both mean the same; the place of a chat in its list means nothing."""
        sides = [
            (side.before, side.daily_at, side.by, sorted(map(_parts, side.webhooks)))
            for side in (self.live, desired)
        ]
        return sides[0] == sides[1]


def _parts(hook: Webhook) -> tuple[object, ...]:
    """All of a chat that a file declares, sortable."""
    values = tuple((secret.value or "") for _, secret in hook.secrets())
    names = tuple(name for name, _ in hook.secrets())
    return hook.type, hook.alias, hook.data_source, sorted(hook.chats), names, values


def compare_target(target: Target, live: Notify) -> ComparedNotify:
    """Make the notify of a target and a live one comparable.

    Of a notify that is left to the console, only secrets that a write would lose count.
    """
    if "notify" not in target.ignored:
        return compare(target.schedule.notify, live)
    masked = [
        path_of(hook, name)
        for hook in live.webhooks
        for name in SECRETS
        if _is_hidden(hook, name, getattr(hook, name))
    ]
    return ComparedNotify(Notify(), (), (), tuple(masked), ())


def compare(desired: Notify, live: Notify) -> ComparedNotify:
    """Make two notifies comparable (design, Writing safely: masked secrets)."""
    if not desired.webhooks and not live.webhooks:
        return ComparedNotify(live, (), (), (), ())
    matched = match(desired.webhooks, live.webhooks)
    uncompared: list[str] = []
    masked: list[str] = []
    pairs = tuple(
        (_aligned(live.webhooks[matched[place]], hook, uncompared, masked), hook)
        for place, hook in enumerate(desired.webhooks)
        if place in matched
    )
    others = (hook for at, hook in enumerate(live.webhooks) if at not in matched.values())
    ordered = replace(live, webhooks=(*(hook for hook, _ in pairs), *others))
    return ComparedNotify(ordered, pairs, tuple(uncompared), tuple(masked), missing(desired))


def _aligned(live: Webhook, wanted: Webhook, uncompared: list[str], masked: list[str]) -> Webhook:
    """The live chat with the file's secrets where the two cannot be compared; says where."""
    secrets: dict[str, Secret | None] = {}
    for field in SECRETS:
        have: Secret | None = getattr(live, field)
        want: Secret | None = getattr(wanted, field)
        secrets[field] = have
        if want is None and have is not None and not have.readable:
            masked.append(path_of(live, field))
            secrets[field] = None
        elif want is not None and not (want.readable and have is not None and have.readable):
            uncompared.append(path_of(wanted, field))
            secrets[field] = want
    return with_secrets(live, secrets)


def _is_hidden(hook: Webhook, name: str, secret: Secret | None) -> bool:
    """Guess: a token that reads back empty is hidden where the chat is nothing without it; another
    secret that reads back empty looks as if there were none. A real account would settle it.
    """
    if secret is None:
        return name == "token" and hook.by_token
    return not secret.readable


def missing(notify: Notify) -> tuple[str, ...]:
    """The references of a file's chats that name nothing, each with its place."""
    return tuple(
        f"{secret.reference} ({path_of(hook, name)})"
        for hook in notify.webhooks
        for name, secret in hook.secrets()
        if not secret.value
    )


def path_of(hook: Webhook, field: str) -> str:
    """The path of a chat's secret, in the file's words."""
    return f"notify.chats[{hook.label}].{field}"


def with_secrets(hook: Webhook, secrets: Mapping[str, Secret | None]) -> Webhook:
    """The chat with these secrets, by the names of the fields, and no others."""
    token, verify_token, sign_secret = (secrets.get(name) for name in SECRETS)
    return replace(hook, token=token, verify_token=verify_token, sign_secret=sign_secret)


# Secrets by reference: what files give, and what journals keep.


def references_in(notifies: Sequence[Notify]) -> Iterator[Secret]:
    """The secrets that are given by reference."""
    for notify in notifies:
        for hook in notify.webhooks:
            yield from (secret for _, secret in hook.secrets() if secret.reference is not None)


def with_references(live: Schedule, known: Mapping[str, SecretReference]) -> Schedule:
    """The schedule, its secrets with the references that are known to have their values."""
    hooks = tuple(
        with_secrets(
            hook,
            {
                name: replace(secret, reference=known.get(secret.value or ""))
                if secret.readable and secret.reference is None
                else secret
                for name, secret in hook.secrets()
            },
        )
        for hook in live.notify.webhooks
    )
    return replace(live, notify=replace(live.notify, webhooks=hooks))
