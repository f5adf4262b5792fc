"""The web server of `serve`: one page for all viewers on this machine, and nothing to change.

A viewer who asks for the page when it is time has it made again, for all others too. So the account
is read as often as one `show --watch` would read it, and not at all while nobody looks.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from hashlib import sha256
from threading import Thread
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from flashsync.sandbox.local_server import HOST, LocalServer, listen, url_of

HOST_6 = "::1"
NAMES = {HOST, f"[{HOST_6}]", "localhost"}
"""Names of this machine. A page of another site comes by its own name, after it has changed the
address of that name to this machine's (DNS rebinding)."""

METHODS = ("GET", "HEAD")
PATIENCE = 10.0
"""Seconds after which a viewer gets the last page, while the next one is still being made."""

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""The policy of answers that are not the page."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ServedPage:
    """A page, what it may load (its Content-Security-Policy), and its ETag."""

    content: bytes
    policy: str
    tag: str

    @classmethod
    def of(cls, text: str, policy: str) -> ServedPage:
        """The page of a text."""
        content = text.encode()
        return cls(content, policy, f'"{sha256(content).hexdigest()[:32]}"')


class PageSource:
    """The page for everyone, made by `make` when somebody asks for it and `due` says so.

    An error of `make` is kept in `error`, and `fail` is called.
    """

    def __init__(
        self,
        make: Callable[[], ServedPage],
        due: Callable[[], bool],
        fail: Callable[[], None] = lambda: None,
        patience: float = PATIENCE,
    ) -> None:
        self._make, self._due, self._patience = make, due, patience
        self.fail = fail
        self._page = make()
        self._making: asyncio.Future[ServedPage] | None = None
        self.error: BaseException | None = None

    async def current(self) -> ServedPage:
        """The page as it is now, or the last one where the next takes long."""
        if self._making is None and self._due():
            self._making = asyncio.wrap_future(in_thread(self._make))
            self._making.add_done_callback(self._take)
        if self._making is not None:
            await asyncio.wait([self._making], timeout=self._patience)
        return self._page

    def _take(self, made: asyncio.Future[ServedPage]) -> None:
        self._making = None
        if made.cancelled():
            return
        self.error = made.exception()
        if self.error is None:
            self._page = made.result()
        else:
            self.fail()


def in_thread(function: Callable[[], Result]) -> Future[Result]:
    """The result of a function that a thread calls; nobody waits for the thread at the end."""
    future: Future[Result] = Future()

    def call() -> None:
        try:
            future.set_result(function())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=copy_context().run, args=(call,), daemon=True, name="flashsync serve").start()
    return future


class CalendarApplication:
    """Answers `GET /` and `HEAD /` with the page, and everything else with a refusal."""

    def __init__(self, pages: PageSource) -> None:
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if _host_name(request.headers.get("host", "")) not in NAMES:
            return _refuse(421, "unknown host; use the address that flashsync serve prints")
        if request.method not in METHODS:
            return _refuse(405, "read only", {"Allow": ", ".join(METHODS)})
        if request.url.path != "/":
            return _refuse(404, "not found; the calendar is at /")
        page = await self._pages.current()
        policy = f"{page.policy}; frame-ancestors 'none'"
        headers = {**HEADERS, "Content-Security-Policy": policy, "ETag": page.tag}
        if page.tag in _tags(request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        return Response(page.content, media_type="text/html", headers=headers)


def _host_name(host: str) -> str:
    """The name in a Host header, without the port."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower()


def _tags(header: str) -> list[str]:
    """The ETags of an If-None-Match header; a weak one is as good."""
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]


def _refuse(status: int, text: str, more: Mapping[str, str] | None = None) -> Response:
    headers = {**HEADERS, "Content-Security-Policy": NOTHING, **(more or {})}
    return PlainTextResponse(f"{text}\n", status, headers=headers)


def open_sockets(port: int) -> Sequence[socket.socket]:
    """Sockets of this machine alone, for IPv4 and, where there is any, IPv6.

    OSError where the port is taken, in either of the two.
    """
    first = listen(port)
    try:
        return [first, listen(first.getsockname()[1], HOST_6)]
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            return [first]  # this machine has no IPv6
        first.close()
        raise


def serve_pages(
    pages: PageSource, sockets: Sequence[socket.socket], ready: Callable[[str], None]
) -> None:
    """Serve until Ctrl-C. Raises what making a page raised.

    `ready` gets the address once requests are answered.
    """
    address = f"{url_of(sockets[0])}/"
    server = LocalServer(CalendarApplication(pages), lambda: ready(address))

    def stop() -> None:
        server.should_exit = True

    pages.fail = stop
    with suppress(KeyboardInterrupt):
        server.run(list(sockets))
    if pages.error is not None:
        raise pages.error
