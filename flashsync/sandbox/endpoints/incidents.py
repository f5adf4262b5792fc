"""`/incident/list`: the incidents of a window, by page or by cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from flashsync.sandbox.answers import Json
from flashsync.sandbox.endpoints import Call, Endpoint
from flashsync.sandbox.model import PROGRESSES, SEVERITIES, Incident
from flashsync.sandbox.protocol import invalid
from flashsync.sandbox.request_fields import MAX_IDS, read_page, total

MAX_DAYS: Final = 31
DEFAULT_LIMIT: Final = 20

Position = tuple[int, str]
"""An incident's position in the listing: when it started, and its id."""


def listing(call: Call) -> Json:
    """`/incident/list`, newest first.

    Guess: the order, that the window is about the start of incidents and includes both its ends,
    that `p` and a cursor exclude each other, and that the cursor is empty at the end.
    """
    fields = call.fields
    start, end = fields.span(MAX_DAYS, below=True, names=("start_time", "end_time"))
    page = read_page(fields, DEFAULT_LIMIT, low=0)
    after = _cursor(fields.text("search_after_ctx", ""))
    if after and fields.raw("p"):
        raise invalid("p and search_after_ctx exclude each other")
    matching = [incident for incident in _matching(call) if start <= incident.start_time <= end]
    fields.end()
    left = [incident for incident in matching if after is None or _position(incident) < after]
    items = left[: page.limit] if after else page.of(left)
    more = bool(items) and items[-1] is not left[-1]
    return {
        "items": [_incident(call, incident) for incident in items] or call.options.empty_list,
        "total": total(matching),
        "has_next_page": more,
        "search_after_ctx": "{}.{}".format(*_position(items[-1])) if more else "",
    }


def by_ids(call: Call) -> Json:
    """`/incident/list-by-ids`. Guess: the order of the ids, and unknown ids are left out."""
    ids = call.fields.texts("incident_ids")
    call.fields.check_count("incident_ids", len(ids), MAX_IDS)
    call.fields.end()
    incidents = call.account.incidents
    items = [_incident(call, incidents[id]) for id in ids if id in incidents]
    return {
        "items": items or call.options.empty_list,
        "total": total(items),
        "has_next_page": False,
    }


ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "/incident/list": Endpoint(listing, "incidents_read"),
    "/incident/list-by-ids": Endpoint(by_ids, "incidents_read"),
}


def _matching(call: Call) -> list[Incident]:
    """Guess: `query` is a part of the title, `team_ids` are the teams of the channels."""
    fields, account = call.fields, call.account
    query = fields.text("query", "").lower()
    progress = _words(fields.text("progress", ""), PROGRESSES, "progress")
    severity = _words(fields.text("incident_severity", ""), SEVERITIES, "incident_severity")
    people = set(fields.integers("responder_ids", low=1))
    teams = set(fields.integers("team_ids", low=1))
    channels = set(fields.integers("channel_ids", low=1))
    matching = [
        incident
        for incident in account.incidents.values()
        if query in incident.title.lower()
        and incident.progress in progress
        and incident.severity in severity
        and (not people or people & {responder.person_id for responder in incident.responders})
        and (not teams or account.find_channel(incident.channel_id).team_id in teams)
        and (not channels or incident.channel_id in channels)
    ]
    return sorted(matching, key=_position, reverse=True)


def _words(text: str, known: Sequence[str], name: str) -> Sequence[str]:
    """The words of a list with commas; all known words for an empty list."""
    if not text:
        return known
    words = text.split(",")
    for word in words:
        if word not in known:
            raise invalid(f"{name} must be one of {', '.join(known)}, is {word!r}")
    return words


def _position(incident: Incident) -> Position:
    return incident.start_time, incident.incident_id


def _cursor(value: str) -> Position | None:
    """The position of the last incident on the page before; None for the first page."""
    if not value:
        return None
    start, _, incident_id = value.partition(".")
    if not (start.isascii() and start.isdigit() and incident_id):
        raise invalid("search_after_ctx is not a cursor of this listing")
    return int(start), incident_id


def _incident(call: Call, incident: Incident) -> Json:
    channel = call.account.find_channel(incident.channel_id)
    return {
        "account_id": call.account.account_id,
        "incident_id": incident.incident_id,
        "num": incident.num,
        "title": incident.title,
        "progress": incident.progress,
        "incident_severity": incident.severity,
        "start_time": incident.start_time,
        "channel_id": channel.channel_id,
        "channel_name": channel.name,
        "responders": [asdict(responder) for responder in incident.responders]
        or call.options.empty_list,
        "assigned_to": {"person_ids": list(incident.assigned_to) or call.options.empty_list},
        "detail_url": incident.detail_url,
    }
