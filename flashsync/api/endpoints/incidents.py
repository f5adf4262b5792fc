"""The incidents of the account (api.md, Endpoints, /incident/list)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flashsync.api.client import Client
from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw, WrongShape
from flashsync.api.paging import PAGE, walk
from flashsync.api.redact import clean
from flashsync.model.escalations import Incident
from flashsync.model.timezone import DAY

LONGEST = 30 * DAY
"""Seconds that one listing covers: what began earlier is not seen, open or not.

31 days are refused (api.md).
"""

MOST = 10_000
"""Open incidents to read at most."""

_OPEN = "Triggered,Processing"
_LONGEST_TITLE = 80
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
    """An incident; its texts are for people alone, so they are made short and harmless here."""
    assigned = json_fields.inside(
        raw, "assigned_to", lambda part: json_fields.integers(part, "person_ids")
    )
    responders = json_fields.objects(
        raw, "responders", lambda one: json_fields.integer(one, "person_id")
    )
    return Incident(
        _number(raw),
        clean(json_fields.text(raw, "title"), longest=_LONGEST_TITLE),
        clean(json_fields.text(raw, "incident_severity"), longest=_LONGEST_TITLE),
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
        raise WrongShape("num", "text or a whole number", number) from None
    return clean(text, longest=_LONGEST_TITLE)


def _link(text: str) -> str:
    """An address of the web that fits in a line; "" for anything else."""
    if len(text) > _LONGEST_LINK or not text.isascii() or clean(text) != text or " " in text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.hostname else ""
