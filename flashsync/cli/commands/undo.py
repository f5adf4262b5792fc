"""`flashsync undo`: back to what was there before an apply."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import click

from flashsync.cli.options import (
    ReportOptions,
    ScreenOptions,
    account_options,
    approve_option,
    fail_fast_option,
    journal_option,
    options_as,
    report_options,
    rollout_options,
    screen_options,
)
from flashsync.errors import ExitCode
from flashsync.operations.options import PlanOptions, SessionOptions


@dataclass(frozen=True, slots=True)
class UndoCommand:
    """The options of `undo`."""

    session: SessionOptions
    plan: PlanOptions
    screen: ScreenOptions
    report: ReportOptions
    id: str | None = None
    list_: bool = False
    auto_approve: bool = False
    fail_fast: bool = False


@click.command(name="undo")
@click.argument("id", required=False)
@click.option("--list", "list_", is_flag=True, help="List the journals; with ID, what it wrote.")
@click.option("--config", metavar="FILE", help="Path of flashsync.yaml.")
@click.option("--only", multiple=True, metavar="NAME|GLOB", help="Undo only these schedules.")
@rollout_options
@journal_option
@fail_fast_option
@approve_option
@report_options
@screen_options
@account_options
@options_as(UndoCommand)
def command(options: UndoCommand) -> int:
    """Restore what was live before an apply, by its journal: the last one, or that of ID.

    Shows a plan, asks, writes and reads back, with the same rollout as `apply`. Refuses to undo
    what somebody has changed since. ID is the beginning of the journal's name or id. Exits as
    `apply` does.
    """
    from flashsync.cli.approval import Approval
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import JournalResult, JournalsResult
    from flashsync.operations.undo import find_run, list_runs, plan_undo
    from flashsync.plan.journal.codec import Journals

    output = Output.of(options.screen, options.report)
    with open_session(options.session, output) as session:
        if options.list_ and options.id is None:
            output.show(JournalsResult(list_runs(session), options.session.timezone))
            return ExitCode.OK
        run = find_run(session, options.id)
        if options.list_:
            alone = Journals((run.journal,))
            output.show(JournalResult(alone, options.session.timezone, run.journal))
            return ExitCode.OK
        approval = Approval(session, output, "undo", options.auto_approve, options.fail_fast)
        make = partial(plan_undo, session, run, options.plan)
        return approval.carry_out(make, undo_of=run.journal.id)
