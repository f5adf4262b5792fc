"""`flashsync serve`: the live calendar of the account as a page, on this machine."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from flashsync.cli.option_values import WholeNumber, parse_interval
from flashsync.cli.options import (
    ScreenOptions,
    account_options,
    file_options,
    options_as,
)
from flashsync.cli.process import render_sandbox_install
from flashsync.errors import ConfigError, ExitCode, UsageError
from flashsync.operations.options import SessionOptions
from flashsync.operations.selection import Selection

if TYPE_CHECKING:
    import socket

    from flashsync.cli.calendar_server import ServedPage
    from flashsync.cli.output import Output
    from flashsync.operations.calendar_feed import CalendarFeed

TWO_WEEKS = 14


@dataclass(frozen=True, slots=True)
class ServeCommand:
    """The options of `serve`."""

    session: SessionOptions
    selection: Selection
    port: int
    every: int
    days: int
    verbose: int = 0


@click.command(name="serve")
@file_options
@click.option(
    "--port",
    type=WholeNumber(0, 65535),
    default=8766,
    show_default=True,
    metavar="N",
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--every",
    default="60",
    show_default=True,
    metavar="SECONDS",
    callback=parse_interval,
    help="Time between two reads of the account, while somebody looks.",
)
@click.option(
    "--days",
    type=WholeNumber(1, 44),
    default=TWO_WEEKS,
    show_default=True,
    metavar="N",
    help="Number of days, from today on.",
)
@account_options
@options_as(ServeCommand)
def command(options: ServeCommand) -> int:
    """Show the live calendar of the account as a page, to browsers on this machine.

    Without PATH, all schedules of the account; with PATH, the declared ones. The page renews
    itself; nothing can be changed in it. Ctrl-C ends it.
    """
    try:
        from flashsync.cli.calendar_server import open_sockets
    except ImportError as missing:
        message = f"serve needs {missing.name}"
        raise ConfigError(message, render_sandbox_install()) from None
    try:
        sockets = open_sockets(options.port)
    except OSError as error:
        message = f"cannot listen on port {options.port} ({error.strerror})"
        raise UsageError(message, "choose another --port, or 0 for a free port") from None
    try:
        _serve(options, sockets)
    finally:
        for sock in sockets:
            sock.close()
    return ExitCode.OK


def _serve(options: ServeCommand, sockets: Sequence[socket.socket]) -> None:
    """Serve the page until Ctrl-C. Raises what the first read raises."""
    from flashsync.cli.calendar_server import PageSource, serve_pages
    from flashsync.cli.output import Output, write
    from flashsync.cli.run import QuietReporter, open_session
    from flashsync.model.calendar import Basis
    from flashsync.operations.calendar_feed import CalendarFeed
    from flashsync.operations.calendar_sources import CalendarOptions

    selection = options.selection
    wanted = CalendarOptions(options.days, selection, Basis.LIVE, all_=not selection.paths)
    output = Output.of(ScreenOptions("html", verbose=options.verbose))
    with open_session(options.session, output, QuietReporter(output)) as session:
        maker = PageMaker(CalendarFeed(session, wanted, options.every), output)
        pages = PageSource(maker.make, lambda: not maker.feed.remaining)
        serve_pages(
            pages,
            sockets,
            lambda url: write(f"The calendar is at {url}; Ctrl-C stops it.\n"),
        )
    write("Stopped.\n")


class PageMaker:
    """Makes the page of each read, and says on stderr when reads begin to fail, and to succeed."""

    def __init__(self, feed: CalendarFeed, output: Output) -> None:
        self.feed, self._output = feed, output
        self._failed = False

    def make(self) -> ServedPage:
        """Read the calendars; their page."""
        from flashsync.cli.calendar_server import ServedPage
        from flashsync.cli.output import write
        from flashsync.cli.views import CalendarResult
        from flashsync.model.mask import hide
        from flashsync.render.calendar.text import describe_freshness
        from flashsync.render.html.page import policy_of

        shown = self.feed.refresh()
        failed = bool(shown.view.freshness and shown.view.freshness.failure)
        if failed != self._failed:
            text = self._output.remarks.safe(describe_freshness(shown.view))
            write(f"{'warning' if failed else 'note'}: {text}\n", sys.stderr)
        self._failed = failed
        page = hide(self._output.render(CalendarResult(shown.calendars, shown.view), "html"))
        return ServedPage.of(page, policy_of(page))
