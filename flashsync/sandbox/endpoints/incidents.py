"""`/incident/list`: the incidents of a window, by page or by cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from flashsync.sandbox.answers import Json
from flashsync.sandbox.endpoints.endpoint import Call, Endpoint
from flashsync.sandbox.model import PROGRESSES, SEVERITIES, Incident
from flashsync.sandbox.protocol import invalid
from flashsync.sandbox.request_fields import read_page, total

MAX_DAYS: Final = 31
DEFAULT_LIMIT: Final = 20

Place = tuple[int, str]
"""Where an incident stands in the listing: when it started, and its id."""


def listing(call: Call) -> Json:
    """The newest first.

    guess: the default `limit`, the order, that the window is that of the incidents' start and both
    its ends are included, that `p` and a cursor exclude each other, and that the cursor is empty
    at the end.
    """
    fields = call.fields
    start, end = fields.span(MAX_DAYS, names=("start_time", "end_time"))
    page = read_page(fields, DEFAULT_LIMIT)
    after = _cursor(fields.text("search_after_ctx", ""))
    if after and fields.raw("p") is not None:
        raise invalid("p and search_after_ctx exclude each other")
    found = [one for one in _matching(call) if start <= one.start_time <= end]
    fields.end()
    left = [one for one in found if after is None or _place(one) < after]
    items = left[: page.limit] if after else page.of(left)
    more = bool(items) and items[-1] is not left[-1]
    return {
        "items": [_incident(call, one) for one in items] or _nothing(call),
        "total": total(found),
        "has_next_page": more,
        "search_after_ctx": "{}.{}".format(*_place(items[-1])) if more else "",
    }


ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "/incident/list": Endpoint(listing, "incidents_read"),
}


def _matching(call: Call) -> list[Incident]:
    """guess: `responder_ids` are responders, and `team_ids` the teams of the channels."""
    fields, account = call.fields, call.account
    progress = _words(fields.text("progress", ""), PROGRESSES, "progress")
    severity = _words(fields.text("incident_severity", ""), SEVERITIES, "incident_severity")
    people = set(fields.integers("responder_ids", low=1))
    teams = set(fields.integers("team_ids", low=1))
    channels = set(fields.integers("channel_ids", low=1))
    found = [
        one
        for one in account.incidents.values()
        if one.progress in progress
        and one.severity in severity
        and (not people or people & {responder.person_id for responder in one.responders})
        and (not teams or account.find_channel(one.channel_id).team_id in teams)
        and (not channels or one.channel_id in channels)
    ]
    return sorted(found, key=_place, reverse=True)


def _words(text: str, known: Sequence[str], name: str) -> Sequence[str]:
    """The words of a list with commas; all of them where there is none."""
    if not text:
        return known
    words = text.split(",")
    for word in words:
        if word not in known:
            raise invalid(f"{name} may hold {', '.join(known)}, has {word!r}")
    return words


def _place(incident: Incident) -> Place:
    return incident.start_time, incident.incident_id


def _cursor(value: str) -> Place | None:
    """The place of the last incident of the page before; None where there was none."""
    if not value:
        return None
    start, _, incident_id = value.partition(".")
    if not (start.isascii() and start.isdigit() and incident_id):
        raise invalid("search_after_ctx is not a cursor of this listing")
    return int(start), incident_id


def _incident(call: Call, one: Incident) -> Json:
    channel = call.account.find_channel(one.channel_id)
    return {
        "account_id": call.account.account_id,
        "incident_id": one.incident_id,
        "num": one.num,
        "title": one.title,
        "progress": one.progress,
        "incident_severity": one.severity,
        "start_time": one.start_time,
        "channel_id": channel.channel_id,
        "channel_name": channel.name,
        "responders": [asdict(responder) for responder in one.responders] or _nothing(call),
        "assigned_to": {"person_ids": list(one.assigned_to) or _nothing(call)},
        "detail_url": one.detail_url,
    }


def _nothing(call: Call) -> Any:
    """An empty list. guess: a list that is always there, so "missing" answers it empty."""
    return None if call.options.form == "null" else []
