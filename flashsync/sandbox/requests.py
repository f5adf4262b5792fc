"""The body of create, update and preview, checked field by field, as stored values.

Source: the platform's documentation (api.md, A schedule on the wire). A request may carry every
field that the sandbox answers, since clients send back what they read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flashsync.sandbox.model import (
    DAILY,
    DAY_SECONDS,
    NO_RESTRICTION,
    OVERRIDE,
    ROTATION,
    UNIT_SECONDS,
    WEEK_SECONDS,
    WEEKLY,
    FixedTime,
    Group,
    Layer,
    Notify,
    NotifyBy,
    Period,
    Schedule,
    Seat,
    Webhook,
)
from flashsync.sandbox.protocol import invalid, missing
from flashsync.sandbox.request_fields import MAX_INSTANT, Fields
from flashsync.sandbox.world import Account

FUTURE_FIELD: Final = "future_field"
NAME_LENGTH: Final = 40
STAMPS: Final = (
    "account_id",
    "schedule_id",
    "create_at",
    "create_by",
    "update_at",
    "update_by",
)


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What a request is checked against: the account, and whether `FUTURE_FIELD` exists."""

    account: Account
    future: bool = False

    def future_field(self, fields: Fields) -> Any:
        """The value of `FUTURE_FIELD`; None where the switch is off."""
        return fields.raw(FUTURE_FIELD) if self.future else None


def read_layers(fields: Fields, context: RequestContext) -> tuple[Layer, ...]:
    """The layers of a schedule, overrides after rotations. Guess: there may be none."""
    layers = tuple(_layer(item, context) for item in fields.objects("layers"))
    modes = [layer.mode for layer in layers]
    if modes != sorted(modes):
        raise invalid(f"{fields.at('layers')} must list overrides (mode 1) after all rotations")
    return layers


def _layer(fields: Fields, context: RequestContext) -> Layer:
    mode = fields.integer("mode", low=ROTATION, high=OVERRIDE)
    start, end = _lifetime(fields, mode)
    # Guess: an empty layer name is refused; its longest length is the decision of api.md.
    name, inner_name = _names(fields, "layer_name", low=1)
    layer = Layer(
        name=name,
        inner_name=inner_name,
        mode=mode,
        start=start,
        end=end,
        groups=_groups(fields, context, mode),
        **_rotation(fields, mode),
        **_restriction(fields, mode),
        **_mask(fields, mode),
        hidden=fields.integer("hidden", 0),
        weight=fields.integer("weight", 0),
        future=context.future_field(fields),
    )
    if layer.day_mask and layer.restrict_mode == WEEKLY:
        raise invalid(f"{fields.at('day_mask')} excludes week restrictions (restrict_mode 2)")
    for stamp in STAMPS:  # may be sent back, without effect
        fields.optional_integer(stamp)
    fields.end()
    return layer


def _names(fields: Fields, name: str, low: int, default: str | None = None) -> tuple[str, str]:
    """The name that users see, and the internal `name` where it differs from it, else "".

    An older client sends `name` alone. Guess: an internal name that is absent or empty is the
    visible one.
    """
    sent = name if fields.has(name) or not fields.has("name") else "name"
    visible = fields.text(sent, default, low=low, high=NAME_LENGTH)
    inner = fields.text("name", "", high=NAME_LENGTH)
    return visible, "" if inner == visible else inner


def _lifetime(fields: Fields, mode: int) -> tuple[int, int | None]:
    """When the layer begins and ends (Unix seconds, any second); the end is open for a rotation."""
    start = fields.mirrored(
        "layer_start", "enable_time", lambda key: fields.integer(key, 0, high=MAX_INSTANT)
    )
    if not start:
        raise invalid(f"{fields.at('layer_start')} is required")
    # Guess: `layer_end: 0` is open too, as `expire_time: 0` is.
    end = fields.mirrored(
        "layer_end",
        "expire_time",
        lambda key: fields.optional_integer(key, high=MAX_INSTANT) or None,
    )
    if mode == OVERRIDE and end is None:
        raise invalid(f"{fields.at('layer_end')} is required for an override")
    if end is not None and end <= start:
        raise invalid(f"{fields.at('layer_end')} must be after layer_start, is {end} for {start}")
    return start, end


