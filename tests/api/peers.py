"""Peers for tests: functions from request to response, a clock without waiting, clients of both."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

import httpx

from flashsync.api.client import Client
from flashsync.api.credentials import Credentials
from flashsync.model.notify import Secret

KEY = "k3y-0f-the-tests"
HOST = "https://api.example"
ZONE = "Asia/Shanghai"

Peer = Callable[[httpx.Request], httpx.Response]


class Clock:
    """Seconds that pass only by sleeping; remembers each sleep."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []
        self._lock = Lock()

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.seconds += seconds


def client(peer: Peer, clock: Clock | None = None, key: str = KEY, **options: Any) -> Client:
    """A client that talks to the peer; waits take no time, backoff has no jitter."""
    clock = clock or Clock()
    settings: dict[str, Any] = {
        "transport": httpx.MockTransport(peer),
        "sleep": clock.sleep,
        "monotonic": clock.now,
        "jitter": lambda: 0.0,
        "rate": 1,
    }
    return Client(Credentials(Secret(key), HOST), **(settings | options))


def ok(data: Any, request_id: str = "req-1") -> httpx.Response:
    """A success of the platform."""
    return httpx.Response(200, json={"request_id": request_id, "data": data})


def error(
    code: str,
    message: str = "",
    status: int = 400,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> httpx.Response:
    """A failure of the platform."""
    envelope = {"request_id": "req-9", "error": {"code": code, "message": message}, **more}
    return httpx.Response(status, json=envelope, headers=dict(headers or {}))


def sent(request: httpx.Request) -> Any:
    """The body of a request."""
    return json.loads(request.content)


class Script:
    """Answers one after the other, the last one for ever; remembers the requests.

    An exception in the script is raised.
    """

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
