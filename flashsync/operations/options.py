"""What a run is asked for, as values: the options of `Session` and of the operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from flashsync.model.desired import Rollout
from flashsync.operations.selection import ALL, Selection


class EffectsMode(StrEnum):
    """Who computes which shifts move."""

    AUTO = "auto"
    SERVER = "server"
    LOCAL = "local"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """The share of the account's rate limit to use, and how many requests run at once."""

    rate: float = 0.8
    parallel: int = 8


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """Where the configuration and the journals are, and in which zone times are shown.

    `config` is the path of flashsync.yaml, by default the nearest one upward. `timezone` is by
    default the account's. `journal` is a folder, by default `.flashsync/journal` next to
    flashsync.yaml; `none` writes no journal.
    """

    config: str | None = None
    timezone: str | None = None
    journal: str | None = None
    connection: ConnectionOptions = field(default_factory=ConnectionOptions)


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What a plan is about and what it may do. None leaves a decision to flashsync.yaml.

    `rollout` is a Rollout, its name, or a time on the account's clocks. `window` is the time in
    seconds for which effects are computed. `checks` are levels by check: off, warn or error.
    Without `judged`, the plan has no effects and no check runs. With `lanes`, the calendars of its
    effects have the lanes of layers and overrides. With `leavers`, people who left the
    account can be named. `tidy` is a number of seconds: what ended before then is removed, and
    nothing else is planned.
    """

    selection: Selection = ALL
    rollout: Rollout | str | None = None
    effects: EffectsMode | None = None
    window: int | None = None
    checks: Mapping[str, str] = field(default_factory=dict)
    prune: bool = False
    max_deletes: int | None = None
    max_change_percent: int | None = None
    create_lookalike: bool = False
    send_secrets: bool = False
    leavers: bool = False
    judged: bool = True
    lanes: bool = False
    tidy: int | None = None


@dataclass(frozen=True, slots=True)
class SavedPlanOptions:
    """How old a saved plan may be, in seconds, and whether it is compared with the files."""

    max_age: int | None = None
    without_files: bool = False