def _rotation(fields: Fields, mode: int) -> dict[str, Any]:
    """How long a turn is. `rotation_duration` is derived, so what was sent is only looked at."""
    fields.integer("rotation_duration", 0)
    # Guess: an override may carry rotation fields, as it is read back with them.
    if mode == OVERRIDE:
        unit = fields.choice("rotation_unit", ("", *UNIT_SECONDS), "")
        value = fields.integer("rotation_value", 0, high=30)
    else:
        unit = fields.choice("rotation_unit", tuple(UNIT_SECONDS))
        value = fields.integer("rotation_value", low=1, high=30)
    fair = fields.flag("fair_rotation")
    if fair and mode == OVERRIDE:
        raise invalid(f"{fields.at('fair_rotation')} is only for rotations")
    return {
        "rotation_unit": unit,
        "rotation_value": value,
        # Guess: accepted with every rotation, although it works only with a rotation of one week.
        "handoff_time": fields.integer("handoff_time", 0, high=WEEK_SECONDS - 1),
        "fair_rotation": fair,
    }


def _restriction(fields: Fields, mode: int) -> dict[str, Any]:
    """The duty hours of each day or week."""
    restrict = fields.integer("restrict_mode", NO_RESTRICTION, high=WEEKLY)
    periods = tuple(_period(item, restrict) for item in fields.objects("restrict_periods"))
    if restrict != NO_RESTRICTION and mode == OVERRIDE:
        raise invalid(f"{fields.at('restrict_mode')} must be 0 for an override")
    # Guess: periods without a mode, and a mode without periods, are refused.
    if restrict == NO_RESTRICTION and periods:
        raise invalid(f"{fields.at('restrict_periods')} must be empty where restrict_mode is 0")
    if restrict != NO_RESTRICTION and not periods:
        raise invalid(f"{fields.at('restrict_periods')} may not be empty for this restrict_mode")
    return {
        "restrict_mode": restrict,
        "restrict_periods": periods,
        "restrict_start": fields.integer("restrict_start", 0),
        "restrict_end": fields.integer("restrict_end", 0),
    }


def _period(fields: Fields, restrict: int) -> Period:
    """One window. An end past the day or week means the next one, as an end before the start does.

    Guess: both forms are accepted (api.md, `restrict_periods`), up to one whole day or week; a
    window with equal ends is refused.
    """
    cycle = DAY_SECONDS if restrict == DAILY else WEEK_SECONDS
    start = fields.integer("restrict_start", high=cycle - 1)
    end = fields.integer("restrict_end", high=2 * cycle)
    if end == start or end - start > cycle:
        raise invalid(
            f"{fields.at('restrict_end')} makes an empty or too long window: {start}–{end}"
        )
    fields.end()
    return Period(start, end)


def _mask(fields: Fields, mode: int) -> dict[str, Any]:
    """The duty days of the week; null, `{}`, `{"repeat": null}` and an empty list mean all."""
    mask = fields.object("day_mask")
    days = mask.integers("repeat", high=6) if mask else ()
    if mask:
        mask.end()
    continuous = fields.flag("mask_continuous_enabled")
    if continuous and not days:
        raise invalid(f"{fields.at('mask_continuous_enabled')} is only for a layer with a day_mask")
    if days and mode == OVERRIDE:
        raise invalid(f"{fields.at('day_mask')} is only for rotations")
    return {"day_mask": frozenset(days), "mask_continuous": continuous}


