"""`/channel/list` and the escalation rules of a channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flashsync.sandbox.answers import Json
from flashsync.sandbox.endpoints import Call, Endpoint
from flashsync.sandbox.model import Channel, EscalationLevel, EscalationRule
from flashsync.sandbox.request_fields import read_page, total

DEFAULT_LIMIT: Final = 100
MAX_INFOS: Final = 1000


def listing(call: Call) -> Json:
    """`/channel/list`, by id; all of them, or by a part of the name, and by team."""
    fields = call.fields
    page = read_page(fields, DEFAULT_LIMIT)
    brief = fields.flag("is_brief")
    query = fields.text("query", "").lower()
    teams = fields.integers("team_ids", low=1)
    fields.end()
    channels = [
        channel
        for channel in sorted(call.account.channels.values(), key=lambda item: item.channel_id)
        if query in channel.name.lower() and (not teams or channel.team_id in teams)
    ]
    items = [_channel(call, channel, brief=brief) for channel in page.of(channels)]
    return {"items": items, "total": total(channels)}


def infos(call: Call) -> Json:
    """`/channel/infos`. Guess: the brief form, and unknown ids are left out."""
    ids = call.fields.ids("channel_ids", MAX_INFOS)
    call.fields.end()
    channels = call.account.channels
    return {"items": [_channel(call, channels[id], brief=True) for id in ids if id in channels]}


def rules(call: Call) -> Json:
    """`/channel/escalate/rule/list`: all rules of a channel, on one page.

    Levels are called `layers`. Guess: the fields of a rule that api.md does not name.
    """
    channel = call.account.find_channel(call.fields.integer("channel_id", low=1))
    call.fields.end()
    return {"items": [_rule(call, channel, rule) for rule in channel.rules]}


ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "/channel/list": Endpoint(listing, "channels_read"),
    "/channel/infos": Endpoint(infos, "channels_read"),
    "/channel/escalate/rule/list": Endpoint(rules, "channels_read"),
}


def _channel(call: Call, channel: Channel, *, brief: bool) -> Json:
    answer: Json = {
        "channel_id": channel.channel_id,
        "channel_name": channel.name,
        "description": "",
        "status": "enabled",
    }
    if not brief:
        answer |= {"account_id": call.account.account_id, "team_id": channel.team_id}
    return answer


def _rule(call: Call, channel: Channel, rule: EscalationRule) -> Json:
    return {
        "account_id": call.account.account_id,
        "channel_id": channel.channel_id,
        "rule_id": rule.rule_id,
        "rule_name": rule.name,
        "status": rule.status,
        "priority": channel.rules.index(rule),
        "layers": [_level(call, level) for level in rule.levels],
    }


def _level(call: Call, level: EscalationLevel) -> Json:
    form = call.options.form
    roles = {str(id): list(role_ids) for id, role_ids in level.schedules.items()}
    target: Json = {}
    for name, value, empty in (
        ("person_ids", list(level.person_ids), []),
        ("schedule_to_role_ids", roles, {}),
    ):
        if value or form != "missing":
            target[name] = value or (None if form == "null" else empty)
    return {"max_times": 1, "notify_step": 10, "escalate_window": 30, "target": target}
