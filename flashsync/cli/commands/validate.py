"""`flashsync validate`: all offline checks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flashsync.cli.options import file_options, report_options, screen_options
from flashsync.errors import ExitCode

if TYPE_CHECKING:
    from flashsync.operations.files import Reading


@click.command(name="validate")
@file_options
@report_options
@screen_options
def command(paths: tuple[str, ...], config: str | None, only: tuple[str, ...], **given: Any) -> int:
    """Check all files, offline: every problem of every file, each with position and remedy.

    Exits 0 when there is no error (warnings do not count), else 1.
    """
    from flashsync.cli.output import Output, write
    from flashsync.operations.validate import check_files

    reading = check_files(paths, only, config, Path.cwd())
    Output.of(given).validated(reading)
    if given["format_"] != "json":
        for text in _left_out(reading):
            write(f"{text}\n", sys.stdout if given["format_"] == "text" else sys.stderr)
    return ExitCode.ERROR if reading.errors else ExitCode.OK


def _left_out(reading: Reading) -> Iterator[str]:
    """What is said of the expectations that were not run, a sentence for each reason."""
    from flashsync.model.wording import count

    if reading.not_run:
        waiting = count(reading.not_run, "expectation")
        verb = "was" if reading.not_run == 1 else "were"
        yield f"{waiting} that only the account can answer {verb} not run; `plan` does that"
    if reading.past:
        over = count(reading.past, "expectation")
        verbs = ("is", "was") if reading.past == 1 else ("are", "were")
        yield "{} {} past and {} not run".format(over, *verbs)
