"""Runs the sandbox: `running` in a thread for tests and the demo, `serve` in the foreground."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

from flashsync.sandbox.console import Console
from flashsync.sandbox.faults import Faults, Hook, Planned
from flashsync.sandbox.http import Server, listen, url_of
from flashsync.sandbox.messages import Logged, Reply
from flashsync.sandbox.options import Options
from flashsync.sandbox.service import Service
from flashsync.sandbox.world import World

CONSOLE_PERSON = "bob@example.com"
START_TIMEOUT = 10.0  # seconds


class Sandbox:
    """A sandbox that runs: where it is, what it holds, what it was asked.

    url: the base URL. world: its state.
    """

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
        """Every request so far, in the order of the answers. May be cleared."""
        return self._service.log

    @property
    def counts(self) -> Counter[str]:
        """How often each endpoint was asked, the refused requests included."""
        return Counter(entry.endpoint for entry in self.log)

    @property
    def refused(self) -> int:
        """How many requests met a rate limit."""
        return sum(entry.status == 429 for entry in self.log)

    @property
    def options(self) -> Options:
        """The switches; a changed value holds from the next request on."""
        return self._service.options

    @options.setter
    def options(self, options: Options) -> None:
        self._service.options = options

    @property
    def hook(self) -> Hook | None:
        """Stands between client and service: see `faults.Hook`."""
        return self._service.faults.hook

    @hook.setter
    def hook(self, hook: Hook | None) -> None:
        self._service.faults.hook = hook

    def fail_next(
        self, reply: Reply, endpoint: str | None = None, *, acted: bool = False, times: int = 1
    ) -> None:
        """Answers the next `times` requests, to `endpoint` or to any, with `reply`.

        acted: the service does what it was asked all the same, as before a timeout or a 502.
        """
        self._service.faults.planned.append(Planned(reply, endpoint, acted, times))

    @property
    def faults(self) -> Faults:
        """All that stands between client and service; `faults.at(n, fault)` plans trouble."""
        return self._service.faults

    def console_of(self, account: str | int, by: str | int) -> Console:
        """The console of another account, by its name or id."""
        accounts = self.world.accounts.values()
        found = next(item for item in accounts if account in (item.account_id, item.name))
        return Console(self._service, found, by)


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
    server = Server(service, started.set)
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
    """Serves `world` in the foreground until Ctrl-C, which is a clean end.

    OSError where the port is taken. `ready` gets the base URL once requests are answered; nothing
    else is ever printed or logged.
    """
    service = Service(world, options or Options(), now, time.monotonic, faults)
    sock = listen(port)
    url = url_of(sock)
    with contextlib.suppress(KeyboardInterrupt):
        Server(service, lambda: ready(url)).run([sock])
