"""What the sandbox stores of a schedule: frozen values in the platform's own terms.

All instants are Unix seconds. Times of day and of week are wall clock in the account's zone, in
seconds from 00:00 or from Monday 00:00.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

ROTATION: Final = 0
OVERRIDE: Final = 1

NO_RESTRICTION: Final = 0
DAILY: Final = 1
WEEKLY: Final = 2

DAY_SECONDS: Final = 86400
WEEK_SECONDS: Final = 7 * DAY_SECONDS

Unit = Literal["hour", "day", "week", "month"]
UNIT_SECONDS: Final[Mapping[str, int]] = {
    "hour": 3600,
    "day": DAY_SECONDS,
    "week": WEEK_SECONDS,
    "month": 30 * DAY_SECONDS,  # only for `rotation_duration`; turns follow the calendar month
}


@dataclass(frozen=True, slots=True)
class Period:
    """A window of each day or week; an end that is not after the start lies in the next one."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Seat:
    """The people of a group who serve in one role."""

    role_id: int
    person_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Takes one turn. `start` and `end` mean nothing in a configuration and are kept as sent."""

    name: str
    seats: tuple[Seat, ...]
    start: int = 0
    end: int = 0
    future: Any = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who made and who last wrote something, and when."""

    create_at: int = 0
    create_by: int = 0
    update_at: int = 0
    update_by: int = 0


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer. An override has only a name, `start`, `end` and one group.

    `inner_name` is the platform's own, which users do not see; empty where it is `name`.
    """

    name: str
    mode: int
    start: int
    end: int | None
    groups: tuple[Group, ...]
    rotation_unit: str = ""
    rotation_value: int = 0
    handoff_time: int = 0
    restrict_mode: int = NO_RESTRICTION
    restrict_periods: tuple[Period, ...] = ()
    day_mask: frozenset[int] = frozenset()  # Sunday is 0
    mask_continuous: bool = False
    fair_rotation: bool = False
    hidden: int = 0
    weight: int = 0
    restrict_start: int = 0
    restrict_end: int = 0
    stamp: Stamp = Stamp()
    future: Any = None
    inner_name: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A chat that is told about handoffs. `settings` holds the settings that are set."""

    type: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    future: Any = None


@dataclass(frozen=True, slots=True)
class FixedTime:
    """A daily message at a time of day, "HH:MM"."""

    cycle: str
    start: str


@dataclass(frozen=True, slots=True)
class NotifyBy:
    """How people are told: as each prefers, or by these channels."""

    follow_preference: bool
    personal_channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notify:
    """`advance_in_time`: seconds before a handoff; 0 is at its start, None is off."""

    advance_in_time: int | None = None
    fixed_time: FixedTime | None = None
    by: NotifyBy | None = None
    webhooks: tuple[Webhook, ...] = ()
    im: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as stored; one that is not stored yet has the id 0. `team_id` 0 is no team."""

    name: str
    description: str
    team_id: int
    layers: tuple[Layer, ...]
    notify: Notify = Notify()
    schedule_id: int = 0
    disabled: int = 0
    stamp: Stamp = Stamp()
    future: Any = None
