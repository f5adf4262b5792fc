"""Notifications on the wire (api.md, Notify).

**Open** in api.md: whether secrets are read back plain, masked or empty. An empty one reads as no
secret, a masked one as a Secret that is not `readable`; neither is ever sent.
"""

from __future__ import annotations

from typing import Any

from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw, WrongShape
from flashsync.model.notify import SECRETS, By, Notify, Secret, Webhook

_ONLY_CYCLE = "day"
_NOTIFY_KEYS = frozenset({"advance_in_time", "fixed_time", "by", "webhooks"})
_FIXED_KEYS = frozenset({"cycle", "start"})
_BY_KEYS = frozenset({"follow_preference", "personal_channels"})
_WEBHOOK_KEYS = frozenset({"type", "settings"})
_SETTINGS_KEYS = frozenset({*SECRETS, "alias", "data_source_id", "chat_ids"})


def read_notify(raw: Raw) -> Notify:
    """An empty object notifies nobody. Raises WrongShape."""
    if not raw:
        return _NOBODY
    off = raw.get("advance_in_time") is None  # 0 is at the start of the shift
    return Notify(
        before=None if off else json_fields.integer(raw, "advance_in_time"),
        daily_at=json_fields.inside(raw, "fixed_time", _daily_at),
        by=json_fields.inside(raw, "by", _by),
        webhooks=json_fields.objects(raw, "webhooks", read_webhook),
        carried=_carried(raw),
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
    try:
        return Webhook(
            type=json_fields.text(raw, "type", default=None),
            alias=json_fields.text(settings, "alias"),
            data_source=json_fields.integer(settings, "data_source_id", default=0),
            chats=frozenset(json_fields.texts(settings, "chat_ids")),
            **{name: _secret(settings, name) for name in SECRETS},
            carried=carried,
        )
    except WrongShape as wrong:
        raise wrong if wrong.path == "type" else wrong.within("settings") from None


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


_NOBODY = Notify()


def _daily_at(raw: Raw) -> str | None:
    """The wall-clock time; api.md: only the cycle "day" exists, so another is carried whole."""
    if json_fields.text(raw, "cycle", default=_ONLY_CYCLE) != _ONLY_CYCLE:
        return None
    return json_fields.text(raw, "start") or None


def _by(raw: Raw) -> By:
    return By(
        preference=json_fields.flag(raw, "follow_preference"),
        channels=frozenset(json_fields.texts(raw, "personal_channels")),
    )


def _secret(settings: Raw, name: str) -> Secret | None:
    value = json_fields.text(settings, name)
    return Secret(value) if value else None


def _carried(raw: Raw) -> Raw:
    carried = dict(json_fields.rest(raw, _NOTIFY_KEYS))
    by = json_fields.rest(json_fields.mapping(raw, "by"), _BY_KEYS)
    if by:
        carried["by"] = by
    fixed = json_fields.mapping(raw, "fixed_time")
    if fixed.get("cycle") not in (None, "", _ONLY_CYCLE):
        carried["fixed_time"] = fixed
    elif not fixed.keys() <= _FIXED_KEYS:
        carried["fixed_time"] = json_fields.rest(fixed, _FIXED_KEYS)
    return carried or json_fields.NOTHING
