"""`notify:` of a file to the state it asks for; secrets are read here, by the function given."""

from __future__ import annotations

from collections.abc import Callable

from flashsync.declared import notify as declared
from flashsync.model.notify import By, Notify, Secret, SecretReference, Webhook

Read = Callable[[SecretReference], str | None]


def notify(given: declared.Notify | None, read: Read) -> Notify:
    """Who is told, and how; nobody where nothing is given."""
    if given is None:
        return Notify()
    return Notify(
        before=given.before,
        daily_at=given.daily_at,
        by=_by(given.by),
        webhooks=tuple(_webhook(chat, read) for chat in given.chats),
    )


def _by(given: declared.By | None) -> By:
    if given is None:
        return By()
    if given.channels is None:
        return By(preference=True)
    return By(channels=frozenset(given.channels))


def _webhook(chat: declared.Chat, read: Read) -> Webhook:
    return Webhook(
        type=chat.type,
        alias=chat.alias or "",
        data_source=chat.data_source_id or 0,
        chats=frozenset(chat.chat_ids),
        token=_secret(chat.token, read),
        verify_token=_secret(chat.verify_token, read),
        sign_secret=_secret(chat.sign_secret, read),
    )


def _secret(reference: SecretReference | None, read: Read) -> Secret | None:
    return Secret(read(reference), reference) if reference else None
