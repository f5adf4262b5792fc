"""`/audit/search`: the writes to the account, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from flashsync.sandbox.answers import Json
from flashsync.sandbox.endpoints import Call, Endpoint
from flashsync.sandbox.model import DAY_SECONDS
from flashsync.sandbox.protocol import invalid
from flashsync.sandbox.request_fields import total
from flashsync.sandbox.world import AuditEntry

MAX_DAYS: Final = 90
DEFAULT_LIMIT: Final = 20
MAX_LIMIT: Final = 99


def search(call: Call) -> Json:
    """`start_time` to `end_time` (Unix seconds); the times of entries are milliseconds.

    What is older than the log is kept (`Options.audit_days`) is silently left out.

    Guess: the default `limit`, the order, and that both ends of the window are included.
    """
    fields = call.fields
    start, end = fields.span(MAX_DAYS, below=True, names=("start_time", "end_time"))
    limit = fields.integer("limit", 0, high=MAX_LIMIT) or DEFAULT_LIMIT
    before = _cursor(fields.text("search_after_ctx", ""))
    person_id = fields.optional_integer("person_id", low=1)
    operations = fields.texts("operations")
    request_id = fields.text("request_id", "")
    writes = fields.flag("is_write", default=True)
    dangerous = fields.flag("is_dangerous")
    fields.end()
    kept = call.options.audit_days
    start = start if kept is None else max(start, call.now - kept * DAY_SECONDS + 1)
    # Only writes are kept, and none of them is dangerous.
    entries = [] if dangerous or not writes else list(enumerate(call.account.audit))
    left = [
        (number, entry)
        for number, entry in reversed(entries)
        if start * 1000 <= entry.created_at <= end * 1000
        and person_id in (None, entry.member_id)
        and request_id in ("", entry.request_id)
        and (not operations or entry.operation in operations)
        and (before is None or number < before)
    ]
    page = left[:limit]
    cursor = str(page[-1][0]) if len(page) < len(left) else ""
    docs = [_entry(call, entry) for _, entry in page]
    return {"docs": docs, "total": total(left), "search_after_ctx": cursor}


ENDPOINTS: Final[Mapping[str, Endpoint]] = {"/audit/search": Endpoint(search, "audit_read")}


def _entry(call: Call, entry: AuditEntry) -> Json:
    return {
        "account_id": call.account.account_id,
        **asdict(entry),
        "is_write": True,
        "is_dangerous": False,
    }


def _cursor(value: str) -> int | None:
    """The number of the last entry on the page before; None for the first page."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit()):
        raise invalid("search_after_ctx is not a cursor of this listing")
    return int(value)
