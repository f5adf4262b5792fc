"""`/audit/search`: the writes to the account, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from flashsync.sandbox.answers import Json
from flashsync.sandbox.endpoints.endpoint import Call, Endpoint
from flashsync.sandbox.model import DAY_SECONDS
from flashsync.sandbox.protocol import invalid

MAX_DAYS: Final = 90
MAX_LIMIT: Final = 99


def search(call: Call) -> Json:
    """`start_time` to `end_time` (Unix seconds); the entries' own times are milliseconds.

    What is older than the log is kept (`Options.audit_days`) is silently left out.

    Guess: the default `limit`, the order, and that both ends of the window are included.
    """
    fields = call.fields
    start, end = fields.span(MAX_DAYS, names=("start_time", "end_time"))
    limit = fields.integer("limit", 20, low=1, high=MAX_LIMIT)
    before = _cursor(fields.text("search_after_ctx", ""))
    person_id = fields.optional_integer("person_id", low=1)
    fields.flag("is_write")  # only writes are kept, so either answer is the same
    fields.end()
    kept = call.options.audit_days
    start = start if kept is None else max(start, call.now - kept * DAY_SECONDS + 1)
    found = [
        (number, entry)
        for number, entry in reversed(list(enumerate(call.account.audit)))
        if start * 1000 <= entry.created_at <= end * 1000
        and person_id in (None, entry.member_id)
        and (before is None or number < before)
    ]
    page = found[:limit]
    cursor = str(page[-1][0]) if len(page) < len(found) else ""
    return {"docs": [asdict(entry) for _, entry in page], "search_after_ctx": cursor}


ENDPOINTS: Final[Mapping[str, Endpoint]] = {"/audit/search": Endpoint(search, "audit_read")}


def _cursor(value: str) -> int | None:
    """The number of the last entry that the page before told; None where there was none."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit()):
        raise invalid("search_after_ctx is not a cursor of this listing")
    return int(value)
