"""Switches for what the platform leaves open, answers in several ways, or may lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Form = Literal["null", "empty", "missing"]
Secrets = Literal["plain", "masked", "empty"]
Listing = Literal["list", "infos"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests an account may send; None means any number.

    The defaults are documented: 50 a second and 1,000 a minute in all, of which 10 a second and 60
    a minute may be `/schedule/preview`.
    """

    per_second: int | None = 50
    per_minute: int | None = 1000
    previews_per_second: int | None = 10
    previews_per_minute: int | None = 60


UNLIMITED = Limits(None, None, None, None)


@dataclass(frozen=True, slots=True)
class Options:
    """How the sandbox answers. A running sandbox takes a new value at any time.

    strict: refuse unknown fields, mirrors that differ, and an update without `schedule_name`,
        `description` or `layers`; without it they are accepted, as the service does.
    form: how the sandbox answers an empty optional list, object or value: with null, with `[]` or
        `{}` ("empty"), or without its key ("missing").
    secrets: how the sandbox answers `token`, `verify_token` and `sign_secret`.
    layers_in: listings with `layers` ("list", "infos"), which documentation gives to neither.
    future_fields: schedules, layers, groups and webhook settings have an undocumented field; the
        sandbox takes it back and keeps it, and loses it where it is not sent.
    padded: webhook settings include unset ones, as "", 0 and an empty list.
    refusals: endpoints that are refused, each with the code of the refusal, such as
        `{"/oncall/roles": "RouteNotFound"}`.
    self_shifts: whether `/schedule/self` answers with computed shifts.
    audit_days: how long the audit log is kept; 0 keeps none, None keeps all.
    limits, retry_after: the rate limits, and whether a 429 says how long to wait.
    latency: seconds by which every answer is delayed.
    """

    strict: bool = True
    form: Form = "null"
    secrets: Secrets = "plain"
    layers_in: frozenset[Listing] = frozenset()
    future_fields: bool = False
    padded: bool = True
    refusals: Mapping[str, str] = field(default_factory=dict)
    self_shifts: bool = True
    audit_days: int | None = None
    limits: Limits = Limits()
    retry_after: bool = True
    latency: float = 0.0

    @property
    def empty_list(self) -> list[Any] | None:
        """An empty list that is always answered. Guess: "missing" answers it as `[]`."""
        return None if self.form == "null" else []
