"""`/channel/list` and the escalation rules of a channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flashsync.sandbox.answers import Json
from flashsync.sandbox.endpoints.endpoint import Call, Endpoint
from flashsync.sandbox.model import Channel, EscalationLevel, EscalationRule
from flashsync.sandbox.request_fields import read_page, total

DEFAULT_LIMIT: Final = 100


def listing(call: Call) -> Json:
    """`/channel/list`, in the order of the ids. guess: a brief answer has only ids and names."""
    page = read_page(call.fields, DEFAULT_LIMIT)
    brief = call.fields.flag("is_brief")
    call.fields.end()
    found = sorted(call.account.channels.values(), key=lambda channel: channel.channel_id)
    items = [_channel(call, channel, brief=brief) for channel in page.of(found)]
    return {"items": items, "total": total(found)}


def rules(call: Call) -> Json:
    """`/channel/escalate/rule/list`: all rules of a channel, on one page.

    guess: api.md names a level's `target`; that levels are called `layers`, and rules have a name,
    an id and a status, is not said there.
    """
    channel = call.account.find_channel(call.fields.integer("channel_id", low=1))
    call.fields.end()
    return {"items": [_rule(call, channel, rule) for rule in channel.rules]}


ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "/channel/list": Endpoint(listing, "channels_read"),
    "/channel/escalate/rule/list": Endpoint(rules, "channels_read"),
}


def _channel(call: Call, channel: Channel, *, brief: bool) -> Json:
    answer: Json = {"channel_id": channel.channel_id, "channel_name": channel.name}
    if brief:
        return answer
    return {
        "account_id": call.account.account_id,
        **answer,
        "team_id": channel.team_id,
        "description": "",
        "status": "enabled",
    }


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
    """A level; a target that pages no schedule, or nobody by name, has it as options say."""
    form = call.options.form
    target: Json = {}
    for name, value, empty in (
        ("person_ids", list(level.person_ids), []),
        ("schedule_to_role_ids", _roles(level), {}),
    ):
        if value or form != "missing":
            target[name] = value or (None if form == "null" else empty)
    return {"max_times": 1, "notify_step": 10, "escalate_window": 30, "target": target}


def _roles(level: EscalationLevel) -> dict[str, Any]:
    return {str(schedule_id): list(roles) for schedule_id, roles in level.schedules.items()}
