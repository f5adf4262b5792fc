"""The audit log of the account (api.md, Endpoints, /audit/search)."""

from __future__ import annotations

import json

from flashsync.api.client import Client, walk
from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw, WrongShape
from flashsync.api.codec.layers import OVERRIDE, ROTATION, read_override
from flashsync.model.account_records import AuditEntry
from flashsync.model.schedule import Override
from flashsync.model.timezone import APART, DAY

LONGEST = 89 * DAY
"""Seconds that one search may reach over."""

PAGE = 99
"""Entries of a page: the most that the platform gives."""


def search(client: Client, start: int, end: int) -> tuple[AuditEntry, ...]:
    """The writes from `start` to `end` (Unix seconds, at most `LONGEST` apart), newest first.

    Raises AccessDenied where the key's member may not read the log, else Failure. **Guess**: the
    order of the answer is not documented, so it is ours.
    """
    body = {"start_time": start, "end_time": end, "limit": PAGE, "is_write": True}
    entries = walk(client, "/audit/search", "docs", _read_entry, body)
    return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))


def since(client: Client, start: int, now: int) -> tuple[AuditEntry, ...]:
    """The writes from `start` until now (Unix seconds), as far back as one search reaches.

    Raises as `search`. **Guess**: an end in the future is taken; the platform's clock may be ahead,
    and a write of this very moment has to be in it.
    """
    end = now + APART
    return search(client, min(max(start, end - LONGEST), now), end)


def _read_entry(raw: Raw) -> AuditEntry:
    """An entry; its time comes in milliseconds. **Guess**: its id is that of the write's answer."""
    return AuditEntry(
        json_fields.integer(raw, "created_at") // 1000,
        json_fields.integer(raw, "member_id", default=0),
        json_fields.text(raw, "member_name"),
        json_fields.text(raw, "operation"),
        json_fields.text(raw, "body"),
        json_fields.text(raw, "request_id"),
    )


def overrides_in(entry: AuditEntry) -> tuple[Override, ...] | None:
    """The override layers that a write sent, as far as its body shows them; None where that cannot
    be read."""
    try:
        body = json_fields.whole(json.loads(entry.body))
        return tuple(
            read_override(layer)
            for layer in json_fields.listing(body, "layers", dict)
            if json_fields.integer(layer, "mode", default=ROTATION) == OVERRIDE
        )
    except (WrongShape, ValueError, RecursionError):
        return None
