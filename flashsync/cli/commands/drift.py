"""`flashsync drift`: a plan for a cron job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from flashsync.cli.options import account_options, file_options, report_options, screen_options
from flashsync.errors import ExitCode


@click.command(name="drift")
@file_options
@report_options
@screen_options
@account_options
def command(**given: Any) -> int:
    """Say what differs between files and account, and who wrote it last. Writes nothing.

    Exits 0 where nothing differs, 2 where something does: a schedule that differs or is missing,
    one that is declared absent and lives, and, in a run over all files, an undeclared one in
    `manage` scope. What `accept` in flashsync.yaml names does not count until its time is over.
    """
    from flashsync.cli.run import Run

    with Run(given, Path.cwd()) as run:
        drift = run.drift()
    return ExitCode.OK if drift.empty else ExitCode.CHANGES
