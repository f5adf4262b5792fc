"""Who gets notices, and how (api.md, Notify); secrets, which are compared and never printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

SECRETS = ("token", "verify_token", "sign_secret")
"""The fields of a webhook that are secrets, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class By:
    """Personal channels: each person's preference, or the named channels."""

    preference: bool = False
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Webhook:
    """A chat that gets notices. `type` is the platform's word: feishu_app, dingtalk, slack, …"""

    type: str
    alias: str = ""
    data_source: int = 0
    chats: frozenset[str] = frozenset()
    token: Secret | None = None
    verify_token: Secret | None = None
    sign_secret: Secret | None = None
    carried: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def secrets(self) -> Iterator[tuple[str, Secret]]:
        """Its secrets, each with the name of the field."""
        for name in SECRETS:
            secret: Secret | None = getattr(self, name)
            if secret is not None:
                yield name, secret

    @property
    def by_token(self) -> bool:
        """Whether its token is its address, without which it cannot work.

        Guess: true of all types but the apps, which are found by data source and chats. A request
        without the token, refused or not, would settle it.
        """
        return not self.type.endswith("_app")

    @property
    def label(self) -> str:
        """What distinguishes it from others of its type, for people; without a secret."""
        return f"{self.type} {self.alias or self.data_source or ''}".strip()


@dataclass(frozen=True, slots=True)
class Notify:
    """When and how people get notices.

    `before` is the lead in seconds: 0 is at the start of the shift, None off. `daily_at` is a
    wall-clock time `HH:MM` of the account's zone, or None.
    """

    before: int | None = None
    daily_at: str | None = None
    by: By = field(default_factory=By)
    webhooks: tuple[Webhook, ...] = ()
    carried: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


def with_tokens(notify: Notify) -> Notify:
    """The notify with a token, its value unknown, for each chat that cannot work without one.

    The platform may hide a secret by leaving it out (api.md, Notify).
    """
    hooks = (
        replace(hook, token=Secret()) if hook.by_token and hook.token is None else hook
        for hook in notify.webhooks
    )
    return replace(notify, webhooks=tuple(hooks))


MASK = "*"


@dataclass(frozen=True, slots=True)
class SecretReference:
    """Where a secret is: an environment variable, or a file (its text, stripped)."""

    kind: Literal["env", "file"]
    name: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


class SecretRefusedError(Exception):
    """A reference is forbidden, or its value cannot be a secret of a chat.

    Contains the reason and the remedy, never the value.
    """

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret from the platform (a value) or from a file (a reference, and its value once read).

    Without a `value`, the reference was not read or leads to nothing.
    """

    value: str | None = field(default=None, repr=False)
    reference: SecretReference | None = field(default=None, compare=False)

    @property
    def readable(self) -> bool:
        """Whether the value is the secret itself and was not masked by the platform.

        api.md, Notify: "a value read back empty or holding `*` cannot be compared". The value of a
        reference is the secret, with or without asterisks.
        """
        return bool(self.value) and (self.reference is not None or MASK not in (self.value or ""))

    def __str__(self) -> str:
        return f"*** ({self.reference})" if self.reference else "***"

    def __repr__(self) -> str:
        return f"Secret({self.reference or '***'})"
