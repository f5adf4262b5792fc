"""`flashsync plan`: what apply would do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from flashsync.cli.options import (
    account_options,
    age_option,
    file_options,
    planning_options,
    report_options,
    screen_options,
    without_files_option,
)
from flashsync.cli.reports import twice
from flashsync.errors import ExitCode, UsageError


@click.command(name="plan")
@file_options
@planning_options
@click.option("--out", metavar="FILE", help="Save the plan for `apply --plan FILE`.")
@click.option(
    "--check", "check", metavar="FILE", help="Check whether this saved plan would still be applied."
)
@age_option
@without_files_option
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 if there are changes.")
@report_options
@screen_options
@account_options
def command(out: str | None, check: str | None, detailed_exitcode: bool, **given: Any) -> int:
    """Read the account and show what apply would do. Writes nothing.

    Exits 0, or 1 on an error or if apply would refuse the plan; with --detailed-exitcode, exits 2
    if there are changes.

    With --check FILE, says whether a saved plan would still be applied, with all reasons against
    it, and exits 0 or 1.
    """
    from flashsync.cli.run import Run
    from flashsync.operations.saved_plan import check_alone, check_saved_only

    if check:
        check_alone("--check", {**given, "out": out}, "a saved plan is checked as it was shown")
        return _check(Path(check), given, detailed=detailed_exitcode)
    check_saved_only("--check FILE", given)
    if out and twice([Path(out), *(one.path for one in given["reports"])]):
        raise UsageError(f"--out and --report both write {out}", "use a file for each")
    with Run(given, Path.cwd()) as run:
        planned = run.plan()
        run.output.plan(planned)
        if out:
            run.output.saved(planned, Path(out))
    if planned.plan.refusals:
        return ExitCode.ERROR
    return ExitCode.CHANGES if detailed_exitcode and not planned.plan.empty else ExitCode.OK


def _check(path: Path, given: dict[str, Any], *, detailed: bool) -> int:
    """Whether a saved plan would still be applied."""
    from flashsync.cli.run import Run

    with Run(given, Path.cwd()) as run:
        verdict = run.verdict(path)
        run.output.verdict(verdict)
    if not verdict.applies:
        return ExitCode.ERROR
    changes = verdict.plan is not None and not verdict.plan.empty
    return ExitCode.CHANGES if detailed and changes else ExitCode.OK
