"""`flashsync show`: the calendar, as people read one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flashsync.cli.option_values import WholeNumber, parse_interval
from flashsync.cli.options import (
    ReportOptions,
    ScreenOptions,
    account_options,
    file_options,
    formats,
    options_as,
    report_files,
    screen_options,
)
from flashsync.cli.process import is_screen
from flashsync.cli.reports import PLAN_VIEWS
from flashsync.errors import ExitCode, Level, Problem, UsageError
from flashsync.operations.options import SessionOptions
from flashsync.operations.selection import Selection

if TYPE_CHECKING:
    from flashsync.cli.output import Output
    from flashsync.operations.calendar_sources import CalendarOptions
    from flashsync.operations.calendars import ShownCalendars

A_WEEK, TWO_WEEKS = 7, 14
A_MINUTE = "60"
_OF_PLANS = ("markdown", "github")
"""Formats that only a plan has."""
WIDE = 144
"""Columns from which two weeks are drawn side by side."""


@dataclass(frozen=True, slots=True)
class ShowCommand:
    """The options of `show`."""

    session: SessionOptions
    selection: Selection
    screen: ScreenOptions
    report: ReportOptions
    live: bool = False
    all_: bool = False
    offline: bool = False
    plan: str | None = None
    person: str | None = None
    from_: str | None = None
    days: int | None = None
    watch: int | None = None
    shifts: bool = False


@click.command(name="show")
@file_options
@click.option("--live", is_flag=True, help="The account as it is now.")
@click.option("--all", "all_", is_flag=True, help="With --live: all schedules of the account.")
@click.option("--offline", is_flag=True, help="The files only, each layer counted from `start`.")
@click.option("--plan", "plan", metavar="FILE", help="A saved plan, as it was shown; no key.")
@click.option("--person", metavar="NAME", help="Only what concerns this person.")
@click.option(
    "--from",
    "from_",
    metavar="DATE|TIME",
    help="First day, also fri; today by default.",
)
@click.option(
    "--days",
    type=WholeNumber(1, 44),
    metavar="N",
    help="Number of days; by default 7, or 14 if they fit next to each other.",
)
@click.option(
    "--watch",
    is_flag=False,
    flag_value=A_MINUTE,
    metavar="[SECONDS]",
    callback=parse_interval,
    help="Draw it again every SECONDS, by default 60, in a terminal, until Ctrl-C.",
)
@click.option(
    "--shifts", is_flag=True, help="Draw each schedule with its layers, and list all its shifts."
)
@formats("text", "json", "ics", "html", "markdown", "github")
@report_files(*PLAN_VIEWS)
@screen_options
@account_options
@options_as(ShowCommand)
def command(options: ShowCommand) -> int:
    """Draw the calendar: of the files as they would be after an apply, or as the options say.

    A row a layer, and one for who is on call in the end; `!` is nobody. More than three schedules
    share one chart, a row each; below it is what differs from a plain rotation. With --plan FILE,
    a saved plan as `plan` has shown it, or, with --format ics, the calendar of what it changes;
    both without a key.
    """
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import CalendarResult
    from flashsync.operations.calendar_sources import read_calendars

    _check(options)
    output = Output.of(options.screen, options.report)
    if options.watch:
        return _watch(options, options.watch)
    if options.plan:
        return _show_saved(options, Path(options.plan), output)
    with open_session(options.session, output) as session:
        shown = read_calendars(session, _wanted(options, output))
        if output.format == "text":
            _warn(output, shown.warnings)
        output.show(CalendarResult(shown.calendars, shown.view, options.shifts))
    return ExitCode.OK


def _check(options: ShowCommand) -> None:
    """Refuse options that cannot be used together."""
    bases = {"--live": options.live, "--offline": options.offline, "--plan": options.plan}
    given = [flag for flag, value in bases.items() if value]
    if len(given) > 1:
        raise UsageError(f"{given[0]} cannot be used with {given[1]}", "choose one of them")
    if options.all_ and not options.live:
        raise UsageError("--all needs --live", "without it, show draws the files")
    if options.all_ and options.selection.paths:
        raise UsageError("--all cannot be used with paths", "remove one of them")
    if options.watch:
        _check_watch(options)
    if options.shifts and (options.plan or options.screen.format_ != "text"):
        raise UsageError("--shifts is for a calendar as text", "remove it")
    if options.plan:
        _check_plan(options)
    elif options.screen.format_ in _OF_PLANS or options.report.reports:
        flag = "--report" if options.report.reports else f"--format {options.screen.format_}"
        raise UsageError(f"{flag} needs --plan FILE", "a calendar is text, json, ics or html")


def _check_watch(options: ShowCommand) -> None:
    """A terminal is drawn on, and nothing else, whatever changes in the account or the files."""
    others = {
        f"--format {options.screen.format_}": options.screen.format_ != "text",
        "--report": options.report.reports,
        "--plan": options.plan,
        "-v": options.screen.verbose,
    }
    for flag, value in others.items():
        if value:
            raise UsageError(f"--watch cannot be used with {flag}", "remove one of them")
    if not is_screen():
        raise UsageError("--watch needs a terminal, and stdout is not one", "remove --watch")


def _check_plan(options: ShowCommand) -> None:
    """A saved plan is shown whole; only of its calendar a part may be chosen."""
    files = {
        "paths": options.selection.paths,
        "--only": options.selection.only,
        "--config": options.session.config,
    }
    for flag, value in files.items():
        if value:
            raise UsageError(f"--plan cannot be used with {flag}", "it shows what was planned")
    as_calendar = options.screen.format_ == "ics"
    if options.report.reports and as_calendar:
        raise UsageError("--report cannot be used with --format ics", "remove one of them")
    parts = (("--person", options.person), ("--from", options.from_), ("--days", options.days))
    for flag, part in parts:
        if part and not as_calendar:
            remedy = "remove it, or add --format ics"
            raise UsageError(f"--plan takes {flag} only with --format ics", remedy)


def _watch(options: ShowCommand, every: int) -> int:
    """Draw the calendar again and again, until Ctrl-C, which is how this ends well."""
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import CalendarResult
    from flashsync.cli.watching import Picture, terminal_signals
    from flashsync.operations.calendar_feed import CalendarFeed, watch_calendars
    from flashsync.render.calendar.text import cut_line, render_freshness

    def draw(shown: ShownCalendars) -> None:
        output = Output.of(options.screen)  # with the width that the terminal has now
        text = output.render(CalendarResult(shown.calendars, shown.view, options.shifts), "text")
        warnings = [cut_line(f"warning: {text}", output.results) for text in shown.warnings]
        picture.draw(text, [*warnings, render_freshness(shown.view, output.results)])

    output = Output.of(options.screen)
    picture = Picture(output.results)
    with (
        suppress(KeyboardInterrupt),
        terminal_signals() as wait,
        picture,
        open_session(options.session, output, picture) as session,
    ):
        watch_calendars(CalendarFeed(session, _wanted(options, output), every), draw, wait)
    return ExitCode.OK


def _show_saved(options: ShowCommand, path: Path, output: Output) -> int:
    """Show a saved plan, or the calendar of what it changes, without a key."""
    from flashsync.cli.run import open_session
    from flashsync.cli.views import CalendarResult, PlanResult
    from flashsync.operations.calendar_sources import read_saved_calendars
    from flashsync.operations.saved_plan import show_saved_plan

    with open_session(options.session, output) as session:
        planned = show_saved_plan(session, path)
        if output.format != "ics":
            output.show(PlanResult(planned))
            return ExitCode.OK
        shown = read_saved_calendars(session, planned.plan, _wanted(options, output))
        _warn(output, shown.warnings)
        output.show(CalendarResult(shown.calendars, shown.view))
    return ExitCode.OK


def _wanted(options: ShowCommand, output: Output) -> CalendarOptions:
    """What to draw; without --days, as many days as fit."""
    from flashsync.model.calendar import Basis
    from flashsync.operations.calendar_sources import CalendarOptions

    narrow = output.format == "text" and output.results.width < WIDE
    basis = Basis.LIVE if options.live else Basis.OFFLINE if options.offline else Basis.AFTER_APPLY
    return CalendarOptions(
        options.days or (A_WEEK if narrow else TWO_WEEKS),
        options.selection,
        basis,
        all_=options.all_,
        start=options.from_,
        person=options.person,
    )


def _warn(output: Output, texts: Sequence[str]) -> None:
    from flashsync.cli.output import write
    from flashsync.render.problems import render_problems

    warnings = [Problem(text, level=Level.WARNING) for text in texts]
    write(render_problems(warnings, output.remarks), sys.stderr)
