"""The `notify` part of a request, checked field by field, as stored values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from flashsync.sandbox.failures import invalid
from flashsync.sandbox.fields import Fields
from flashsync.sandbox.layer_request import Context
from flashsync.sandbox.model import FixedTime, Notify, NotifyBy, Webhook

ADVANCE_STEP: Final = 300  # seconds
APPS: Final = ("feishu_app", "dingtalk_app", "slack_app", "wecom_app", "teams_app")
ROBOTS: Final = ("feishu", "dingtalk", "wecom", "slack", "telegram", "zoom")
CHANNELS: Final = re.compile(r"email|sms|(feishu|dingtalk|wecom)_app:.+")
CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

SETTINGS: Final[Mapping[str, Callable[[Fields, str], Any]]] = {
    "token": lambda fields, name: fields.text(name, ""),
    "alias": lambda fields, name: fields.text(name, ""),
    "data_source_id": lambda fields, name: fields.integer(name, 0),
    "chat_ids": lambda fields, name: fields.texts(name),
    "verify_token": lambda fields, name: fields.text(name, ""),
    "sign_secret": lambda fields, name: fields.text(name, ""),
}


def read_notify(fields: Fields | None, context: Context) -> Notify:
    """How people and chats are told of handoffs; all off where it is absent."""
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
    if fields is None:
        return None
    found = FixedTime(fields.choice("cycle", ("day",)), fields.text("start"))
    if not CLOCK.fullmatch(found.start):
        raise invalid(f"{fields.at('start')} must be HH:MM, is {found.start!r}")
    fields.end()
    return found


def _by(fields: Fields | None) -> NotifyBy | None:
    if fields is None:
        return None
    found = NotifyBy(fields.flag("follow_preference"), fields.texts("personal_channels"))
    path = fields.at("personal_channels")
    for index, channel in enumerate(found.personal_channels):
        if not CHANNELS.fullmatch(channel):
            raise invalid(f"{path}[{index}] is not a known channel: {channel!r}")
    # guess: one or the other; the documentation shows them as alternatives.
    if found.follow_preference and found.personal_channels:
        raise invalid(f"{path} must be empty where follow_preference is true")
    fields.end()
    return found


def _webhook(fields: Fields, context: Context) -> Webhook:
    """One chat. Unset settings may be left out, or sent as "", 0 and an empty list."""
    name = fields.choice("type", APPS + ROBOTS)
    settings = fields.object("settings") or Fields({}, fields.at("settings"))
    values = {key: read(settings, key) for key, read in SETTINGS.items()}
    future = context.future_field(settings)
    settings.end()
    fields.end()
    # guess: which setting a type cannot do without is not documented.
    needed = ("data_source_id", "chat_ids") if name in APPS else ("token",)
    for key in needed:
        if not values[key]:
            raise invalid(f"{settings.at(key)} is required for {name}")
    return Webhook(name, {key: value for key, value in values.items() if value}, future)


def _legacy(fields: Fields) -> dict[str, Any]:
    """The legacy map `im`: kept as sent. guess: nothing of its inside is documented."""
    value = fields.raw("im") or {}
    if not isinstance(value, dict):
        raise invalid(f"{fields.at('im')} must be an object")
    return value
