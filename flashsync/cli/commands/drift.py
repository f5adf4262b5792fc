"""`flashsync drift`: a plan for a cron job."""

from __future__ import annotations

from dataclasses import dataclass

import click

from flashsync.cli.options import (
    ReportOptions,
    ScreenOptions,
    account_options,
    check_summary,
    file_options,
    options_as,
    plan_report_options,
    screen_options,
    summary_option,
)
from flashsync.errors import ExitCode
from flashsync.operations.options import SessionOptions
from flashsync.operations.selection import Selection


@dataclass(frozen=True, slots=True)
class DriftCommand:
    """The options of `drift`."""

    session: SessionOptions
    selection: Selection
    screen: ScreenOptions
    report: ReportOptions


@click.command(name="drift")
@file_options
@summary_option
@plan_report_options
@screen_options
@account_options
@options_as(DriftCommand)
def command(options: DriftCommand) -> int:
    """Show what differs between files and account, and who wrote it last. Writes nothing.

    Exits 0 if nothing differs, and 2 for a schedule that differs, is missing, or is live although
    declared absent, and in a run over all files for an undeclared schedule in `manage` scope.
    Ignores what `accept` in flashsync.yaml names until its date.
    """
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import DriftResult
    from flashsync.operations.drift import find_drift

    check_summary(options.screen)
    output = Output.of(options.screen, options.report)
    with open_session(options.session, output) as session:
        result = find_drift(session, options.selection, effects=output.has_page)
        output.show(DriftResult(result.drift, result.words, result.foreseen))
    return ExitCode.OK if result.drift.empty else ExitCode.CHANGES
