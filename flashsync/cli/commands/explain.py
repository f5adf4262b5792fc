"""`flashsync explain`: why somebody is on call."""

from __future__ import annotations

from dataclasses import dataclass

import click

from flashsync.cli.options import (
    ScreenOptions,
    account_options,
    at_option,
    formats,
    options_as,
    screen_options,
)
from flashsync.errors import ExitCode
from flashsync.operations.options import SessionOptions


@dataclass(frozen=True, slots=True)
class ExplainCommand:
    """The options of `explain`."""

    session: SessionOptions
    screen: ScreenOptions
    schedule: str
    at: str | None = None
    offline: bool = False


@click.command(name="explain")
@click.argument("schedule", metavar="SCHEDULE")
@at_option
@click.option("--offline", is_flag=True, help="From the files only, counted from `start`.")
@click.option("--config", metavar="FILE", help="Path of flashsync.yaml.")
@formats("text", "json")
@screen_options
@account_options
@options_as(ExplainCommand)
def command(options: ExplainCommand) -> int:
    """Explain why somebody is on call: override, layer, turn, days and hours.

    SCHEDULE is the name of a live schedule, or a glob that matches only one name.
    """
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import ExplanationResult
    from flashsync.operations.oncall import explain_declared, explain_live

    output = Output.of(options.screen)
    explain = explain_declared if options.offline else explain_live
    with open_session(options.session, output) as session:
        case = explain(session, options.schedule, options.at)
    output.show(ExplanationResult(case))
    return ExitCode.OK
