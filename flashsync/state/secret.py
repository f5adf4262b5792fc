"""Secrets: compared by value, printed as `***`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

MASK = "*"


@dataclass(frozen=True, slots=True)
class SecretReference:
    """Where a secret stands: an environment variable, or a file (its text, outer blanks cut)."""

    kind: Literal["env", "file"]
    name: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


class SecretRefusedError(Exception):
    """A reference that may not be used, or whose value cannot be a chat's secret.

    Holds why and what to do, and never the value.
    """

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret from the platform (a value) or from a file (a reference, and its value once read).

    `value` is None while the reference has not been read, or names nothing.
    """

    value: str | None = field(default=None, repr=False)
    reference: SecretReference | None = field(default=None, compare=False)

    @property
    def readable(self) -> bool:
        """Whether the value is the secret itself: there is one, and the platform did not mask it.

        api.md, Notify: "a value read back empty or holding `*` cannot be compared". One that came
        through a reference is the secret, asterisks or not.
        """
        return bool(self.value) and (self.reference is not None or MASK not in (self.value or ""))

    def __str__(self) -> str:
        return f"*** ({self.reference})" if self.reference else "***"

    def __repr__(self) -> str:
        return f"Secret({self.reference or '***'})"
