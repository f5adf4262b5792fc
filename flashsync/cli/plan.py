"""`flashsync plan`: what apply would do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from flashsync.cli.options import (
    account_options,
    file_options,
    planning_options,
    report_options,
    screen_options,
)
from flashsync.errors import ExitCode


@click.command(name="plan")
@file_options
@planning_options
@click.option("--out", metavar="FILE", help="Save the plan, for `apply --plan FILE`.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 where there are changes.")
@report_options
@screen_options
@account_options
def command(out: str | None, detailed_exitcode: bool, **given: Any) -> int:
    """Read the account and show what apply would do. Writes nothing.

    Exits 0, or 1 where there is an error or apply would refuse the plan; with
    --detailed-exitcode 2 where there are changes.
    """
    from flashsync.cli.run import Run

    with Run(given, Path.cwd()) as run:
        planned = run.plan()
        run.output.plan(planned)
        if out:
            run.output.saved(planned, Path(out))
    if planned.plan.refusals:
        return ExitCode.ERROR
    return ExitCode.CHANGES if detailed_exitcode and not planned.plan.empty else ExitCode.OK
