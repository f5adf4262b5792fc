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
    """Show what differs between files and account, and who wrote it last. Writes nothing.

    Exits 0 if nothing differs, and 2 for a schedule that differs, is missing, or is live although
    declared absent, and in a run over all files for an undeclared schedule in `manage` scope.
    Ignores what `accept` in flashsync.yaml names until its date.
    """
    from flashsync.cli.run import Run

    with Run(given, Path.cwd()) as run:
        drift = run.drift()
    return ExitCode.OK if drift.empty else ExitCode.CHANGES
