"""`serve` within a test: with its clock, and in a thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

import httpx

from flashsync.cli.calendar_server import PageSource, open_sockets, serve_pages
from flashsync.cli.commands.serve import PageMaker
from flashsync.cli.output import Output
from flashsync.model.calendar import Basis
from flashsync.operations.calendar_feed import CalendarFeed
from flashsync.operations.calendar_sources import CalendarOptions
from flashsync.operations.session import Session
from flashsync.render.terminal import Screen
from tests.cli.console import Terminal

LIST = "/schedule/list"
KEY = "sandbox-key"
EVERY = 60


@dataclass
class Served:
    """A page that is served to several viewers, and the terminal in which this happens."""

    terminal: Terminal
    url: str
    viewers: httpx.Client

    def get(self, method: str = "GET", path: str = "/", **headers: str) -> httpx.Response:
        """The answer to a viewer; threads are several of them."""
        return self.viewers.request(method, f"{self.url.rstrip('/')}{path}", headers=headers)

    @property
    def reads(self) -> int:
        """How often the account was read."""
        return self.terminal.sandbox.counts[LIST]


@contextmanager
def serve_calendar(terminal: Terminal, patience: float = 30.0) -> Iterator[Served]:
    """Serve all schedules of the terminal's account, as the command does."""
    environment = {"FLASHDUTY_APP_KEY": KEY, "FLASHDUTY_BASE_URL": terminal.sandbox.url}
    screen, ready, urls = Screen(80), Event(), list[str]()
    with Session(environment, terminal.clock, terminal.folder) as session:
        feed = CalendarFeed(session, CalendarOptions(14, basis=Basis.LIVE, all_=True), EVERY)
        maker = PageMaker(feed, Output("html", screen, screen))
        pages = PageSource(maker.make, lambda: not feed.remaining, patience=patience)

        def note(url: str) -> None:
            urls.append(url)
            ready.set()

        thread = Thread(target=serve_pages, args=(pages, open_sockets(0), note))
        thread.start()
        try:
            assert ready.wait(10)
            with httpx.Client(trust_env=False) as viewers:
                yield Served(terminal, urls[0], viewers)
        finally:
            pages.fail()
            thread.join(10)
