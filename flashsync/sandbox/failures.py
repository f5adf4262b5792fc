"""The ways in which the platform says no: its error codes, their HTTP status and their words.

Source: the platform's documentation (api.md, Transport). The code decides; the status is
information only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

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

# guess: the platform's own wording is not documented, only that it follows Accept-Language.
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
    """A refusal: one of the platform's codes, and a message that names the field or the thing.

    wait: seconds after which a client that was too quick may come back. data: what the envelope
    holds beside the error.
    """

    def __init__(self, code: str, message: str, wait: float = 0.0, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.wait = wait
        self.data = data

    def words(self, language: str) -> str:
        """The message for an Accept-Language header: Chinese where it asks for that first."""
        if language.strip().lower().startswith("zh"):
            return f"{WORDS_ZH.get(self.code, self.code)}: {self.message}"
        return self.message


def invalid(message: str) -> ApiError:
    """A parameter is missing or wrong."""
    return ApiError("InvalidParameter", message)


def missing(what: str) -> ApiError:
    """Something named by id is not in the account (HTTP 400, never 404)."""
    return ApiError("ResourceNotFound", what)


def referred(what: str, refs: Sequence[dict[str, Any]]) -> ApiError:
    """Something cannot be deleted while others refer to it. guess: the shape of `data.refs`."""
    return ApiError("ReferenceExist", what, data={"refs": list(refs)})
