"""`flashsync apply`: make the account what the files, or a saved plan, say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flashsync.cli.options import (
    account_options,
    file_options,
    formats,
    journal_option,
    planning_options,
    screen_options,
)
from flashsync.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from flashsync.cli.planning import Planned

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
@journal_option
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option("--send-secrets", is_flag=True, help="Send secrets that cannot be compared.")
@formats("text", "json")
@screen_options
@account_options
def command(plan_file: str | None, later_cut: bool, auto_approve: bool, **given: Any) -> int:
    """Plan, show, ask, write, and read back.

    Exits 0 when all is written and confirmed; 1 where it was refused or declined; 3 where
    something was written and not all of it, or a write could not be confirmed.
    """
    from flashsync.cli.carrying import agreed_in_time, carry_out
    from flashsync.cli.run import Run

    if plan_file:
        _check_alone(given)
    elif later_cut:
        raise UsageError("--later-cut goes with --plan FILE", "without it, plans are always fresh")
    with Run(given, Path.cwd()) as run:

        def make() -> Planned:
            if plan_file is None:
                return run.plan()
            return run.in_time(run.saved_plan(Path(plan_file)), later_cut=later_cut)

        planned = agreed_in_time(run, make, ask=not auto_approve)
        if planned is None:
            return ExitCode.OK
        return carry_out(run, planned, "apply", saved_plan=plan_file is not None)


def _check_alone(given: dict[str, Any]) -> None:
    for name, flag in _NOT_WITH_PLAN.items():
        if _was_given(given[name]):
            message = f"--plan does not go with {flag}: a saved plan is applied as it was shown"
            raise UsageError(message, "plan again with it, or leave it out")


def _was_given(value: Any) -> bool:
    """Whether an option stands on the command line; a limit of 0 does, too."""
    return value is not None and value is not False and value not in ((), {})
