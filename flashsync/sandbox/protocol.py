"""Requests, replies, lines of the log, and refusals with their error codes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Request:
    """The parts of an HTTP request that the API uses. `repr` leaves out the key."""

    method: str
    path: str
    key: str = field(repr=False)
    content_type: str
    language: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. `content` is a JSON value, or the bytes to send.

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
        """The error code; empty for a success."""
        error = self.content.get("error") if isinstance(self.content, dict) else None
        return str(error.get("code", "")) if isinstance(error, dict) else ""


def refusal(code: str, message: str = "", data: Any = None) -> Reply:
    """The envelope of a failure, with the HTTP status of its code."""
    content: dict[str, Any] = {"error": {"code": code, "message": message or code}}
    if data is not None:
        content["data"] = data
    return Reply(STATUS[code], content)


@dataclass(frozen=True, slots=True)
class Logged:
    """A request and how it was answered, without its key. `at` is the rate limit's clock."""

    endpoint: str
    body: Any
    status: int
    code: str
    request_id: str
    at: float


# Error codes with their HTTP status (api.md, Transport). The code decides; the status is only
# information.

STATUS: Final = {
    "InvalidParameter": 400,
    "BadRequest": 400,
    "InvalidContentType": 400,
    "MethodNotAllowed": 405,
    "ResourceNotFound": 400,
    "ReferenceExist": 400,
    "NoLicense": 400,
    "BalanceNotEnough": 402,
    "Unauthorized": 401,
    "AccessDenied": 403,
    "RouteNotFound": 404,
    "EntityTooLarge": 413,
    "RequestLocked": 423,
    "RequestVerifyRequired": 428,
    "DangerousOperation": 428,
    "RequestTooFrequently": 429,
    "InternalError": 500,
    "ServiceUnavailable": 503,
}

CODES: Final = tuple(STATUS)

# Guess: the platform's own wording is not documented, only that it follows Accept-Language.
WORDS_ZH: Final = {
    "InvalidParameter": "参数错误",
    "BadRequest": "请求错误",
    "InvalidContentType": "请求头 Content-Type 错误",
    "MethodNotAllowed": "请求方法不支持",
    "ResourceNotFound": "资源不存在",
    "ReferenceExist": "资源被引用",
    "Unauthorized": "未授权",
    "AccessDenied": "没有权限",
    "RouteNotFound": "接口不存在",
    "EntityTooLarge": "请求体过大",
    "RequestTooFrequently": "请求过于频繁",
    "InternalError": "服务内部错误",
}


class ApiError(Exception):
    """A refusal: an error code, and a message that names the field or the object.

    wait: seconds until a client that was too fast may try again. data: what the envelope contains
    next to the error.
    """

    def __init__(self, code: str, message: str, wait: float = 0.0, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.wait = wait
        self.data = data

    def words(self, language: str) -> str:
        """The message in the language of an Accept-Language header."""
        if language.strip().lower().startswith("zh"):
            return f"{WORDS_ZH.get(self.code, self.code)}: {self.message}"
        return self.message


def invalid(message: str) -> ApiError:
    """A parameter is missing or wrong."""
    return ApiError("InvalidParameter", message)


def missing(what: str) -> ApiError:
    """The account has no such object (HTTP 400, never 404)."""
    return ApiError("ResourceNotFound", what)


def referred(what: str, refs: Sequence[dict[str, Any]]) -> ApiError:
    """Something cannot be deleted while others refer to it."""
    return ApiError("ReferenceExist", what, data={"refs": list(refs)})
