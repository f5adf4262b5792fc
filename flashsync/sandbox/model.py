"""What the sandbox stores: schedules, incidents, channels with their rules.

Instants are Unix seconds. Times of day and of week are wall clock in the account's zone, in seconds
from 00:00 or from Monday 00:00.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeVar

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
    """Hours of each day or week; an end that is not after the start is in the next one."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Seat:
    """The people of a group who have one role."""

    role_id: int
    person_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Takes one turn. `start` and `end` mean nothing in a configuration and are kept as sent.

    `inner_name` is as in a layer.
    """

    name: str
    seats: tuple[Seat, ...]
    inner_name: str = ""
    start: int = 0
    end: int = 0
    future: Any = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who created and who last wrote something, and when."""

    create_at: int = 0
    create_by: int = 0
    update_at: int = 0
    update_by: int = 0


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer. An override has only a name, `start`, `end` and one group.

    `inner_name` is internal to the platform; empty if it equals `name`.
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
    """A chat that announces handoffs. `settings` leaves out empty settings."""

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
    """How to notify people: as each prefers, or by these channels."""

    follow_preference: bool
    personal_channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notify:
    """`advance_in_time` is in seconds before a handoff; 0 is at its start, None is off."""

    advance_in_time: int | None = None
    fixed_time: FixedTime | None = None
    by: NotifyBy | None = None
    webhooks: tuple[Webhook, ...] = ()
    im: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule; its id is 0 until it is stored. `team_id` 0 means no team."""

    name: str
    description: str
    team_id: int
    layers: tuple[Layer, ...]
    notify: Notify = Notify()
    schedule_id: int = 0
    disabled: int = 0
    stamp: Stamp = Stamp()
    future: Any = None


Filled = TypeVar("Filled", Schedule, Layer, Group, Webhook)

Progress = Literal["Triggered", "Processing", "Closed"]
Severity = Literal["Critical", "Warning", "Info"]

PROGRESSES: Final = ("Triggered", "Processing", "Closed")
SEVERITIES: Final = ("Critical", "Warning", "Info")


@dataclass(frozen=True, slots=True)
class Responder:
    """Somebody who was called to an incident; `acknowledged_at` is 0 until they respond."""

    person_id: int
    assigned_at: int
    acknowledged_at: int = 0


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident of a channel. A negative `start_time` is relative to the sandbox's start."""

    incident_id: str
    title: str
    channel_id: int
    start_time: int
    progress: Progress = "Triggered"
    severity: Severity = "Critical"
    responders: tuple[Responder, ...] = ()
    assigned_to: tuple[int, ...] = ()
    detail_url: str = ""

    @property
    def num(self) -> str:
        """The short number that people use. Guess: the end of the id."""
        return self.incident_id[-6:].upper()


# The undocumented field (`Options.future_fields`).


def fill_undocumented(schedule: Schedule) -> Schedule:
    """The schedule with a value in every undocumented field that has none.

    Only new schedules are filled. What an update leaves out is lost, so that a test can see it.
    """
    name = schedule.name
    layers = tuple(
        _fill_layer(layer, f"{name}/{index}") for index, layer in enumerate(schedule.layers)
    )
    webhooks = tuple(
        _fill(webhook, f"{name}#{index}") for index, webhook in enumerate(schedule.notify.webhooks)
    )
    notify = replace(schedule.notify, webhooks=webhooks)
    return _fill(replace(schedule, layers=layers, notify=notify), name)


def _fill_layer(layer: Layer, path: str) -> Layer:
    groups = tuple(_fill(group, f"{path}/{index}") for index, group in enumerate(layer.groups))
    return _fill(replace(layer, groups=groups), path)


def _fill(item: Filled, path: str) -> Filled:
    return replace(item, future=item.future or {"place": path, "tags": ["kept"]})


# Channels: where alerts arrive, and whom their rules page.


@dataclass(frozen=True, slots=True)
class EscalationLevel:
    """A level of an escalation rule; `schedules` maps schedule ids to the roles that it pages.

    Guess: without roles it pages everybody.
    """

    schedules: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    person_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EscalationRule:
    """An escalation rule, which pages its levels one after the other."""

    rule_id: str
    name: str
    levels: tuple[EscalationLevel, ...]
    status: Literal["enabled", "disabled"] = "enabled"

    def pages(self, schedule_id: int) -> bool:
        """Whether one of its levels pages a schedule."""
        return any(schedule_id in level.schedules for level in self.levels)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel with its escalation rules. `team_id` 0 means no team."""

    channel_id: int
    name: str
    team_id: int = 0
    rules: tuple[EscalationRule, ...] = ()
