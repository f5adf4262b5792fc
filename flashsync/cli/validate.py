"""`flashsync validate`: all offline checks."""

from __future__ import annotations

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
    from flashsync.cli.output import Output

    reading = check_files(paths, only, config, Path.cwd())
    Output.of(format_, color).validated(reading)
    return ExitCode.ERROR if reading.errors else ExitCode.OK
