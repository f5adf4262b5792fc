"""`flashsync oncall`: who is on call now, and who is next."""

from __future__ import annotations

from dataclasses import dataclass

import click

from flashsync.cli.option_values import WholeNumber
from flashsync.cli.options import (
    ScreenOptions,
    account_options,
    at_option,
    file_options,
    formats,
    options_as,
    screen_options,
)
from flashsync.errors import ExitCode, UsageError
from flashsync.operations.options import SessionOptions
from flashsync.operations.selection import Selection

DAYS_OF_MINE = 30


@dataclass(frozen=True, slots=True)
class OncallCommand:
    """The options of `oncall`."""

    session: SessionOptions
    selection: Selection
    screen: ScreenOptions
    all_: bool = False
    at: str | None = None
    mine: bool = False
    days: int | None = None


@click.command(name="oncall")
@file_options
@click.option("--all", "all_", is_flag=True, help="All schedules of the account, without files.")
@at_option
@click.option("--mine", is_flag=True, help="Only shifts of the person who owns the key.")
@click.option(
    "--days",
    type=WholeNumber(1, 366),
    metavar="N",
    help=f"With --mine, days to look ahead; {DAYS_OF_MINE} by default.",
)
@formats("text", "json", "ics")
@screen_options
@account_options
@options_as(OncallCommand)
def command(options: OncallCommand) -> int:
    """Show who is on call, now and next, on all declared schedules.

    Reads the shifts that the platform computes for the live account.
    """
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import MyShiftsResult, OncallResult
    from flashsync.operations.oncall import read_my_shifts, read_oncall

    _check(options)
    output = Output.of(options.screen)
    with open_session(options.session, output) as session:
        if options.mine:
            days = options.days or DAYS_OF_MINE
            mine = read_my_shifts(session, days, options.at)
            output.show(MyShiftsResult(mine.calendars, mine.view))
        else:
            result = read_oncall(session, options.selection, all_=options.all_, at=options.at)
            output.show(OncallResult(result.posts, result.moment))
    return ExitCode.OK


def _check(options: OncallCommand) -> None:
    """Refuse options that cannot be used together."""
    if options.days is not None and not options.mine:
        raise UsageError("--days needs --mine", "for several days use `flashsync show`")
    if options.mine and (options.all_ or not options.selection.complete):
        raise UsageError("--mine always covers all schedules", "remove paths, --only and --all")
    if options.all_ and options.selection.paths:
        raise UsageError("--all cannot be used with paths", "remove one of them")
