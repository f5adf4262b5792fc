"""A schedule on the wire, its notifications and its shifts, to and from `model` (api.md).

Reading accepts every form that means the same, drops what the server derives or deprecates, and
puts everything that is not translated into `carried`. Writing gives every declarable field
explicitly, so that an emptied field is really emptied, and what was carried as it was.
"""

from __future__ import annotations

from typing import Any

from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw, WrongShape
from flashsync.api.codec.layers import (
    NAME,
    OVERRIDE,
    ROTATION,
    read_layer,
    read_members,
    read_override,
    write_layer,
    write_override,
)
from flashsync.model.calendar import Calendar, Lane, Shift, merged, together
from flashsync.model.notify import SECRETS, By, Notify, Secret, Webhook
from flashsync.model.schedule import (
    NO_TEAM,
    Layer,
    Override,
    Schedule,
    Stamp,
    canonical_description,
)

SCHEDULE_ID = ("schedule_id", "id")
SCHEDULE_NAME = ("schedule_name", "name")
TEAM = ("team_id", "group_id")
"""**Open** in api.md: no team; 0 and null are read alike, and 0 is sent."""

_STAMPS = ("create_at", "create_by", "update_at", "update_by", "account_id")
_DEPRECATED = ("status", "disabled")
_COMPUTED = ("schedule_layers", "layer_schedules", "final_schedule", "cur_oncall", "next_oncall")
_KNOWN = frozenset(
    {
        *(*SCHEDULE_ID, *SCHEDULE_NAME, "description", *TEAM, "layers", "notify"),
        *(*_STAMPS, *_DEPRECATED, *_COMPUTED),
    }
)


def read_schedule(raw: Raw, timezone: str) -> Schedule:
    """The schedule that an answer holds; `timezone` is the account's.

    Raises WrongShape where a value is of another type than documented; inside `Client.fetch` that
    becomes a NotTheService, with the path.
    """
    layers: list[Layer] = []
    overrides: list[Override] = []
    for layer in json_fields.listing(raw, "layers", dict):
        mode = json_fields.integer(layer, "mode", default=ROTATION)
        if mode == ROTATION:
            layers.append(read_layer(layer, timezone))
        elif mode == OVERRIDE:
            overrides.append(read_override(layer))
        else:
            raise WrongShape(layer, "mode", "0 or 1", mode)
    text = json_fields.text(raw, "description")
    carried = json_fields.rest(raw, _KNOWN)
    if text != canonical_description(text):
        carried = {**carried, "description": text}
    return Schedule(
        name=json_fields.text(raw, *SCHEDULE_NAME, default=None),
        description=canonical_description(text),
        team=json_fields.integer(raw, *TEAM, default=NO_TEAM),
        layers=tuple(layers),
        overrides=tuple(overrides),
        notify=read_notify(json_fields.mapping(raw, "notify")),
        id=json_fields.integer(raw, *SCHEDULE_ID, default=0) or None,
        stamp=read_stamp(raw),
        disabled=json_fields.flag(raw, "disabled"),
        carried=carried,
    )


def read_stamp(raw: Raw) -> Stamp:
    """Who wrote it last, and when."""
    return Stamp(
        by=json_fields.integer(raw, "update_by", default=0),
        at=json_fields.integer(raw, "update_at", default=0),
    )


def as_stored(schedule: Schedule, timezone: str) -> Schedule:
    """The layers and overrides of a schedule as they read back once it was sent; nothing else."""
    rota = Schedule(schedule.name, layers=schedule.layers, overrides=schedule.overrides)
    return read_schedule(write_schedule(rota), timezone)


def write_schedule(schedule: Schedule) -> dict[str, Any]:
    """The body of create, update and preview, rotation layers first (api.md, `mode`).

    Raises AssertionError, a bug, where a secret could not be sent.
    """
    layers = [write_layer(layer) for layer in schedule.layers]
    layers += [write_override(override) for override in schedule.overrides]
    body = dict(schedule.carried)
    if schedule.id is not None:
        body["schedule_id"] = schedule.id
    body["schedule_name"] = schedule.name
    # With its outer spaces, which are sent back where nothing else differs.
    came = body.get("description", "")
    same_text = canonical_description(came) == schedule.description
    body["description"] = came if same_text else schedule.description
    body["team_id"] = schedule.team
    body["layers"] = layers
    body["notify"] = write_notify(schedule.notify)
    return body


# Notifications (api.md, Notify).
#
# **Open** in api.md: whether secrets are read back plain, masked or empty. An empty one reads as no
# secret, a masked one as a Secret that is not `readable`; neither is ever sent.

_ONLY_CYCLE = "day"
_NOTIFY_KEYS = frozenset({"advance_in_time", "fixed_time", "by", "webhooks"})
_FIXED_KEYS = frozenset({"cycle", "start"})
_BY_KEYS = frozenset({"follow_preference", "personal_channels"})
_WEBHOOK_KEYS = frozenset({"type", "settings"})
_SETTINGS_KEYS = frozenset({*SECRETS, "alias", "data_source_id", "chat_ids"})
_NOBODY = Notify()


