"""The audit log of the account (api.md, Endpoints, /audit/search)."""

from __future__ import annotations

from flashsync.api import shapes
from flashsync.api.client import Client
from flashsync.api.pages import walk
from flashsync.api.shapes import Raw
from flashsync.model.audit import AuditEntry
from flashsync.model.timezone import APART, DAY

LONGEST = 90 * DAY
"""Seconds that one search may reach over."""

PAGE = 99
"""Entries of a page: the most that the platform gives."""


def search(client: Client, start: int, end: int) -> tuple[AuditEntry, ...]:
    """The writes from `start` to `end` (Unix seconds, at most `LONGEST` apart), newest first.

    Raises AccessDenied where the key's member may not read the log, else Failure. **Guess**: the
    order of the answer is not documented, so it is ours.
    """
    body = {"start_time": start, "end_time": end, "limit": PAGE, "is_write": True}
    found = walk(client, "/audit/search", "docs", _read_entry, body)
    return tuple(sorted(found, key=lambda entry: entry.at, reverse=True))


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
        shapes.integer(raw, "created_at") // 1000,
        shapes.integer(raw, "member_id", default=0),
        shapes.text(raw, "member_name"),
        shapes.text(raw, "operation"),
        shapes.text(raw, "body"),
        shapes.text(raw, "request_id"),
    )
