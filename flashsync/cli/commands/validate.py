"""`flashsync validate`: all offline checks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from flashsync.cli.options import (
    ReportOptions,
    ScreenOptions,
    file_options,
    options_as,
    report_options,
    screen_options,
)
from flashsync.errors import ExitCode
from flashsync.operations.options import SessionOptions
from flashsync.operations.selection import Selection

if TYPE_CHECKING:
    from flashsync.operations.files import Reading


@dataclass(frozen=True, slots=True)
class ValidateCommand:
    """The options of `validate`."""

    session: SessionOptions
    selection: Selection
    screen: ScreenOptions
    report: ReportOptions


@click.command(name="validate")
@file_options
@report_options
@screen_options
@options_as(ValidateCommand)
def command(options: ValidateCommand) -> int:
    """Check all files, offline: every problem of every file, each with position and remedy.

    Exits 0 without an error (warnings do not count), else 1.
    """
    from flashsync.cli.output import Output, write
    from flashsync.cli.run import count_read, open_session
    from flashsync.cli.views import ProblemsResult
    from flashsync.operations.validate import check_files

    output = Output.of(options.screen, options.report)
    with open_session(options.session, output) as session:
        reading = check_files(session, options.selection)
    output.show(ProblemsResult(reading.sorted, read=count_read(reading)))
    if output.format != "json":
        for text in _left_out(reading):
            write(f"{text}\n", sys.stdout if output.format == "text" else sys.stderr)
    return ExitCode.ERROR if reading.errors else ExitCode.OK


def _left_out(reading: Reading) -> Iterator[str]:
    """A sentence for each reason why expectations were not run."""
    from flashsync.model.wording import count

    if reading.not_run:
        waiting = count(reading.not_run, "expectation")
        verb = "was" if reading.not_run == 1 else "were"
        yield f"{waiting} that only the account can answer {verb} not run; `plan` does that"
    if reading.past:
        over = count(reading.past, "expectation")
        verbs = ("is", "was") if reading.past == 1 else ("are", "were")
        yield "{} {} past and {} not run".format(over, *verbs)
