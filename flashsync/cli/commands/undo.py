"""`flashsync undo`: back to what was there before an apply."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flashsync.cli.options import (
    account_options,
    fail_fast_option,
    journal_option,
    report_options,
    rollout_options,
    screen_options,
)
from flashsync.errors import ExitCode

if TYPE_CHECKING:
    from flashsync.operations.planning import Planned


@click.command(name="undo")
@click.argument("id", required=False)
@click.option("--list", "list_", is_flag=True, help="List the journals; with ID, what it wrote.")
@click.option("--config", metavar="FILE", help="Path of flashsync.yaml.")
@click.option("--only", multiple=True, metavar="NAME|GLOB", help="Undo only these schedules.")
@rollout_options
@journal_option
@fail_fast_option
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@report_options
@screen_options
@account_options
def command(id: str | None, list_: bool, auto_approve: bool, **given: Any) -> int:
    """Restore what was live before an apply, by its journal: the last one, or that of ID.

    Shows a plan, asks, writes and reads back, with the same rollout as `apply`. Refuses to undo
    what somebody has changed since. ID is the beginning of the journal's name or id. Exits as
    `apply` does.
    """
    from flashsync.cli.carry_out import agreed_in_time, carry_out
    from flashsync.cli.run import Run
    from flashsync.operations.undo import journal_meant, journals

    cwd = Path.cwd()
    with Run(given, cwd) as run:
        if list_ and id is None:
            run.output.journals(journals(given, cwd), given["timezone"])
            return ExitCode.OK
        journal, remarks = journal_meant(given, cwd, id)
        if list_:
            run.output.journal(journal, given["timezone"])
            return ExitCode.OK

        def make() -> Planned:
            return run.undo(journal, remarks)

        planned = agreed_in_time(run, make, "undo", ask=not auto_approve)
        if planned is None:
            return ExitCode.OK
        return carry_out(run, planned, "undo", undo_of=journal.id)
