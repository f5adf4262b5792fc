"""Output: results to stdout in their format, all else to stderr."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from flashsync.cli.process import environment
from flashsync.cli.reports import Reports
from flashsync.cli.views import ProblemsResult
from flashsync.errors import ConfigError, Problem
from flashsync.model.mask import hide
from flashsync.render.problems import render_problems
from flashsync.render.terminal import Screen

if TYPE_CHECKING:
    from flashsync.cli.options import ReportOptions, ScreenOptions

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
    if format_ == "json":
        write_json(text)
    elif format_ == "html":  # secrets are hidden in its texts; here, the script could be hit
        _write_utf8(text)
    elif format_ == "ics":
        write_utf8(text)
    else:
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

    def remark(self, text: str) -> None:
        """Write a note to stderr while a command runs."""
        write(f"note: {self.remarks.safe(text)}\n", sys.stderr)

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
    def is_stream(self) -> bool:
        """Whether stdout is text as it comes, and not a single document."""
        return self.format not in DOCUMENTS
