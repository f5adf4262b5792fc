"""One run of a command: its session, with the environment and the clock of this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flashsync.cli.output import Output
from flashsync.cli.process import cache_folder, clock, environment
from flashsync.operations.session import Session

if TYPE_CHECKING:
    from flashsync.api.redact import Exchange
    from flashsync.operations.files import Reading
    from flashsync.operations.options import SessionOptions
    from flashsync.operations.session import Reporter
    from flashsync.plan.model import Plan, Write
    from flashsync.plan.outcome import Result
    from flashsync.render.progress import NoProgress


def open_session(
    options: SessionOptions, output: Output, reporter: Reporter | None = None
) -> Session:
    """A session in the current folder, which shows its progress in the terminal by default."""
    reporter = reporter or ScreenReporter(output)
    return Session(environment(), clock, Path.cwd(), options, reporter, cache=cache_folder)


class ScreenReporter:
    """Draws progress on stderr, and logs each request for -v and -vv."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._log = output.exchange_log()
        self._progress: NoProgress | None = None

    def files_read(self, reading: Reading) -> None:
        """Say how much was read, and the warnings about it."""
        self._output.read(reading)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Show that the account is being read."""
        with self._showing("Reading the account"):
            yield

    @contextmanager
    def writing(self, plan: Plan) -> Iterator[None]:
        """Show the writes as they happen."""
        with self._showing("Writing", len(plan.writes)):
            yield

    @contextmanager
    def _showing(self, label: str, total: int | None = None) -> Iterator[None]:
        outer = self._progress
        with self._output.progress(label, total) as self._progress:
            try:
                yield
            finally:
                self._progress = outer

    def expect(self, total: int) -> None:
        """Show how many schedules there are to read."""
        if self._progress:
            self._progress.expect(total)

    def advance(self) -> None:
        """Count a schedule that was read."""
        if self._progress:
            self._progress.advance()

    def exchange(self, exchange: Exchange) -> None:
        """Log a request."""
        if self._log:
            self._log(exchange)

    def remark(self, text: str) -> None:
        """Show it at once, with or without a terminal."""
        self._output.remark(text)

    def started(self, action: Write) -> None:
        """Name a write that begins."""
        if self._progress:
            self._progress.started(action)

    def finished(self, result: Result) -> None:
        """Count a write that has ended."""
        if self._progress:
            self._progress.finished(result)


class QuietReporter(ScreenReporter):
    """Draws nothing: for reads that are repeated while nobody looks at the terminal."""

    def files_read(self, reading: Reading) -> None:
        """Say nothing; the files are read each time."""

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Show nothing."""
        yield
