"""`flashsync apply`: make the account what the files, or a saved plan, say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flashsync.cli.options import (
    account_options,
    age_option,
    file_options,
    planning_options,
    report_options,
    screen_options,
)
from flashsync.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from flashsync.cli.planning import Planned
    from flashsync.cli.run import Run


@click.command(name="apply")
@file_options
@planning_options
@click.option("--plan", "plan_file", metavar="FILE", help="Carry out a saved plan, or nothing.")
@click.option("--later-cut", is_flag=True, help="A saved plan that is late: at the next handoff.")
@age_option
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option("--send-secrets", is_flag=True, help="Send secrets that cannot be compared.")
@report_options
@screen_options
@account_options
def command(plan_file: str | None, later_cut: bool, auto_approve: bool, **given: Any) -> int:
    """Plan, show, ask, write, and read back.

    Exits 0 when all is written and confirmed; 1 where it was refused or declined; 3 where
    something was written and not all of it, or a write could not be confirmed.
    """
    from flashsync.cli.carrying import carry_out
    from flashsync.cli.run import Run
    from flashsync.cli.saved import check_alone

    if plan_file:
        check_alone("--plan", given, "a saved plan is applied as it was shown")
    elif later_cut or given["max_age"] is not None:
        flag = "--later-cut" if later_cut else "--max-age"
        raise UsageError(f"{flag} goes with --plan FILE", "without it, plans are always fresh")
    with Run(given, Path.cwd()) as run:
        planned = _agreed(run, plan_file, later_cut=later_cut, ask=not auto_approve)
        if planned is None:
            return ExitCode.OK
        return carry_out(run, planned, saved_plan=plan_file is not None)


def _agreed(run: Run, plan_file: str | None, *, later_cut: bool, ask: bool) -> Planned | None:
    """The plan that was shown and agreed to; None where there is nothing to do.

    Where a handoff passes while somebody is asked, it is made again, shown and asked for again.
    """
    from flashsync.cli.carrying import agreed

    while True:
        planned = run.saved_plan(Path(plan_file)) if plan_file else run.plan()
        if plan_file:
            planned = run.in_time(planned, later_cut=later_cut)
        if not agreed(run, planned, ask=ask):
            return None
        if not run.too_late(planned):
            return planned
        run.output.again()