def read_notify(raw: Raw) -> Notify:
    """An empty object notifies nobody. Raises WrongShape."""
    if not raw:
        return _NOBODY
    fixed, by = json_fields.mapping(raw, "fixed_time"), json_fields.mapping(raw, "by")
    # api.md: only the cycle "day" exists, so another is carried whole.
    daily = json_fields.text(fixed, "cycle", default=_ONLY_CYCLE) == _ONLY_CYCLE
    off = raw.get("advance_in_time") is None  # 0 is at the start of the shift
    carried = dict(json_fields.rest(raw, _NOTIFY_KEYS))
    if extras := json_fields.rest(by, _BY_KEYS):
        carried["by"] = extras
    if not daily and fixed["cycle"]:
        carried["fixed_time"] = fixed
    elif extras := json_fields.rest(fixed, _FIXED_KEYS):
        carried["fixed_time"] = extras
    return Notify(
        before=None if off else json_fields.integer(raw, "advance_in_time"),
        daily_at=json_fields.text(fixed, "start") or None if daily else None,
        by=By(
            preference=json_fields.flag(by, "follow_preference"),
            channels=frozenset(json_fields.listing(by, "personal_channels", str)),
        ),
        webhooks=tuple(map(read_webhook, json_fields.listing(raw, "webhooks", dict))),
        carried=carried or json_fields.NOTHING,
    )


def write_notify(notify: Notify) -> dict[str, Any]:
    """The whole of `notify`; what is off is left out (api.md, `advance_in_time`).

    Raises AssertionError where a secret of a webhook cannot be sent.
    """
    body = {key: part for key, part in notify.carried.items() if key not in ("by", "fixed_time")}
    if notify.before is not None:
        body["advance_in_time"] = notify.before
    fixed = notify.carried.get("fixed_time", json_fields.NOTHING)
    if notify.daily_at is not None:
        body["fixed_time"] = {**fixed, "cycle": _ONLY_CYCLE, "start": notify.daily_at}
    elif fixed.get("cycle", _ONLY_CYCLE) != _ONLY_CYCLE:
        body["fixed_time"] = fixed
    body["by"] = {
        **notify.carried.get("by", json_fields.NOTHING),
        "follow_preference": notify.by.preference,
        "personal_channels": sorted(notify.by.channels),
    }
    body["webhooks"] = [write_webhook(webhook) for webhook in notify.webhooks]
    return body


def read_webhook(raw: Raw) -> Webhook:
    """A chat; padded settings ("", 0, [] and null) read as not set."""
    settings = json_fields.mapping(raw, "settings")
    carried = json_fields.rest(raw, _WEBHOOK_KEYS)
    if extras := json_fields.rest(settings, _SETTINGS_KEYS):
        carried = {**carried, "settings": extras}
    secrets = {name: json_fields.text(settings, name) for name in SECRETS}
    return Webhook(
        type=json_fields.text(raw, "type", default=None),
        alias=json_fields.text(settings, "alias"),
        data_source=json_fields.integer(settings, "data_source_id", default=0),
        chats=frozenset(json_fields.listing(settings, "chat_ids", str)),
        **{name: Secret(value) for name, value in secrets.items() if value},
        carried=carried,
    )


def write_webhook(webhook: Webhook) -> dict[str, Any]:
    """A chat, its settings holding what is set and what was carried."""
    settings = {
        key: part
        for key, part in webhook.carried.get("settings", json_fields.NOTHING).items()
        if key not in _SETTINGS_KEYS
    }
    if webhook.alias:
        settings["alias"] = webhook.alias
    if webhook.data_source:
        settings["data_source_id"] = webhook.data_source
    if webhook.chats:
        settings["chat_ids"] = sorted(webhook.chats)
    for name, secret in webhook.secrets():
        # The plan refuses these, so to come here is a bug.
        if not secret.readable:
            message = f"{name} of {webhook.label} is masked or missing and cannot be sent"
            raise AssertionError(message)
        settings[name] = secret.value or ""
    carried = {key: part for key, part in webhook.carried.items() if key not in _WEBHOOK_KEYS}
    return {**carried, "type": webhook.type, "settings": settings}


# Computed shifts (api.md, A schedule on the wire, Computed shifts).


def read_shifts(raw: Raw, start: int, end: int, *, lanes: bool = True) -> Calendar:
    """The shifts of an answer that was asked for a window, clipped to it. Raises WrongShape.

    Without `lanes` only the final schedule is read: half of the shifts, as a rule. That has the
    shape of one nameless layer. **Guess**: or of several of them.
    """
    key = "schedule_layers" if raw.get("schedule_layers") else "layer_schedules"
    listed = json_fields.listing(raw, key, dict) if lanes else []
    final = raw.get("final_schedule")
    parts = [final] if type(final) is dict else []
    if final and not parts:
        parts = json_fields.listing(raw, "final_schedule", dict)
    final_lanes = [_read_lane(part, start, end) for part in parts]
    return Calendar(
        start,
        end,
        tuple(
            sorted(
                (_read_lane(lane, start, end) for lane in listed), key=lambda lane: lane.override
            )
        ),
        merged(together([shift for lane in final_lanes for shift in lane.shifts])),
    )


def _read_lane(raw: Raw, start: int, end: int) -> Lane:
    """The shifts of a layer within a window. **Guess**: the platform clips them; else it is done
    here."""
    shifts = []
    for part in json_fields.listing(raw, "schedules", dict):
        begin, finish = json_fields.instant(part, "start"), json_fields.instant(part, "end")
        members = read_members(json_fields.mapping(part, "group"))
        index = json_fields.integer(part, "index", default=0)
        if begin < start or finish > end:
            begin, finish = max(begin, start), min(finish, end)
        if begin < end and start < finish:
            shifts.append(Shift(begin, finish, members, index))
    mode = json_fields.integer(raw, "mode", default=ROTATION)
    return Lane(json_fields.text(raw, *NAME), mode == OVERRIDE, tuple(shifts))
