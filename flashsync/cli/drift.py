"""`flashsync drift`: a plan for a cron job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flashsync.cli.options import account_options, file_options, report_options, screen_options
from flashsync.errors import ExitCode

if TYPE_CHECKING:
    from flashsync.cli.planning import Planned
    from flashsync.render.drift_text import LastWrite


@click.command(name="drift")
@file_options
@report_options
@screen_options
@account_options
def command(**given: Any) -> int:
    """Say what differs between files and account, and who wrote it last. Writes nothing.

    Exits 0 where nothing differs, 2 where something does: a schedule that differs or is missing,
    one that is declared absent and lives, and, in a run over all files, an undeclared one in
    `manage` scope.
    """
    from flashsync.cli.run import Run

    with Run(given, Path.cwd()) as run:
        planned = run.plan(leavers=True, judged=False)
        run.output.drift(planned, last_written(planned))
    clean = planned.plan.empty and not planned.plan.undeclared
    return ExitCode.OK if clean else ExitCode.CHANGES


def last_written(planned: Planned) -> dict[int, LastWrite]:
    """Who wrote the live schedules that differ last, and when."""
    from flashsync.plan.model import Create
    from flashsync.render.drift_text import LastWrite

    found: dict[int, LastWrite] = {}
    for action in planned.plan.writes:
        stamp = None if isinstance(action, Create) else planned.stamps.get(action.id)
        if stamp is not None and stamp.at and not isinstance(action, Create):
            own = stamp.by == planned.plan.account.member
            found[action.id] = LastWrite(planned.words.directory.person(stamp.by), stamp.at, own)
    return found
