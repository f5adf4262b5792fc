"""`flashsync validate`: all offline checks."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flashsync.cli.options import file_options, formats, screen_options
from flashsync.errors import ExitCode


@click.command(name="validate")
@file_options
@formats("text", "json", "github")
@screen_options
def command(
    paths: tuple[str, ...], config: str | None, only: tuple[str, ...], format_: str, color: str
) -> int:
    """Check all files, offline: every problem of every file, each with position and remedy.

    Exits 0 when there is no error (warnings do not count), else 1.
    """
    from flashsync.cli.checking import check_files
    from flashsync.cli.output import Output, write
    from flashsync.render.words import count

    reading = check_files(paths, only, config, Path.cwd())
    Output.of(format_, color).validated(reading)
    if reading.not_run and format_ != "json":
        waiting = count(reading.not_run, "expectation")
        verb = "was" if reading.not_run == 1 else "were"
        text = f"{waiting} that only the account can answer {verb} not run; `plan` does that\n"
        write(text, sys.stdout if format_ == "text" else sys.stderr)
    return ExitCode.ERROR if reading.errors else ExitCode.OK
