"""Chats of a file and live ones: which are the same, and which secrets can be compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flashsync.state.notify import SECRETS, Notify, Webhook
from flashsync.state.secret import Secret

Key = Callable[[Webhook], object]

_KEYS: tuple[Key, ...] = (
    lambda hook: hook.alias,
    lambda hook: hook.data_source,
    lambda hook: hook.token.value if hook.token and hook.token.readable else None,
    lambda hook: True,
)
"""What tells chats of one type apart, the surest first; last, any that is left."""


def match(desired: Sequence[Webhook], live: Sequence[Webhook]) -> dict[int, int]:
    """For places in the file, the places of the same chats among the live ones.

    Chats are matched by type and alias, data source or token, not by place.
    """
    found: dict[int, int] = {}
    for key in _KEYS:
        for place, hook in enumerate(desired):
            if place not in found and key(hook):
                _match_one(place, hook, live, key, found)
    return found


def _match_one(
    place: int, hook: Webhook, live: Sequence[Webhook], key: Key, found: dict[int, int]
) -> None:
    for other, candidate in enumerate(live):
        free = other not in found.values()
        if free and candidate.type == hook.type and key(candidate) == key(hook):
            found[place] = other
            return


@dataclass(frozen=True, slots=True)
class Compared:
    """Two notifies made comparable.

    `live` has the file's secret wherever the two cannot be compared; `uncompared` says where, as
    `notify.chats[dingtalk ops].token`; `masked` lists live secrets that the file does not give,
    which a write would lose; `missing` lists references of the file that name nothing.
    """

    live: Notify
    uncompared: tuple[str, ...]
    masked: tuple[str, ...]
    missing: tuple[str, ...]

    def same(self, desired: Notify) -> bool:
        """Whether both mean the same."""
        return _comparable(self.live) == _comparable(desired)


def compare(desired: Notify, live: Notify) -> Compared:
    """Make two notifies comparable (design, Writing safely: masked secrets)."""
    pairs = match(desired.webhooks, live.webhooks)
    wanted_of = {other: desired.webhooks[place] for place, other in pairs.items()}
    uncompared: list[str] = []
    masked: list[str] = []
    hooks = []
    for other, hook in enumerate(live.webhooks):
        wanted = wanted_of.get(other)
        hooks.append(_aligned(hook, wanted, uncompared, masked) if wanted else hook)
    return Compared(
        replace(live, webhooks=tuple(hooks)), tuple(uncompared), tuple(masked), missing(desired)
    )


def missing(notify: Notify) -> tuple[str, ...]:
    """The references of a file's chats that name nothing, each with its place."""
    return tuple(
        f"{secret.reference} ({path(hook, name)})"
        for hook in notify.webhooks
        for name, secret in hook.secrets()
        if secret.value is None
    )


def path(hook: Webhook, field: str) -> str:
    """Where a chat's secret stands, in the file's words."""
    return f"notify.chats[{hook.label}].{field}"


def _aligned(live: Webhook, wanted: Webhook, uncompared: list[str], masked: list[str]) -> Webhook:
    secrets: dict[str, Secret | None] = {}
    for field in SECRETS:
        have: Secret | None = getattr(live, field)
        want: Secret | None = getattr(wanted, field)
        secrets[field] = have
        if want is None and have is not None and not have.readable:
            masked.append(path(live, field))
            secrets[field] = None
        elif want is not None and not (want.readable and have is not None and have.readable):
            uncompared.append(path(wanted, field))
            secrets[field] = want
    return replace(
        live,
        token=secrets["token"],
        verify_token=secrets["verify_token"],
        sign_secret=secrets["sign_secret"],
    )


def _comparable(notify: Notify) -> tuple[object, ...]:
    hooks = sorted(map(_parts, notify.webhooks))
    return notify.before, notify.daily_at, notify.by, hooks


def _parts(hook: Webhook) -> tuple[object, ...]:
    """All of a chat that a file declares, sortable: its place in the list means nothing."""
    values = tuple((secret.value or "") for _, secret in hook.secrets())
    names = tuple(name for name, _ in hook.secrets())
    return hook.type, hook.alias, hook.data_source, sorted(hook.chats), names, values
