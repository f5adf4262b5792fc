"""What goes in and out of the service: one request, one reply, one line of the log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flashsync.sandbox.failures import STATUS


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, as far as the API looks at it. `key` is shown by no `repr`."""

    method: str
    path: str
    key: str = field(repr=False)
    content_type: str
    language: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. `content` is JSON, or bytes that are sent as they are.

    delay: seconds to wait before it is sent. drop: hang up instead of answering.
    """

    status: int = 200
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False

    def payload(self) -> bytes:
        """The body as bytes."""
        if isinstance(self.content, bytes):
            return self.content
        return json.dumps(self.content, ensure_ascii=False).encode()

    @property
    def code(self) -> str:
        """The error's code; empty for a success."""
        error = self.content.get("error") if isinstance(self.content, dict) else None
        return str(error.get("code", "")) if isinstance(error, dict) else ""


def refusal(code: str, message: str = "", data: Any = None) -> Reply:
    """The envelope of a failure, with the status that belongs to its code."""
    content: dict[str, Any] = {"error": {"code": code, "message": message or code}}
    if data is not None:
        content["data"] = data
    return Reply(STATUS[code], content)


@dataclass(frozen=True, slots=True)
class Logged:
    """One request as it was answered. `at` is the rate limit's clock; the key is never kept."""

    endpoint: str
    body: Any
    status: int
    code: str
    request_id: str
    at: float
