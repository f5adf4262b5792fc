"""`flashsync apply`: make the account what the files, or a saved plan, say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flashsync.cli.options import (
    ReportOptions,
    ScreenOptions,
    account_options,
    age_option,
    approve_option,
    check_alone,
    check_saved_only,
    fail_fast_option,
    file_options,
    journal_option,
    options_as,
    plan_report_options,
    planning_options,
    screen_options,
    without_files_option,
)
from flashsync.operations.options import PlanOptions, SavedPlanOptions, SessionOptions

if TYPE_CHECKING:
    from flashsync.operations.planning import Planned


@dataclass(frozen=True, slots=True)
class ApplyCommand:
    """The options of `apply`."""

    session: SessionOptions
    plan: PlanOptions
    saved: SavedPlanOptions
    screen: ScreenOptions
    report: ReportOptions
    plan_file: str | None = None
    later_cut: bool = False
    auto_approve: bool = False
    fail_fast: bool = False


@click.command(name="apply")
@file_options
@planning_options
@click.option("--plan", "plan_file", metavar="FILE", help="Apply this saved plan.")
@click.option("--later-cut", is_flag=True, help="Apply a late saved plan at the next handoff.")
@age_option
@without_files_option
@journal_option
@fail_fast_option
@approve_option
@click.option("--send-secrets", is_flag=True, help="Send secrets that cannot be compared.")
@plan_report_options
@screen_options
@account_options
@options_as(ApplyCommand)
def command(options: ApplyCommand) -> int:
    """Plan, show, ask, write, and read back.

    Exits 0 if everything was written and confirmed; 1 if the plan was refused or declined; 3 if
    only a part was written, or a write could not be confirmed.
    """
    from flashsync.cli.approval import Approval
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.operations.planning import make_plan
    from flashsync.operations.saved_plan import open_saved_plan

    path = options.plan_file
    if path:
        check_alone("--plan", options.plan, "a saved plan is applied as it was shown")
    else:
        check_saved_only("--plan FILE", options.saved, later_cut=options.later_cut)
    output = Output.of(options.screen, options.report)
    with open_session(options.session, output) as session:

        def make() -> Planned:
            if path is None:
                return make_plan(session, replace(options.plan, lanes=output.has_page))
            return open_saved_plan(session, Path(path), options.saved, later_cut=options.later_cut)

        approval = Approval(session, output, "apply", options.auto_approve, options.fail_fast)
        return approval.carry_out(make, saved_plan=path is not None)
