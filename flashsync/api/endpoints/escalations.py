"""Open incidents, and what the escalation rules of the account's channels page (api.md, Endpoints).

Their texts are for people alone, so they are made short and harmless here.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flashsync.api.client import PAGE, Client, list_all, walk
from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw, WrongShape
from flashsync.api.errors import Failure
from flashsync.api.redact import clean
from flashsync.model.account_records import Incident, Reference
from flashsync.model.timezone import DAY

_LONGEST_TEXT = 80
_CHANNELS = "/channel/list"

Channel = tuple[int, str]
"""A channel's id and its name."""


def references(client: Client) -> tuple[Reference, ...]:
    """Every level of every escalation rule that pages a schedule: one request a channel.

    Raises AccessDenied where the key's member may not read channels, else Failure. **Guess**: a
    brief listing has the names, and all rules of a channel come at once.
    """
    listed = list_all(
        client, _CHANNELS, _read_channel, lambda channel: channel[0], {"is_brief": True}
    )
    if not listed.complete:
        what = f"the account has more than {len(listed.items)} channels, and the platform "
        raise Failure(_CHANNELS, what=f"{what}lists no more")

    def rules(channel: Channel) -> list[Reference]:
        id, name = channel
        return client.fetch(
            "/channel/escalate/rule/list",
            lambda data: [
                reference
                for rule in json_fields.listing(json_fields.whole(data), "items", dict)
                for reference in _read_rule(rule, name)
            ],
            {"channel_id": id},
        )

    return tuple(reference for part in client.each(rules, listed.items) for reference in part)


def _read_channel(raw: Raw) -> Channel:
    id = json_fields.integer(raw, "channel_id")
    name = clean(json_fields.text(raw, "channel_name"), longest=_LONGEST_TEXT)
    return id, name or f"channel {id}"


def _read_rule(raw: Raw, channel: str) -> list[Reference]:
    """The schedules that each level pages, with the roles. **Guess**: no roles mean everybody."""
    id = json_fields.text(raw, "rule_id")
    rule = clean(json_fields.text(raw, "rule_name"), longest=_LONGEST_TEXT) or clean(id)
    enabled = json_fields.text(raw, "status") != "disabled"
    references = []
    for number, level in enumerate(json_fields.listing(raw, "layers", dict), 1):
        target = json_fields.mapping(level, "target")
        paged = json_fields.mapping(target, "schedule_to_role_ids")
        for schedule in paged:
            if not (schedule.isascii() and schedule.isdigit()):
                expected = "an object with ids of schedules as keys"
                raise WrongShape(target, "schedule_to_role_ids", expected, schedule)
            roles = frozenset(json_fields.listing(paged, schedule, int))
            references.append(Reference(channel, rule, number, int(schedule), roles, enabled, id))
    return references


LONGEST = 30 * DAY
"""Seconds that one listing covers: what began earlier is not seen, open or not.

31 days are refused (api.md).
"""

MOST = 10_000
"""Open incidents to read at most."""

_OPEN = "Triggered,Processing"
_LONGEST_LINK = 300


def open_incidents(client: Client, now: int) -> tuple[Incident, ...]:
    """The incidents that nobody has closed and that began in the `LONGEST` before `now` (Unix
    seconds).

    Raises AccessDenied where the key's member may not read incidents, else Failure. **Guess**: the
    window of a listing is about when incidents began.
    """
    window = {"start_time": now - LONGEST, "end_time": now}
    query = {**window, "progress": _OPEN, "limit": PAGE}
    return walk(client, "/incident/list", "items", _read_incident, query, MOST)


def _read_incident(raw: Raw) -> Incident:
    assigned = json_fields.listing(json_fields.mapping(raw, "assigned_to"), "person_ids", int)
    responders = [
        json_fields.integer(responder, "person_id")
        for responder in json_fields.listing(raw, "responders", dict)
    ]
    return Incident(
        _number(raw),
        clean(json_fields.text(raw, "title"), longest=_LONGEST_TEXT),
        clean(json_fields.text(raw, "incident_severity"), longest=_LONGEST_TEXT),
        frozenset((*responders, *assigned)),
        _link(json_fields.text(raw, "detail_url")),
    )


def _number(raw: Raw) -> str:
    """**Guess**: `num` is text or a number; the id replaces a missing one."""
    number = raw.get("num")
    if type(number) is int:
        return str(number)
    try:
        text = json_fields.text(raw, "num") or json_fields.text(raw, "incident_id")
    except WrongShape:
        raise WrongShape(raw, "num", "text or a whole number", number) from None
    return clean(text, longest=_LONGEST_TEXT)


def _link(text: str) -> str:
    """An address of the web that fits in a line; "" for anything else."""
    if len(text) > _LONGEST_LINK or not text.isascii() or clean(text) != text or " " in text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.hostname else ""
