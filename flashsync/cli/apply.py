"""`flashsync apply`: make the account what the files, or a saved plan, say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flashsync.cli.options import (
    account_options,
    file_options,
    planning_options,
    report_options,
    screen_options,
)
from flashsync.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from flashsync.cli.planning import Planned
    from flashsync.cli.run import Run

_NOT_WITH_PLAN = {
    "paths": "paths",
    "only": "--only",
    "prune": "--prune",
    "max_deletes": "--max-deletes",
    "max_change_percent": "--max-change-percent",
    "rollout": "--rollout",
    "effects": "--effects",
    "checks": "--check-level",
    "window": "--window",
    "create_lookalike": "--create-lookalike",
    "send_secrets": "--send-secrets",
}
"""What was decided when the plan was made."""


@click.command(name="apply")
@file_options
@planning_options
@click.option("--plan", "plan_file", metavar="FILE", help="Carry out a saved plan, or nothing.")
@click.option("--later-cut", is_flag=True, help="A saved plan that is late: at the next handoff.")
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

    if plan_file:
        _check_alone(given)
    elif later_cut:
        raise UsageError("--later-cut goes with --plan FILE", "without it, plans are always fresh")
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


def _check_alone(given: dict[str, Any]) -> None:
    for name, flag in _NOT_WITH_PLAN.items():
        if _was_given(given[name]):
            message = f"--plan does not go with {flag}: a saved plan is applied as it was shown"
            raise UsageError(message, "plan again with it, or leave it out")


def _was_given(value: Any) -> bool:
    """Whether an option stands on the command line; a limit of 0 does, too."""
    return value is not None and value is not False and value not in ((), {})
