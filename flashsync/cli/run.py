"""One run of a command: its session in this process, and what it shows while it goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flashsync.cli.output import Output, write
from flashsync.cli.process import cache_folder, clock, environment
from flashsync.operations.session import Session
from flashsync.render.problems import ReadCount, render_problems

if TYPE_CHECKING:
    from flashsync.api.redact import Exchange
    from flashsync.operations.files import Reading
    from flashsync.operations.options import SessionOptions
    from flashsync.operations.session import Reporter
    from flashsync.plan.model import Plan, Write
    from flashsync.plan.outcome import Result
    from flashsync.render.progress import LiveProgress


def open_session(
    options: SessionOptions, output: Output, reporter: Reporter | None = None
) -> Session:
    """A session in the current folder, which shows its progress in the terminal by default."""
    reporter = reporter or ScreenReporter(output)
    return Session(environment(), clock, Path.cwd(), options, reporter, cache=cache_folder)


def count_read(reading: Reading) -> ReadCount:
    """How much a run has read."""
    return ReadCount(
        reading.files, reading.schedules, reading.not_selected, reading.not_run, reading.past
    )


class ScreenReporter:
    """Draws progress on stderr, and logs each request for -v and -vv."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._progress: LiveProgress | None = None

    def files_read(self, reading: Reading) -> None:
        """Say how much was read, and the warnings about it."""
        if self._output.format != "json":
            write(render_problems(reading.warnings, self._output.remarks), sys.stderr)
            write(f"{count_read(reading)}\n", sys.stderr)

    def reading(self) -> AbstractContextManager[None]:
        """Show that the account is being read."""
        return self._showing("Reading the account")

    def writing(self, plan: Plan) -> AbstractContextManager[None]:
        """Show the writes as they happen."""
        return self._showing("Writing", len(plan.writes))

    @contextmanager
    def _showing(self, label: str, total: int | None = None) -> Iterator[None]:
        """A bar on stderr if it is a terminal and requests are not logged."""
        dumb = environment().get("TERM") == "dumb"
        if self._output.verbosity or not sys.stderr.isatty() or dumb:
            yield
            return
        from flashsync.render.progress import LiveProgress

        outer = self._progress
        with LiveProgress(sys.stderr, self._output.remarks, label, total) as self._progress:
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
        """Log a request in a line, for -vv with both bodies; without the key and secrets."""
        if not self._output.verbosity:
            return
        result = exchange.code or exchange.failure or "ok"
        attempt = f", attempt {exchange.attempt}" if exchange.attempt > 1 else ""
        request = f", request {exchange.request_id}" if exchange.request_id else ""
        took = f"{exchange.seconds * 1000:.0f} ms"
        text = f"{exchange.method} {exchange.endpoint}: {result}, {took}{attempt}{request}\n"
        if self._output.verbosity > 1:
            text += f"  > {exchange.shown_body()}\n  < {exchange.shown_answer()}\n"
        write(text, sys.stderr)

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
