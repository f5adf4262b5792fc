"""The sandbox on a socket: `running` in a thread for tests, `serve` in the foreground."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from flashsync.sandbox.console import EDIT_PATH, Console, answer_edit
from flashsync.sandbox.faults import Faults, Hook, PlannedFault
from flashsync.sandbox.local_server import LocalServer, listen, url_of
from flashsync.sandbox.options import Options
from flashsync.sandbox.protocol import Logged, Reply, Request
from flashsync.sandbox.service import Service
from flashsync.sandbox.world import World

CONSOLE_PERSON = "bob@example.com"
START_TIMEOUT = 10.0  # seconds


class Sandbox:
    """A running sandbox. url: its base URL. world: its state."""

    def __init__(self, service: Service, url: str) -> None:
        self._service = service
        self.url = url
        self.world = service.world

    @property
    def console(self) -> Console:
        """Bob in the web console of the first account."""
        return Console(self._service, self.world.account, CONSOLE_PERSON)

    @property
    def log(self) -> list[Logged]:
        """All requests so far, in the order of the answers. May be cleared."""
        return self._service.log

    @property
    def counts(self) -> Counter[str]:
        """The number of requests to each endpoint, including refused ones."""
        return Counter(entry.endpoint for entry in self.log)

    @property
    def refused(self) -> int:
        """The number of requests over a rate limit."""
        return sum(entry.status == 429 for entry in self.log)

    @property
    def options(self) -> Options:
        """The switches; a new value applies from the next request on."""
        return self._service.options

    @options.setter
    def options(self, options: Options) -> None:
        self._service.options = options

    @property
    def hook(self) -> Hook | None:
        """A function between client and service; see `faults.Hook`."""
        return self._service.faults.hook

    @hook.setter
    def hook(self, hook: Hook | None) -> None:
        self._service.faults.hook = hook

    def fail_next(
        self, reply: Reply, endpoint: str | None = None, *, acted: bool = False, times: int = 1
    ) -> None:
        """Answers the next `times` requests, to `endpoint` or to any, with `reply`.

        acted: the service carries out the requests all the same, as before a timeout or a 502.
        """
        self._service.faults.planned.append(PlannedFault(reply, endpoint, acted, times))

    @property
    def faults(self) -> Faults:
        """The faults between client and service; `faults.at(n, fault)` plans one."""
        return self._service.faults

    def console_of(self, account: str | int, by: str | int) -> Console:
        """The console of another account, by its name or id."""
        accounts = self.world.accounts.values()
        stored = next(item for item in accounts if account in (item.account_id, item.name))
        return Console(self._service, stored, by)


@contextlib.contextmanager
def running(
    world: World,
    options: Options | None = None,
    *,
    now: Callable[[], float],
    monotonic: Callable[[], float] = time.monotonic,
    port: int = 0,
) -> Iterator[Sandbox]:
    """Serves `world` on this machine from a thread, until the block ends.

    OSError where the port is taken. now: Unix seconds. monotonic: the clock of the rate limits.
    """
    service = Service(world, options or Options(), now, monotonic)
    sock = listen(port)
    started = threading.Event()
    server = _server(service, started.set)
    thread = threading.Thread(target=server.run, args=([sock],), name="sandbox", daemon=True)
    thread.start()
    try:
        started.wait(START_TIMEOUT)
        yield Sandbox(service, url_of(sock))
    finally:
        server.should_exit = True
        thread.join(START_TIMEOUT)


def serve(
    world: World,
    port: int,
    options: Options | None = None,
    *,
    now: Callable[[], float],
    faults: Faults | None = None,
    ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serves `world` in the foreground until Ctrl-C.

    OSError where the port is taken. `ready` gets the base URL once requests are answered. Nothing
    is printed or logged.
    """
    service = Service(world, options or Options(), now, time.monotonic, faults)
    sock = listen(port)
    url = url_of(sock)
    with contextlib.suppress(KeyboardInterrupt):
        _server(service, lambda: ready(url)).run([sock])


# The service on a socket: an ASGI application.


class Application:
    """Hands each request to the service. Nothing here, nor in uvicorn, writes a log."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.hang_up: Callable[[Any], None] = lambda client: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(ClientDisconnect):
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await _request(scope, receive)
        act = answer_edit if request.path == EDIT_PATH else Service.respond
        reply = act(self._service, request)
        delay = reply.delay + self._service.options.latency
        if delay > 0:
            await asyncio.sleep(delay)
        if reply.drop:
            self.hang_up(scope["client"])
            await receive()  # until uvicorn has seen that the connection is gone
            return
        response = Response(reply.payload(), reply.status, dict(reply.headers))
        await response(scope, receive, send)


def _server(service: Service, started: Callable[[], None]) -> LocalServer:
    application = Application(service)
    server = LocalServer(application, started)
    application.hang_up = server.hang_up
    return server


async def _request(scope: Scope, receive: Receive) -> Request:
    asked = HttpRequest(scope, receive)
    return Request(
        method=asked.method,
        path=asked.url.path,
        key=asked.query_params.get("app_key", ""),
        content_type=asked.headers.get("content-type", ""),
        language=asked.headers.get("accept-language", ""),
        body=await asked.body(),
    )
