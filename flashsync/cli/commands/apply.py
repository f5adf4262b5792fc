"""`flashsync apply`: make the account what the files, or a saved plan, say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flashsync.cli.options import (
    account_options,
    age_option,
    fail_fast_option,
    file_options,
    journal_option,
    planning_options,
    report_options,
    screen_options,
    without_files_option,
)
from flashsync.errors import ExitCode

if TYPE_CHECKING:
    from flashsync.operations.planning import Planned


@click.command(name="apply")
@file_options
@planning_options
@click.option("--plan", "plan_file", metavar="FILE", help="Apply this saved plan.")
@click.option("--later-cut", is_flag=True, help="Apply a late saved plan at the next handoff.")
@age_option
@without_files_option
@journal_option
@fail_fast_option
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option("--send-secrets", is_flag=True, help="Send secrets that cannot be compared.")
@report_options
@screen_options
@account_options
def command(plan_file: str | None, later_cut: bool, auto_approve: bool, **given: Any) -> int:
    """Plan, show, ask, write, and read back.

    Exits 0 if everything was written and confirmed; 1 if the plan was refused or declined; 3 if
    only a part was written, or a write could not be confirmed.
    """
    from flashsync.cli.carry_out import agreed_in_time, carry_out
    from flashsync.cli.run import Run
    from flashsync.operations.saved_plan import check_alone, check_saved_only

    if plan_file:
        check_alone("--plan", given, "a saved plan is applied as it was shown")
    else:
        check_saved_only("--plan FILE", {**given, "later_cut": later_cut})
    with Run(given, Path.cwd()) as run:

        def make() -> Planned:
            if plan_file is None:
                return run.plan()
            return run.in_time(run.saved_plan(Path(plan_file)), later_cut=later_cut)

        planned = agreed_in_time(run, make, "apply", ask=not auto_approve)
        if planned is None:
            return ExitCode.OK
        return carry_out(run, planned, "apply", saved_plan=plan_file is not None)
