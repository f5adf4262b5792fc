"""An HTTP server on this machine that starts and stops at once, and writes no log."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp

HOST: Final = "127.0.0.1"
SILENT: Final = logging.CRITICAL + 1
TICK: Final = 0.02  # seconds between two looks at whether to stop


class LocalServer(uvicorn.Server):
    """uvicorn, but quick to stop: it cuts off the connections that are left.

    `started` is called once requests are answered.
    """

    def __init__(self, application: ASGIApp, started: Callable[[], None] = lambda: None) -> None:
        config = uvicorn.Config(
            application,
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
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, then reports it."""
        await super().startup(sockets)
        self._started()

    async def main_loop(self) -> None:
        """Waits for the end."""
        while not self.should_exit:
            await asyncio.sleep(TICK)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Closes everything at once; uvicorn waits a tenth of a second for each step."""
        for listener in self.servers:
            listener.close()
        for sock in sockets or []:
            sock.close()
        self.hang_up()
        await asyncio.sleep(0)

    def hang_up(self, client: Any = None) -> None:
        """Cuts the connection of a client, or of all clients for None."""
        connections = list(self.server_state.connections)
        if client is not None:
            connections = [c for c in connections if getattr(c, "client", None) == client]
        for connection in connections:
            connection.transport.abort()


def listen(port: int, host: str = HOST) -> socket.socket:
    """A socket on this machine only; port 0 takes any free one. OSError where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Naming TCP lets asyncio set TCP_NODELAY: without it every answer waits 40 ms.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((host, port))
        sock.listen(128)
    except OSError:
        sock.close()
        raise
    return sock


def url_of(sock: socket.socket) -> str:
    """The base URL of a listening socket."""
    return f"http://{HOST}:{sock.getsockname()[1]}"
