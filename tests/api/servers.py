"""A small real server: it answers with bytes as told, also broken ones."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Served:
    """One answer. `cut` bytes of the content are missing; `silent` sends nothing at all."""

    content: bytes = b""
    status: str = "200 OK"
    cut: int = 0
    silent: bool = False

    def raw(self) -> bytes:
        length = len(self.content) + self.cut
        head = f"HTTP/1.1 {self.status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        return head.encode() + self.content


class Server:
    """Serves each answer once, one connection each, the last one for ever."""

    def __init__(self, answers: tuple[Served, ...], tls: ssl.SSLContext | None) -> None:
        self._answers = list(answers)
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.requests: list[bytes] = []
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with contextlib.suppress(OSError):
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        if self._tls:
            connection = self._tls.wrap_socket(connection, server_side=True)
        self._open.append(connection)
        self.requests.append(connection.recv(65536))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if not answer.silent:
            connection.sendall(answer.raw())
            connection.shutdown(socket.SHUT_WR)

    def stop(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        for connection in self._open:
            connection.close()


@contextlib.contextmanager
def serving(*answers: Served, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server on a free port of this machine."""
    server = Server(answers, tls)
    try:
        yield server
    finally:
        server.stop()
