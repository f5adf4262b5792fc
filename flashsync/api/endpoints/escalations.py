"""The channels of the account and what their escalation rules page (api.md, Endpoints)."""

from __future__ import annotations

from flashsync.api.client import Client
from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw, WrongShape
from flashsync.api.errors import Failure
from flashsync.api.paging import list_all
from flashsync.api.redact import clean
from flashsync.model.escalations import Reference

_LONGEST_NAME = 80
_CHANNELS = "/channel/list"

Channel = tuple[int, str]
"""A channel's id and its name."""


def references(client: Client) -> tuple[Reference, ...]:
    """Every level of every escalation rule that pages a schedule: one request a channel.

    Raises AccessDenied where the key's member may not read channels, else Failure. **Guess**: a
    brief listing has the names, and all rules of a channel come at once.
    """
    listed = list_all(client, _CHANNELS, _read_channel, lambda one: one[0], {"is_brief": True})
    if not listed.complete:
        what = f"the account has more than {len(listed.items)} channels, and the platform "
        raise Failure(_CHANNELS, what=f"{what}lists no more")
    found = client.each(lambda channel: _rules(client, channel), listed.items)
    return tuple(one for part in found for one in part)


def _rules(client: Client, channel: Channel) -> tuple[Reference, ...]:
    id, name = channel

    def read(data: object) -> tuple[Reference, ...]:
        rules = json_fields.objects(
            json_fields.whole(data), "items", lambda raw: _read_rule(raw, name)
        )
        return tuple(one for part in rules for one in part)

    return client.fetch("/channel/escalate/rule/list", read, {"channel_id": id})


def _read_channel(raw: Raw) -> Channel:
    id = json_fields.integer(raw, "channel_id")
    return id, clean(
        json_fields.text(raw, "channel_name"), longest=_LONGEST_NAME
    ) or f"channel {id}"


def _read_rule(raw: Raw, channel: str) -> tuple[Reference, ...]:
    id = json_fields.text(raw, "rule_id")
    rule = clean(json_fields.text(raw, "rule_name"), longest=_LONGEST_NAME) or clean(id)
    enabled = json_fields.text(raw, "status") != "disabled"
    levels = json_fields.objects(
        raw, "layers", lambda level: json_fields.inside(level, "target", _read_target)
    )
    return tuple(
        Reference(channel, rule, number, schedule, roles, enabled, id)
        for number, paged in enumerate(levels, 1)
        for schedule, roles in paged
    )


def _read_target(raw: Raw) -> list[tuple[int, frozenset[int]]]:
    """The schedules that a level pages, with the roles. **Guess**: no roles mean everybody."""
    targets = []
    key = "schedule_to_role_ids"
    paged = json_fields.mapping(raw, key)
    for schedule in paged:
        if not (schedule.isascii() and schedule.isdigit()):
            raise WrongShape(key, "an object with ids of schedules as keys", schedule)
        try:
            roles = json_fields.integers(paged, schedule)
        except WrongShape as wrong:
            raise wrong.within(key) from None
        targets.append((int(schedule), frozenset(roles)))
    return targets
