"""Who was told before, with the secrets that can be had: a journal keeps none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flashsync.plan.journal import Written
from flashsync.plan.webhooks import match, path_of
from flashsync.state.notify import SECRETS, Notify, Webhook
from flashsync.state.secret import Secret, SecretReference

Read = Callable[[SecretReference], str | None]


@dataclass(frozen=True, slots=True)
class NotifyBack:
    """The notify of before; `lost` are the paths of secrets that it had and nobody has any more."""

    notify: Notify
    lost: tuple[str, ...]
    warnings: tuple[str, ...]


def notify_back(one: Written, before: Notify, live: Notify | None, read: Read) -> NotifyBack:
    """A secret stays as the live chat has it; where that does not show, it comes from the reference
    by which the file gave it."""
    hooks: list[Webhook] = []
    lost: list[str] = []
    alive = _partners(before.webhooks, live.webhooks if live else ())
    given = _partners(before.webhooks, one.sent.notify.webhooks if one.sent else ())
    for place, hook in enumerate(before.webhooks):
        found: dict[str, Secret | None] = {}
        for name in SECRETS:
            had, has, ref = (_secret(side, name) for side in (hook, alive[place], given[place]))
            found[name] = _kept(had, has, ref, read)
            if had is not None and found[name] is None:
                lost.append(path_of(hook, name))
        token, verify_token, sign_secret = (found[name] for name in SECRETS)
        hooks.append(replace(hook, token=token, verify_token=verify_token, sign_secret=sign_secret))
    notify = replace(before, webhooks=tuple(hooks))
    return NotifyBack(notify, tuple(lost), tuple(_warnings(one, notify)))


def _kept(
    had: Secret | None, has: Secret | None, given: Secret | None, read: Read
) -> Secret | None:
    """`had` is the secret of before, `has` the live one, `given` the one by the file's reference.

    A live one that reads back empty looks as if there were none, so what the file gives is sent
    again even where none was seen before.
    """
    if has is not None and has.readable:
        return has if had is not None else None
    if given is not None and given.reference is not None:
        return replace(given, value=read(given.reference))
    return None


def _partners(before: Sequence[Webhook], others: Sequence[Webhook]) -> list[Webhook | None]:
    """For each chat of before, the same one among others."""
    found = match(before, others)
    return [others[found[place]] if place in found else None for place in range(len(before))]


def _secret(hook: Webhook | None, name: str) -> Secret | None:
    secret: Secret | None = getattr(hook, name) if hook else None
    return secret


def _warnings(one: Written, notify: Notify) -> list[str]:
    """Secrets that the write changed: their old values are nowhere."""
    return [
        f"{path_of(hook, name)} keeps the value that was written then: a journal keeps no secrets"
        for hook in notify.webhooks
        for name, _ in hook.secrets()
        if path_of(hook, name) in one.changes
    ]