def _groups(fields: Fields, context: RequestContext, mode: int) -> tuple[Group, ...]:
    """The groups in the order of their turns."""
    groups = tuple(_group(item, context) for item in fields.objects("groups"))
    if not groups:
        raise invalid(f"{fields.at('groups')} may not be empty")
    if mode == OVERRIDE and len(groups) != 1:
        raise invalid(f"{fields.at('groups')} must hold exactly one group for an override")
    return groups


def _group(fields: Fields, context: RequestContext) -> Group:
    # Guess: a group needs no name, and its name is at most as long as a layer's.
    name, inner_name = _names(fields, "group_name", low=0, default="")
    seats = tuple(_seat(item, context.account) for item in fields.objects("members"))
    if not seats:
        # Guess: no turn is for nobody. A preview with an empty group would settle it.
        raise invalid(f"{fields.at('members')} may not be empty")
    group = Group(
        name=name,
        inner_name=inner_name,
        seats=seats,
        start=fields.integer("start", 0),
        end=fields.integer("end", 0),
        future=context.future_field(fields),
    )
    fields.end()
    return group


def _seat(fields: Fields, account: Account) -> Seat:
    """People in a role: both must exist. Guess: somebody who has left the account still does."""
    seat = Seat(fields.integer("role_id"), fields.integers("person_ids", low=1))
    if seat.role_id not in account.roles:
        raise missing(f"{fields.at('role_id')}: role {seat.role_id} does not exist")
    if not seat.person_ids:
        raise invalid(f"{fields.at('person_ids')} may not be empty")
    for index, person_id in enumerate(seat.person_ids):
        if person_id not in account.people:
            raise missing(f"{fields.at('person_ids')}[{index}]: person {person_id} does not exist")
    fields.end()
    return seat


# The body of create, update and preview as a schedule that is not stored yet.


def read_schedule(
    fields: Fields, context: RequestContext, name: str | None = None, disabled: int = 0
) -> Schedule:
    """What every write sends: name, team, description, layers, notify, and perhaps `status`.

    `name` and `disabled` are for a body without a name and a status. The caller reads its own
    fields (`schedule_id`, `start`, `end`), then calls `fields.end()`.
    """
    # Guess: outer spaces and the Unicode form of a name are kept as sent.
    sent = fields.mirrored(
        "schedule_name", "name", lambda key: fields.text(key, "", high=NAME_LENGTH)
    )
    if not sent and name is None:
        raise invalid(f"{fields.at('schedule_name')} must have 1 to {NAME_LENGTH} characters")
    return Schedule(
        name=sent or name or "",
        description=fields.text("description", "", high=500),
        team_id=_team(fields, context.account),
        layers=read_layers(fields, context),
        notify=read_notify(fields.object("notify"), context),
        disabled=fields.integer("status", disabled, high=1),
        future=context.future_field(fields),
    )


def read_update(fields: Fields, context: RequestContext, stored: Schedule) -> Schedule:
    """The body of an update. `description` and `layers` must be sent where `strict` is on.

    Guess: name and status are kept where they are absent. Whether other absent fields keep their
    value is open; here they are emptied, the harshest reading, so that a client loses what it
    forgets.
    """
    if fields.strict:
        for name in ("schedule_name", "description", "layers"):
            fields.required(name)
    return read_schedule(fields, context, stored.name, stored.disabled)


def _team(fields: Fields, account: Account) -> int:
    """The team's id; 0 means no team."""
    team_id = fields.mirrored("team_id", "group_id", lambda key: fields.integer(key, 0))
    if team_id and team_id not in account.teams:
        raise missing(f"{fields.at('team_id')}: team {team_id} does not exist")
    return team_id


# The `notify` part of a request, checked field by field, as stored values.

ADVANCE_STEP: Final = 300  # seconds
APPS: Final = ("feishu_app", "dingtalk_app", "slack_app", "wecom_app", "teams_app")
ROBOTS: Final = ("feishu", "dingtalk", "wecom", "slack", "telegram", "zoom")
CHANNELS: Final = re.compile(r"email|sms|phone|(feishu|dingtalk|slack|wecom|teams)_app:.+")
CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

