"""`flashsync doctor`: what the key may do, and whether offline answers can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import click

from flashsync.cli.option_values import WholeNumber
from flashsync.cli.options import (
    ScreenOptions,
    account_options,
    formats,
    options_as,
    screen_options,
)
from flashsync.errors import ExitCode
from flashsync.operations.options import SessionOptions
from flashsync.operations.selection import Selection


@dataclass(frozen=True, slots=True)
class DoctorCommand:
    """The options of `doctor`."""

    session: SessionOptions
    selection: Selection
    screen: ScreenOptions
    schedules: int = 50


@click.command(name="doctor")
@click.option(
    "--schedules",
    type=WholeNumber(0),
    default=50,
    show_default=True,
    metavar="N",
    help="Compare at most N live schedules with the local engine.",
)
@click.option("--config", metavar="FILE", help="Path of flashsync.yaml.")
@click.option("--only", multiple=True, metavar="NAME|GLOB", help="Compare only these.")
@formats("text", "json")
@screen_options
@account_options
@options_as(DoctorCommand)
def command(options: DoctorCommand) -> int:
    """Check key, permissions, clock and zone, and compare the local engine with the platform.

    Writes nothing and calls no endpoint that writes. Previews some small schedules without saving
    them. Exits 1 if plan and apply cannot work: the key, the account, its zone, or a permission
    that they need. Warnings do not change the exit code.
    """
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import DoctorResult
    from flashsync.operations.diagnose import DoctorOptions, diagnose

    output = Output.of(options.screen)
    with open_session(options.session, output) as session:
        result = diagnose(session, DoctorOptions(options.schedules, options.selection))
    timezone = options.session.timezone or ""
    output.show(DoctorResult(result.diagnosis, result.directory, timezone))
    return ExitCode.OK if result.diagnosis.healthy else ExitCode.ERROR
