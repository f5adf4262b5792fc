"""Output: results to stdout in their format, all else to stderr; `-v`."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from flashsync.api.redact import Exchange
from flashsync.cli.process import abandon, environment, is_interactive
from flashsync.cli.reports import Reports
from flashsync.cli.views import OutcomeResult, PlanResult, ProblemsResult
from flashsync.errors import ConfigError, Problem, RefusedError
from flashsync.model.mask import hide
from flashsync.render.problems import render_problems
from flashsync.render.sanitize import ReadCount
from flashsync.render.terminal import Screen

if TYPE_CHECKING:
    from flashsync.cli.options import ReportOptions, ScreenOptions
    from flashsync.operations.files import Reading
    from flashsync.operations.planning import Planned
    from flashsync.render.progress import NoProgress

WITHOUT_TERMINAL = 100
"""Columns of output to a file or a pipe."""
DOCUMENTS = ("json", "markdown", "html")
"""Formats in which stdout is a single document."""
NO_REPORTS = Reports()


def report(
    problems: Sequence[Problem],
    format_: str,
    reports: Reports = NO_REPORTS,
    what: str = "",
    color: str = "auto",
) -> None:
    """Report problems (`what` failed) in a format, and in the reports."""
    result = ProblemsResult(problems, what)
    screen = screen_of(sys.stderr, color)
    if format_ != "json":
        write(reports.render(result, "text", screen), sys.stderr)
    if format_ in DOCUMENTS or format_ == "github":
        _write_as(format_, reports.render(result, format_, screen))
    try:
        reports.save(result)
    except ConfigError as error:
        left = [problem for problem in error.problems if problem not in problems]
        write(render_problems(left, screen), sys.stderr)


def _write_as(format_: str, text: str) -> None:
    """Write a result to stdout."""
    match format_:
        case "json":
            write_json(text)
        case "ics":
            write_utf8(text)
        case "html":  # secrets are hidden in its texts; here, the script could be hit
            _write_utf8(text)
        case _:
            write(text)


def write(text: str, stream: TextIO | None = None) -> None:
    """Write text; characters that the stream's encoding lacks are escaped.

    All output comes through here, so that secrets are hidden in it.
    """
    _write(hide(text), stream or sys.stdout)


def _write(text: str, out: TextIO) -> None:
    encoding = out.encoding or "utf-8"
    out.write(text.encode(encoding, "backslashreplace").decode(encoding))
    out.flush()


def write_utf8(text: str) -> None:
    """Write text to stdout in UTF-8, whatever the encoding of the terminal."""
    _write_utf8(hide(text))


def _write_utf8(text: str) -> None:
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        _write(text, sys.stdout)
    else:
        sys.stdout.flush()
        buffer.write(text.encode())
        buffer.flush()


def write_json(text: str) -> None:
    """Write JSON to stdout; characters that its encoding lacks are escaped as in JSON.

    Secrets are already hidden in its texts; here, a secret that is an ordinary word such as `true`
    would be hidden in the JSON itself.
    """
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = "".join(one if one.isascii() else json.dumps(one)[1:-1] for one in text)
    _write(text, sys.stdout)


def screen_of(stream: TextIO, color: str) -> Screen:
    """The width and the colours of output to a stream."""
    terminal = "COLUMNS" in environment() or stream.isatty()
    width = shutil.get_terminal_size().columns if terminal else WITHOUT_TERMINAL
    if color == "auto":
        plain = environment().get("NO_COLOR") or environment().get("TERM") == "dumb"
        colored = not plain and stream.isatty()
    else:
        colored = color == "always"
    return Screen(width, colored, stream.encoding or "utf-8")


@dataclass(frozen=True, slots=True)
class Output:
    """The output of a run: its format, and the screens of results and remarks."""

    format: str
    results: Screen
    remarks: Screen
    verbosity: int = 0
    reports: Reports = NO_REPORTS
    summary: bool = False

    @classmethod
    def of(cls, screen: ScreenOptions, report: ReportOptions | None = None) -> Output:
        """The output for the options of a command line."""
        reports = NO_REPORTS
        if report is not None:
            on_github = screen.format_ == "github"
            reports = Reports(report.reports, report.link_base, report.max_bytes, on_github)
        results, remarks = screen_of(sys.stdout, screen.color), screen_of(sys.stderr, screen.color)
        return cls(screen.format_, results, remarks, screen.verbose, reports, screen.summary)

    def exchange_log(self) -> Callable[[Exchange], None] | None:
        """What logs each request: nothing, a line (-v), or also both bodies (-vv), without the
        key and without secrets."""
        if not self.verbosity:
            return None

        def log(exchange: Exchange) -> None:
            result = exchange.code or exchange.failure or "ok"
            attempt = f", attempt {exchange.attempt}" if exchange.attempt > 1 else ""
            request = f", request {exchange.request_id}" if exchange.request_id else ""
            took = f"{exchange.seconds * 1000:.0f} ms"
            text = f"{exchange.method} {exchange.endpoint}: {result}, {took}{attempt}{request}\n"
            if self.verbosity > 1:
                text += f"  > {exchange.shown_body()}\n  < {exchange.shown_answer()}\n"
            write(text, sys.stderr)

        return log

    def remark(self, text: str) -> None:
        """Write a note to stderr while a command runs."""
        write(f"note: {self.remarks.safe(text)}\n", sys.stderr)

    def progress(self, label: str, total: int | None = None) -> NoProgress:
        """A bar on stderr if it is a terminal and requests are not logged."""
        from flashsync.render.progress import LiveProgress, NoProgress

        if self.verbosity or not sys.stderr.isatty() or environment().get("TERM") == "dumb":
            return NoProgress()
        return LiveProgress(sys.stderr, self.remarks, label, total)

    def show(self, result: object) -> None:
        """Print a result of `cli/views.py` in its format, and write the reports of it.

        In a log of GitHub, text comes before the marks.
        """
        formats = ("text", "github") if self.format == "github" else (self.format,)
        try:
            for format_ in formats:
                _write_as(self.format, self.render(result, format_))
        finally:
            self.reports.save(result)

    def render(self, result: object, format_: str) -> str:
        """The text of a result in a format."""
        return self.reports.render(
            result, format_, self.results, verbose=self.verbosity > 0, summary=self.summary
        )

    @property
    def has_page(self) -> bool:
        """Whether the result is shown as a page, too, which has calendars."""
        return "html" in (self.format, *(report.format for report in self.reports.files))

    @property
    def _is_stream(self) -> bool:
        """Whether stdout is text as it comes, and not a single document."""
        return self.format not in DOCUMENTS

    def read(self, reading: Reading) -> None:
        """Show how much was read, and the warnings about it, before the result."""
        if self.format != "json":
            write(render_problems(reading.warnings, self.remarks), sys.stderr)
            write(f"{count_read(reading)}\n", sys.stderr)

    def plan_to_apply(self, planned: Planned, command: str) -> None:
        """Show the plan before a command asks; a document has it with the outcome."""
        from flashsync.plan.outcome import Outcome

        if self._is_stream:
            write(self.render(PlanResult(planned, refusals=False), "text"))
        if planned.plan.empty and not planned.plan.refusals:
            result = OutcomeResult(planned, outcome=Outcome(planned.plan, command=command))
            if self._is_stream:
                self.reports.save(result)
            else:
                self.show(result)

    def outcome(self, result: OutcomeResult) -> None:
        """Show an outcome. A report that cannot be written does not change the exit code."""
        try:
            if self._is_stream:
                write("\n")
            self.show(result)
        except ConfigError as error:
            write(render_problems(error.problems, self.remarks), sys.stderr)
        except OSError as error:  # stdout is closed, or its disk is full
            abandon(sys.stdout)
            reason = f"error: cannot write to stdout ({error.strerror})\n"
            text = self.reports.render(result, "text", self.remarks)
            write(reason + text, sys.stderr)

    def saved(self, planned: Planned, path: Path) -> None:
        """Save a plan, whole or not at all."""
        from flashsync.cli.reports import save_text
        from flashsync.plan.fingerprint import basis_of
        from flashsync.plan.saved import plan_file
        from flashsync.render.plan.changes import change_text

        plan = replace(planned.plan, basis=basis_of(planned.plan, planned.desired, planned.rollout))
        save_text(path, plan_file.save(plan, planned.words.directory, change_text))
        where = self.remarks.safe(str(path))
        how = f"apply it with flashsync apply --plan {where}"
        if plan.refusals:
            how = f"apply --plan {where} would refuse it too"
        write(f"Saved; {how}\n", sys.stderr)

    def again(self) -> None:
        """Say that a handoff has passed, and that the plan is made again."""
        write("A handoff has passed in the meantime; planning again.\n\n", sys.stderr)

    def ask(self, planned: Planned) -> None:
        """Ask for approval. Raises RefusedError if nobody can answer, or the answer is not yes."""
        if not is_interactive():
            message = "cannot ask for approval: stdin is not a terminal"
            raise RefusedError(message, "pass --auto-approve")
        if not self._is_stream:  # stdout is for the one document, and comes later
            verbose = self.verbosity > 0
            text = self.reports.render(PlanResult(planned), "text", self.remarks, verbose=verbose)
            write(text, sys.stderr)
        write("Apply this plan? Type 'yes' to continue: ", sys.stderr)
        if sys.stdin.readline().strip() != "yes":
            raise RefusedError("declined; nothing was written")


def count_read(reading: Reading) -> ReadCount:
    """How much a run has read."""
    return ReadCount(
        reading.files, reading.schedules, reading.not_selected, reading.not_run, reading.past
    )
