"""A write to the account, as its audit log tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, when (Unix seconds), by which request.

    `operation` is as the platform calls it; `body` is the JSON that was sent, cut off at 10 KB, so
    that it may not be readable as JSON (api.md, Endpoints, /audit/search).
    """

    at: int
    member: int
    name: str
    operation: str
    body: str
    request_id: str
