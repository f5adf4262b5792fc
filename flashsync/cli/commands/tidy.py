"""`flashsync tidy`: remove ended layers and past overrides from the account."""

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
    file_options,
    journal_option,
    options_as,
    report_options,
    screen_options,
)
from flashsync.errors import ExitCode
from flashsync.model.timezone import DAY
from flashsync.operations.options import PlanOptions, SessionOptions

_MOST = 36500


def days(value: str) -> int:
    """A number of days, in seconds, from `90d`."""
    text = value.strip().removesuffix("d").strip()
    if not (text.isascii() and text.isdigit() and int(text) <= _MOST):
        message = f"expected a number of days such as 90d, got {value or 'nothing'}"
        raise click.BadParameter(message)
    return int(text) * DAY


@dataclass(frozen=True, slots=True)
class TidyCommand:
    """The options of `tidy`."""

    session: SessionOptions
    plan: PlanOptions
    screen: ScreenOptions
    report: ReportOptions
    check: bool = False
    auto_approve: bool = False
    fail_fast: bool = False


@click.command(name="tidy")
@file_options
@click.option(
    "--older-than",
    "tidy",
    metavar="DAYS",
    default="90d",
    show_default=True,
    type=days,
    help="Keep what ended less than this long ago.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 2 if there is anything to remove.")
@journal_option
@fail_fast_option
@approve_option
@report_options
@screen_options
@account_options
@options_as(TidyCommand)
def command(options: TidyCommand) -> int:
    """Remove ended links of edited layers and past declared overrides from the account.

    Shows a plan, asks, writes and reads back, as `apply` does. Never touches overrides that people
    made in the console. Exits as `apply` does; with --check, 2 if there is anything to remove.
    """
    from flashsync.cli.approval import Approval
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import PlanResult
    from flashsync.operations.planning import make_plan

    output = Output.of(options.screen, options.report)
    with open_session(options.session, output) as session:
        if options.check:
            planned = make_plan(session, options.plan)
            output.show(PlanResult(planned))
            return ExitCode.OK if planned.plan.empty else ExitCode.CHANGES
        approval = Approval(session, output, "tidy", options.auto_approve, options.fail_fast)
        return approval.carry_out(partial(make_plan, session, options.plan))
