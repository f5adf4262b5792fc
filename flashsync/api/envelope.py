"""From an HTTP answer to its `data`, or to the failure that it stands for (api.md, Transport)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flashsync.api.errors import (
    BY_CODE,
    Failure,
    NotTheService,
    ReferenceExist,
    ServerTrouble,
    TooFrequent,
    refs_in,
)
from flashsync.api.redact import clean

REQUEST_ID_HEADER = "Flashcat-Request-Id"
NO_ERROR = ("", "0")
"""Codes that older endpoints send along with a success."""
LONGEST_RETRY_AFTER = 60.0
"""Seconds: a server that asks for more is asked again after this."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, read whole. `location` is where a redirect points, "" where none does.

    `date` is the server's clock as its header says it, "" where it does not.
    """

    status: int
    content: bytes
    request_id: str = ""
    retry_after: str = ""
    location: str = ""
    date: str = ""


def open_envelope(answer: Answer, endpoint: str, key: str, attempt: int = 1) -> Any:
    """The `data` of a success; None where the envelope has none.

    Raises the Failure that the answer stands for, its texts without the key.
    """
    try:
        document = json.loads(answer.content)
    except (ValueError, RecursionError):
        document = None
    if type(document) is dict and 200 <= answer.status < 300:
        error = document.get("error")
        if not error:
            if "data" in document or "request_id" in document:
                return document.get("data")
        elif isinstance(error, dict) and _code(error) in NO_ERROR:
            return document.get("data")
    raise _failure(answer, document, endpoint, key, attempt)


def _code(error: Any) -> str:
    code = error.get("code") if isinstance(error, dict) else None
    return "" if code is None else str(code)


def _failure(answer: Answer, document: Any, endpoint: str, key: str, attempt: int) -> Failure:
    facts: dict[str, Any] = {"request_id": request_id(answer, document, key), "attempt": attempt}
    error = document.get("error") if isinstance(document, dict) else None
    code = _code(error)
    if isinstance(error, dict) and code not in NO_ERROR:
        message = error.get("message")
        detail = clean(message, key) if isinstance(message, str) else ""
        facts |= {"code": clean(code, key, 60), "detail": detail}
        # Where the code is not known, the status is all there is to say whether to try again.
        unknown = ServerTrouble if answer.status >= 500 else Failure
        kind = BY_CODE.get(code, TooFrequent if answer.status == 429 else unknown)
        if kind is ReferenceExist:
            facts["refs"] = refs_in(document.get("data"), key) or refs_in(error.get("data"), key)
        failure = kind(endpoint, **facts)
    else:
        failure = _by_status(answer, endpoint, key, facts)
    failure.retry_after = retry_after(answer.retry_after)
    return failure


def _by_status(answer: Answer, endpoint: str, key: str, facts: dict[str, Any]) -> Failure:
    """An answer without a code of the API: by a gateway, a portal, or another program."""
    status = answer.status
    if status == 429:
        return TooFrequent(endpoint, detail="HTTP 429", **facts)
    if status >= 500:
        return ServerTrouble(endpoint, detail=f"HTTP {status}, {_looks(answer.content)}", **facts)
    if 300 <= status < 400:
        try:
            host = urlsplit(answer.location).hostname or ""
        except ValueError:
            host = ""
        where = f"to {clean(host, key, 100)}" if host else "elsewhere"
        detail = f"HTTP {status}, a redirect {where}, which is not followed"
        return NotTheService(endpoint, detail=detail, **facts)
    return NotTheService(
        endpoint,
        detail=f"HTTP {status}, {_looks(answer.content)}",
        maybe_done=200 <= status < 300,
        **facts,
    )


def _looks(content: bytes) -> str:
    start = content[:200].lstrip().lower()
    if not start:
        return "empty"
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "HTML instead of JSON"
    if start.startswith((b"{", b"[")):
        return "JSON that is cut or of another shape"
    return "no JSON"


def request_id(answer: Answer, document: Any, key: str) -> str:
    """The id that the vendor's support asks for: from the envelope, else from the header."""
    found = document.get("request_id") if isinstance(document, dict) else None
    return clean(found if isinstance(found, str) and found else answer.request_id, key, 80)


def retry_after(header: str) -> float | None:
    """The seconds of a Retry-After header, at most 60; None where it names none.

    Dates, negative and broken values read as none: the backoff is good enough for them.
    """
    text = header.strip()
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        return LONGEST_RETRY_AFTER if text.isascii() and text.isdecimal() else None
    return min(float(text), LONGEST_RETRY_AFTER)
