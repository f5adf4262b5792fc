"""The service on a socket: an ASGI application, and the uvicorn server that runs it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from typing import Any, Final

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from flashsync.sandbox.messages import Request
from flashsync.sandbox.service import Service

HOST: Final = "127.0.0.1"
SILENT: Final = logging.CRITICAL + 1
TICK: Final = 0.02  # seconds between two looks at whether to stop


class Application:
    """Hands each request to the service. Nothing here, nor in uvicorn, writes a log."""

    def __init__(self, service: Service, hang_up: Callable[[Any], None]) -> None:
        self._service = service
        self._hang_up = hang_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(ClientDisconnect):
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        reply = self._service.respond(await _request(scope, receive))
        delay = reply.delay + self._service.options.latency
        if delay > 0:
            await asyncio.sleep(delay)
        if reply.drop:
            self._hang_up(scope["client"])
            await receive()  # until uvicorn has seen that the connection is gone
            return
        response = Response(reply.payload(), reply.status, dict(reply.headers))
        await response(scope, receive, send)


class Server(uvicorn.Server):
    """uvicorn, but quick to stop: what still runs then is cut off, as nobody waits for it."""

    def __init__(self, service: Service, started: Callable[[], None] = lambda: None) -> None:
        config = uvicorn.Config(
            Application(service, self._abort),
            http="h11",
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            log_level=SILENT,
            access_log=False,
            server_header=False,
            timeout_keep_alive=75,  # seconds, as common proxies have it
        )
        super().__init__(config)
        self._tell_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, then says so."""
        await super().startup(sockets)
        self._tell_started()

    async def main_loop(self) -> None:
        """Waits for the end."""
        while not self.should_exit:
            await asyncio.sleep(TICK)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Closes everything at once, instead of waiting a tenth of a second for each step."""
        for listener in self.servers:
            listener.close()
        for sock in sockets or []:
            sock.close()
        self._abort(None)
        await asyncio.sleep(0)

    def _abort(self, client: Any) -> None:
        """Cuts the connection of one client, or of all where none is named."""
        connections = list(self.server_state.connections)
        if client is not None:
            connections = [c for c in connections if getattr(c, "client", None) == client]
        for connection in connections:
            connection.transport.abort()


def listen(port: int) -> socket.socket:
    """A socket on this machine only; port 0 takes any free one. OSError where it is taken."""
    # Naming TCP lets asyncio set TCP_NODELAY: without it every answer waits 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((HOST, port))
        sock.listen(128)
    except OSError:
        sock.close()
        raise
    return sock


def url_of(sock: socket.socket) -> str:
    """The base URL of a listening socket."""
    return f"http://{HOST}:{sock.getsockname()[1]}"


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
