"""`flashsync plan`: what apply would do."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flashsync.cli.options import (
    ReportOptions,
    ScreenOptions,
    account_options,
    age_option,
    check_alone,
    check_saved_only,
    check_summary,
    file_options,
    options_as,
    plan_report_options,
    planning_options,
    screen_options,
    summary_option,
    without_files_option,
)
from flashsync.cli.reports import PLAN_VIEWS, find_duplicate, save_text
from flashsync.errors import ExitCode, UsageError
from flashsync.operations.options import PlanOptions, SavedPlanOptions, SessionOptions

if TYPE_CHECKING:
    from flashsync.cli.output import Output
    from flashsync.operations.planning import Planned


@dataclass(frozen=True, slots=True)
class PlanCommand:
    """The options of `plan`."""

    session: SessionOptions
    plan: PlanOptions
    saved: SavedPlanOptions
    screen: ScreenOptions
    report: ReportOptions
    out: str | None = None
    check: str | None = None
    detailed_exitcode: bool = False


@click.command(name="plan")
@file_options
@planning_options
@click.option("-o", "--out", metavar="FILE", help="Save the plan for `apply --plan FILE`.")
@click.option(
    "--check", "check", metavar="FILE", help="Check whether this saved plan would still be applied."
)
@age_option
@without_files_option
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 if there are changes.")
@summary_option
@plan_report_options
@screen_options
@account_options
@options_as(PlanCommand)
def command(options: PlanCommand) -> int:
    """Read the account and show what apply would do. Writes nothing.

    Exits 0, or 1 on an error or if apply would refuse the plan; with --detailed-exitcode, exits 2
    if there are changes.

    With --check FILE, says whether a saved plan would still be applied, with all reasons against
    it, and exits 0 or 1.
    """
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import PlanResult
    from flashsync.operations.planning import make_plan

    _check(options)
    if options.check:
        return _check_saved(options, Path(options.check))
    output = Output.of(options.screen, options.report)
    with open_session(options.session, output) as session:
        planned = make_plan(session, replace(options.plan, lanes=output.has_page))
        output.show(PlanResult(planned))
        if options.out:
            _save(planned, Path(options.out), output)
    if planned.plan.refusals:
        return ExitCode.ERROR
    changed = options.detailed_exitcode and not planned.plan.empty
    return ExitCode.CHANGES if changed else ExitCode.OK


def _check(options: PlanCommand) -> None:
    """Refuse options that cannot be used together."""
    check_summary(options.screen)
    if options.check:
        if options.screen.summary:
            raise UsageError("--summary cannot be used with --check", "remove one of them")
        why = "a saved plan is checked as it was shown"
        check_alone("--check", options.plan, why, out=options.out)
        return
    check_saved_only("--check FILE", options.saved)
    reports = [report.path for report in options.report.reports]
    if options.out in PLAN_VIEWS:
        remedy = f"write --format {options.out}, or ./{options.out} for a file of this name"
        raise UsageError(f"--out takes a file for the plan, got the format {options.out}", remedy)
    if options.out and find_duplicate([Path(options.out), *reports]):
        raise UsageError(f"--out and --report both write {options.out}", "use a file for each")


def _save(planned: Planned, path: Path, output: Output) -> None:
    """Save a plan, whole or not at all, and say how to apply it."""
    from flashsync.cli.output import write
    from flashsync.plan.fingerprint import basis_of
    from flashsync.plan.saved import plan_file
    from flashsync.render.plan.changes import change_text

    plan = replace(planned.plan, basis=basis_of(planned.plan, planned.desired, planned.rollout))
    save_text(path, plan_file.save(plan, planned.words.directory, change_text))
    where = output.remarks.safe(str(path))
    how = f"apply it with flashsync apply --plan {where}"
    if plan.refusals:
        how = f"apply --plan {where} would refuse it too"
    write(f"Saved; {how}\n", sys.stderr)


def _check_saved(options: PlanCommand, path: Path) -> int:
    """Say whether a saved plan would still be applied."""
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import VerdictResult
    from flashsync.operations.saved_plan import check_saved_plan

    output = Output.of(options.screen, options.report)
    with open_session(options.session, output) as session:
        verdict = check_saved_plan(session, path, options.saved)
        output.show(VerdictResult(verdict))
    if not verdict.applies:
        return ExitCode.ERROR
    changes = verdict.plan is not None and not verdict.plan.empty
    return ExitCode.CHANGES if options.detailed_exitcode and changes else ExitCode.OK
