"""The switches: what the platform leaves open, or answers now one way and now another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Form = Literal["null", "empty", "missing"]
Secrets = Literal["plain", "masked", "empty"]
Listing = Literal["list", "infos"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests an account may send; None is no limit.

    The defaults are the documented ones: 50 a second and 1,000 a minute in all, and for
    `/schedule/preview` alone 10 a second and 60 a minute.
    """

    per_second: int | None = 50
    per_minute: int | None = 1000
    previews_per_second: int | None = 10
    previews_per_minute: int | None = 60


UNLIMITED = Limits(None, None, None, None)


@dataclass(frozen=True, slots=True)
class Options:
    """How the sandbox answers. A running sandbox takes a changed value at any time.

    strict: refuse unknown fields, mirrors that differ, and an update without `schedule_name`,
        `description` or `layers`; without it they are accepted, as the service does.
    form: how an empty optional list, object or value is answered: `null`, as `[]` or `{}`
        ("empty"), or by leaving its key out ("missing").
    secrets: how `token`, `verify_token` and `sign_secret` are read back.
    layers_in: which listings carry `layers` after all ("list", "infos"); documented is neither.
    future_fields: schedules, layers, groups and webhook settings carry a field that no
        documentation knows; it is accepted back and kept, and lost where it is not sent.
    padded: webhook settings name every setting, the unset ones as "", 0 and an empty list.
    refusals: endpoints that are refused, each with the code of the refusal, such as
        `{"/oncall/roles": "RouteNotFound"}`.
    self_shifts: whether `/schedule/self` answers with computed shifts.
    audit_days: how long the audit log is kept; 0 keeps none, None keeps all.
    limits, retry_after: the rate limits, and whether a 429 says how long to wait.
    latency: seconds that every answer waits.
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
