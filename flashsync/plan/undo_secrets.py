"""Who was told before, with the secrets that can be had: a journal keeps references alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flashsync.model.notify import SECRETS, Notify, Secret, SecretReference, Webhook
from flashsync.plan.journal import Written
from flashsync.plan.webhooks import match, path_of

Read = Callable[[SecretReference], str | None]

_IN_FILE = "no journal keeps secrets: give it in the file, and apply"


@dataclass(frozen=True, slots=True)
class NotifyBack:
    """The notify of before, as far as it can be had.

    `masked` are the paths of live secrets that the write would wipe, since they read back masked
    and nobody has them. `unrestored` says what does not come back, a sentence each.
    """

    notify: Notify
    masked: tuple[str, ...]
    unrestored: tuple[str, ...]


def notify_back(one: Written, before: Notify, live: Notify | None, read: Read) -> NotifyBack:
    """The chats of before. A secret stays as the live chat has it; where that does not show, it
    comes from the reference by which a file gave it.

    A chat that is not there any more, and is nothing without its token, stays away without it.
    """
    hooks: list[Webhook] = []
    masked: list[str] = []
    unrestored: list[str] = []
    alive = _partners(before.webhooks, live.webhooks if live else ())
    given = _partners(before.webhooks, one.sent.notify.webhooks if one.sent else ())
    for hook, has, sent in zip(before.webhooks, alive, given, strict=True):
        found = _with_secrets(one, hook, has, sent, read)
        lost = [name for name, _ in hook.secrets() if getattr(found, name) is None]
        hidden = [name for name in lost if has is not None and getattr(has, name) is not None]
        masked += [path_of(hook, name) for name in hidden]
        if has is None and hook.by_token and found.token is None:
            what = f"notify.chats[{hook.label}] of `{one.name}`, as its token is not known"
            unrestored.append(f"not restored: {what}; {_IN_FILE}")
            continue
        hooks.append(found)
        lacks = (f"{path_of(hook, name)} of `{one.name}`" for name in lost if name not in hidden)
        unrestored += [f"not restored: {lack}; {_IN_FILE}" for lack in lacks]
        unrestored += _kept_new(one, hook, found)
    notify = replace(before, webhooks=tuple(hooks))
    return NotifyBack(notify, tuple(masked), tuple(unrestored))


def _with_secrets(
    one: Written, hook: Webhook, has: Webhook | None, sent: Webhook | None, read: Read
) -> Webhook:
    found: dict[str, Secret | None] = {}
    for name in SECRETS:
        changed = path_of(hook, name) in one.changes
        old, live, given = (_secret(side, name) for side in (hook, has, sent))
        found[name] = _kept(old, live, given, read, changed=changed)
    token, verify_token, sign_secret = (found[name] for name in SECRETS)
    return replace(hook, token=token, verify_token=verify_token, sign_secret=sign_secret)


def _kept(
    had: Secret | None, has: Secret | None, given: Secret | None, read: Read, *, changed: bool
) -> Secret | None:
    """`had` is the secret of before, `has` the live one, `given` the one by the file's reference;
    `changed` where the write changed it.

    A live one that reads back empty looks as if there were none, so what the file gives is sent
    again even where none was seen before.
    """
    reference = had.reference if had else None
    if changed and reference is not None and (value := read(reference)):
        return Secret(value, reference)
    if has is not None and has.readable:
        return has if had is not None else None
    reference = reference or (given.reference if given else None)
    return Secret(read(reference), reference) if reference else None


def _kept_new(one: Written, hook: Webhook, found: Webhook) -> list[str]:
    """Secrets that the write changed, and whose old values are nowhere."""
    old = dict(hook.secrets())
    return [
        f"not restored: {path_of(hook, name)} of `{one.name}`, which keeps the value that was "
        f"written then; {_IN_FILE}"
        for name, secret in found.secrets()
        if path_of(hook, name) in one.changes
        and name in old
        and (old[name].reference is None or old[name].reference != secret.reference)
    ]


def _partners(before: Sequence[Webhook], others: Sequence[Webhook]) -> list[Webhook | None]:
    """For each chat of before, the same one among others."""
    found = match(before, others)
    return [others[found[place]] if place in found else None for place in range(len(before))]


def _secret(hook: Webhook | None, name: str) -> Secret | None:
    secret: Secret | None = getattr(hook, name) if hook else None
    return secret
