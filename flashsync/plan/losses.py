"""What a write takes away that nothing can give back: secrets, and the record of past overrides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from flashsync.model.notify import SECRETS, Notify, Secret, SecretReference, Webhook
from flashsync.model.schedule import Override, Schedule
from flashsync.model.wording import count, first, joined
from flashsync.plan.model import Caution
from flashsync.plan.webhooks import match, path_of

Given = Callable[[str], bool]
"""Whether a file or a journal gives this value of a secret by reference."""


def lost_secrets(live: Schedule, wanted: Notify, given: Given) -> Iterator[Caution]:
    """The secrets that a write deletes or replaces, and that no file and no journal can restore.

    A chat with another type, alias or data source is a new chat: the secrets of the old chat go. A
    secret that reads back masked, or not at all, may be what the file sends: only a delete counts.
    """
    places = {at: place for place, at in match(wanted.webhooks, live.notify.webhooks).items()}
    for at, hook in enumerate(live.notify.webhooks):
        partner = wanted.webhooks[places[at]] if at in places else None
        gone, replaced = _losses(hook, partner, given)
        if gone:
            message = f"of `{live.name}` {_is(gone)} deleted"
            yield Caution(f"{_paths(hook, gone)} {message}, and {_NOBODY} {_it(gone)}")
        if replaced:
            message = f"of `{live.name}` {_is(replaced)} replaced"
            what = "the old value" if len(replaced) == 1 else "the old values"
            yield Caution(f"{_paths(hook, replaced)} {message}, and {_NOBODY} {what}")


_NOBODY = "no file and no journal can restore"


def _losses(hook: Webhook, partner: Webhook | None, given: Given) -> tuple[list[str], list[str]]:
    """The fields of secrets that go for good, and of secrets that get another value."""
    had = dict(hook.secrets())
    if partner is None:
        lost = [name for name, secret in had.items() if not _restorable(secret, given)]
        hidden = ["token"] if hook.by_token and hook.token is None else []
        return [*hidden, *lost], []
    wanted = dict(partner.secrets())
    lost = [name for name, one in had.items() if one.readable and not _restorable(one, given)]
    gone = [name for name in lost if name not in wanted]
    changed = [name for name in lost if name in wanted and _differ(had[name], wanted[name])]
    return gone, changed


def _restorable(secret: Secret, given: Given) -> bool:
    return secret.readable and given(secret.value or "")


def _differ(had: Secret, wanted: Secret) -> bool:
    """A secret that is missing here cannot be compared; a note says so."""
    return bool(wanted.value) and wanted.value != had.value


def lost_records(name: str, gone: Sequence[Override]) -> Iterator[Caution]:
    """Past overrides that a write removes; the platform keeps them for audit (api.md)."""
    if gone:
        names = first([f"`{one.name}`" for one in gone], 3)
        record = f"the record of {count(len(gone), 'past override')} of `{name}`"
        yield Caution(f"{record} is deleted ({names}), and nothing can restore it")


def lost_with(live: Schedule, given: Given, now: int) -> Iterator[Caution]:
    """All that goes for good with a whole schedule; `now` is in Unix seconds."""
    yield from lost_secrets(live, Notify(), given)
    yield from lost_records(live.name, [one for one in live.overrides if one.past(now)])


def with_references(live: Schedule, known: Mapping[str, SecretReference]) -> Schedule:
    """The schedule, its secrets with the references that are known to have their values."""
    hooks = tuple(_referred(hook, known) for hook in live.notify.webhooks)
    return replace(live, notify=replace(live.notify, webhooks=hooks))


def _referred(hook: Webhook, known: Mapping[str, SecretReference]) -> Webhook:
    token, verify_token, sign_secret = (_reference(getattr(hook, one), known) for one in SECRETS)
    return replace(hook, token=token, verify_token=verify_token, sign_secret=sign_secret)


def _reference(secret: Secret | None, known: Mapping[str, SecretReference]) -> Secret | None:
    if secret is None or not secret.readable or secret.reference is not None:
        return secret
    return replace(secret, reference=known.get(secret.value or ""))


def references_in(notifies: Sequence[Notify]) -> Iterator[Secret]:
    """The secrets that are given by reference."""
    for notify in notifies:
        for hook in notify.webhooks:
            yield from (one for _, one in hook.secrets() if one.reference is not None)


def _paths(hook: Webhook, names: Sequence[str]) -> str:
    return joined([path_of(hook, name) for name in names])


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _it(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"