SETTINGS: Final[Mapping[str, Callable[[Fields, str], Any]]] = {
    "token": lambda fields, name: fields.text(name, ""),
    "alias": lambda fields, name: fields.text(name, ""),
    "data_source_id": lambda fields, name: fields.integer(name, 0),
    "chat_ids": lambda fields, name: fields.texts(name),
    "verify_token": lambda fields, name: fields.text(name, ""),
    "sign_secret": lambda fields, name: fields.text(name, ""),
    "integration_id": lambda fields, name: fields.integer(name, 0),
    "disable_at": lambda fields, name: fields.flag(name),
    "reply_event_types": lambda fields, name: fields.texts(name),
}


def read_notify(fields: Fields | None, context: RequestContext) -> Notify:
    """Which messages a handoff sends; none where `notify` is absent."""
    if fields is None:
        return Notify()
    notify = Notify(
        advance_in_time=_advance(fields),
        fixed_time=_fixed_time(fields.object("fixed_time")),
        by=_by(fields.object("by")),
        webhooks=tuple(_webhook(item, context) for item in fields.objects("webhooks")),
        im=_legacy(fields),
    )
    fields.end()
    return notify


def _advance(fields: Fields) -> int | None:
    """Three states: absent is off, 0 is at the start of the shift, else seconds before it."""
    seconds = fields.optional_integer("advance_in_time")
    if seconds is not None and seconds % ADVANCE_STEP:
        raise invalid(f"{fields.at('advance_in_time')} must be a multiple of {ADVANCE_STEP}")
    return seconds


def _fixed_time(fields: Fields | None) -> FixedTime | None:
    """The daily message; clients that do not set it may send both its fields empty."""
    if fields is None or not (fields.raw("cycle") or fields.raw("start")):
        return None
    daily = FixedTime(fields.choice("cycle", ("day",)), fields.text("start"))
    if not CLOCK.fullmatch(daily.start):
        raise invalid(f"{fields.at('start')} must be HH:MM, is {daily.start!r}")
    fields.end()
    return daily


def _by(fields: Fields | None) -> NotifyBy | None:
    if fields is None:
        return None
    by = NotifyBy(fields.flag("follow_preference"), fields.texts("personal_channels"))
    path = fields.at("personal_channels")
    for index, channel in enumerate(by.personal_channels):
        if not CHANNELS.fullmatch(channel):
            raise invalid(f"{path}[{index}] is not a known channel: {channel!r}")
    # Guess: one or the other; the documentation shows them as alternatives.
    if by.follow_preference and by.personal_channels:
        raise invalid(f"{path} must be empty where follow_preference is true")
    fields.end()
    return by


def _webhook(fields: Fields, context: RequestContext) -> Webhook:
    """One chat. Unset settings may be left out, or sent as "", 0 and an empty list."""
    name = fields.choice("type", APPS + ROBOTS)
    settings = fields.object("settings") or Fields({}, fields.at("settings"))
    values = {key: read(settings, key) for key, read in SETTINGS.items()}
    future = context.future_field(settings)
    settings.end()
    fields.end()
    # Guess: which setting a type cannot do without is not documented.
    needed = ("data_source_id", "chat_ids") if name in APPS else ("token",)
    for key in needed:
        if not values[key]:
            raise invalid(f"{settings.at(key)} is required for {name}")
    return Webhook(name, {key: value for key, value in values.items() if value}, future)


def _legacy(fields: Fields) -> dict[str, Any]:
    """The legacy map `im`, kept as sent. Guess: what it may contain is not documented."""
    value = fields.raw("im") or {}
    if not isinstance(value, dict):
        raise invalid(f"{fields.at('im')} must be an object")
    return value
