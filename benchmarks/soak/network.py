"""What is between client and service: no socket, no waiting, and trouble where it was planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any
from unittest.mock import patch

import httpx

from flashsync.api.client import Client
from flashsync.sandbox import Fault, Reply
from flashsync.sandbox.faults import HANG
from flashsync.sandbox.protocol import Request
from flashsync.sandbox.service import Service

Action = Callable[[], object]
WRITES = ("/schedule/create", "/schedule/update", "/schedule/delete")


@dataclass(frozen=True, slots=True)
class Served:
    """One request as it was served: its number from 1, and whether the service has acted."""

    number: int
    endpoint: str
    body: Any
    fault: Fault | None
    acted: bool

    @property
    def schedule_id(self) -> int:
        """Which schedule it is about; 0 for none, or one that is to be made."""
        ids = self.body.get("schedule_ids") or [self.body.get("schedule_id", 0)]
        return int(ids[0])


@dataclass(slots=True)
class Weather:
    """What befalls the requests of one command, by their numbers; a hook of the sandbox.

    `before` and `after` are done while that request is under way: somebody in the console, or the
    end of the client's process. `write_faults` and `after_writes` are by the number of the write;
    the latter are told which schedule it was about.
    """

    faults: Mapping[int, Fault] = field(default_factory=dict)
    before: Mapping[int, Sequence[Action]] = field(default_factory=dict)
    after: Mapping[int, Sequence[Action]] = field(default_factory=dict)
    write_faults: Mapping[int, Fault] = field(default_factory=dict)
    after_writes: Mapping[int, Callable[[int], object]] = field(default_factory=dict)
    served: list[Served] = field(default_factory=list)
    writes: int = 0

    def __call__(self, endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply:
        number = len(self.served) + 1
        for action in self.before.get(number, ()):
            action()
        self.writes += endpoint in WRITES
        fault = self.faults.get(number)
        if endpoint in WRITES:
            fault = fault or self.write_faults.get(self.writes)
        acted = False

        def noted() -> Reply:
            nonlocal acted
            reply = act()
            acted = reply.status == 200
            return reply

        reply = fault.reply(noted) if fault else noted()
        one = Served(number, endpoint, body or {}, fault, acted)
        self.served.append(one)
        if endpoint in WRITES and self.writes in self.after_writes:
            self.after_writes[self.writes](one.schedule_id)
        for action in self.after.get(number, ()):
            action()
        return reply


class Wire(httpx.BaseTransport):
    """Hands requests to the service: a timeout takes no time, and a reset no socket."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, or the exception that a network would raise."""
        headers = request.headers
        asked = Request(
            request.method,
            request.url.path,
            request.url.params.get("app_key", ""),
            headers.get("content-type", ""),
            headers.get("accept-language", ""),
            request.read(),
        )
        with self._lock:
            reply = self._service.respond(asked)
        if reply.delay >= HANG:
            raise httpx.ReadTimeout("timed out", request=request)
        if reply.drop:
            raise httpx.RemoteProtocolError("Server disconnected", request=request)
        return httpx.Response(reply.status, headers=dict(reply.headers), content=reply.payload())


class Pace:
    """A clock that waits move forward: backing off costs no time."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._lock = Lock()

    def now(self) -> float:
        """Seconds."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Wait without waiting."""
        with self._lock:
            self.seconds += seconds


@contextmanager
def quick_client(transport: httpx.BaseTransport | None, read_timeout: float) -> Iterator[None]:
    """Every client that a command makes meanwhile waits without waiting, and speaks to this.

    Their clocks differ, so that they share no times of requests.
    """
    pace = Pace()
    made = partial(
        Client,
        transport=transport,
        read_timeout=read_timeout,
        sleep=pace.sleep,
        monotonic=pace.now,
        jitter=lambda: 0.0,
    )
    with (
        patch("flashsync.operations.account.Client", made),
        patch("flashsync.cli.run.cache_folder", lambda: None),
    ):
        yield
