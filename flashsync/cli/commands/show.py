"""`flashsync show`: the calendar, as people read one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flashsync.cli.options import (
    account_options,
    file_options,
    formats,
    report_file_options,
    screen_options,
)
from flashsync.errors import ExitCode, Level, Problem, UsageError

if TYPE_CHECKING:
    from flashsync.cli.calendar_sources import Found
    from flashsync.cli.calendars import Rota
    from flashsync.model.calendar import Span
    from flashsync.plan.model import Plan
    from flashsync.render.calendar.model import Basis, CalendarView

A_WEEK, TWO_WEEKS = 7, 14
_OF_PLANS = ("markdown", "github")
"""Formats that only a plan has."""
WIDE = 144
"""Columns from which two weeks are drawn side by side."""


@click.command(name="show")
@file_options
@click.option("--live", is_flag=True, help="The account as it is now.")
@click.option("--all", "all_", is_flag=True, help="With --live: all schedules of the account.")
@click.option("--offline", is_flag=True, help="The files only, each layer counted from `start`.")
@click.option("--plan", "plan", metavar="FILE", help="A saved plan, as it was shown; no key.")
@click.option("--person", metavar="NAME", help="Only what concerns this person.")
@click.option("--from", "from_", metavar="DATE|TIME", help="First day; today by default.")
@click.option(
    "--days",
    type=click.IntRange(1, 44),
    metavar="N",
    help="Number of days; by default 7, or 14 if they fit next to each other.",
)
@formats("text", "json", "ics", "markdown", "github")
@report_file_options
@screen_options
@account_options
def command(**given: Any) -> int:
    """Draw the calendar: of the files as they would be after an apply, or as the options say.

    A row a layer, and one for who is on call in the end; `!` is nobody. With --plan FILE, a saved
    plan as `plan` has shown it, or, with --format ics, the calendar of what it changes; both
    without a key.
    """
    from flashsync.cli.calendars import Rota, write_calendars

    _check(given)
    if given["plan"]:
        return _saved(given)
    with Rota(given, Path.cwd()) as run:
        found, view = _read(run, given)
        write_calendars(run.output, found.shown, view)
    return ExitCode.OK


def _check(given: dict[str, Any]) -> None:
    """Options that do not go together."""
    modes = [f"--{name}" for name in ("live", "offline", "plan") if given[name]]
    if len(modes) > 1:
        raise UsageError(f"{modes[0]} cannot be used with {modes[1]}", "choose one of them")
    if given["all_"] and not given["live"]:
        raise UsageError("--all needs --live", "without it, show draws the files")
    if given["all_"] and given["paths"]:
        raise UsageError("--all cannot be used with paths", "remove one of them")
    if given["plan"]:
        _check_plan(given)
    elif given["format_"] in _OF_PLANS or given["reports"]:
        flag = "--report" if given["reports"] else f"--format {given['format_']}"
        raise UsageError(f"{flag} needs --plan FILE", "a calendar is text, json or ics")


def _check_plan(given: dict[str, Any]) -> None:
    """A saved plan is shown as it is; only of its calendar a part may be chosen."""
    for name, flag in (("paths", "paths"), ("only", "--only"), ("config", "--config")):
        if given[name]:
            raise UsageError(f"--plan cannot be used with {flag}", "it shows what was planned")
    if given["reports"] and given["format_"] == "ics":
        raise UsageError("--report cannot be used with --format ics", "remove one of them")
    for name, flag in (("person", "--person"), ("from_", "--from"), ("days", "--days")):
        if given[name] and given["format_"] != "ics":
            remedy = "remove it, or add --format ics"
            raise UsageError(f"--plan takes {flag} only with --format ics", remedy)


def _saved(given: dict[str, Any]) -> int:
    """A saved plan, or the calendar of what it changes; nothing is asked of any account."""
    from flashsync.cli.calendars import Rota, write_calendars
    from flashsync.operations.saved_plan import offline

    path, run = Path(given["plan"]), Rota(given, Path.cwd())
    planned = offline(path, given["timezone"])
    if run.output.format != "ics":
        run.output.plan(planned)
        return ExitCode.OK
    from flashsync.cli import calendar_sources
    from flashsync.render.calendar.model import Basis

    timezone = planned.plan.account.timezone
    window = _window(run, given, timezone)
    found = calendar_sources.of_saved(planned.plan, _wider(window))
    _say(run, [f"`{one.name}` is left out: {note}" for one in found.shown for note in one.notes])
    view = _view(run, given, found, timezone, window, Basis.AFTER_APPLY)
    write_calendars(run.output, found.shown, view)
    return ExitCode.OK


def _read(run: Rota, given: dict[str, Any]) -> tuple[Found, CalendarView]:
    from flashsync.cli import calendar_sources
    from flashsync.render.calendar.model import Basis

    settings = run.settings()
    if given["offline"]:
        chosen, _ = run.declared(settings)
        timezone = calendar_sources.zone_of(settings)
        window = _window(run, given, timezone)
        found = calendar_sources.offline(chosen, settings, _wider(window))
        return found, _view(run, given, found, timezone, window, Basis.OFFLINE)
    if given["live"]:
        timezone = run.account(settings).timezone
        window = _window(run, given, timezone)
        found = calendar_sources.live(
            run, settings, given["only"], all_=given["all_"], window=_wider(window)
        )
        return found, _view(run, given, found, timezone, window, Basis.LIVE)
    from flashsync.operations.effects import Mode

    planned = run.plan(effects=Mode.NONE)
    _warn(run, planned.plan)
    timezone = planned.plan.account.timezone
    window = _window(run, given, timezone)
    found = calendar_sources.after_apply(run, planned.plan, planned.words.directory, _wider(window))
    return found, _view(run, given, found, timezone, window, Basis.AFTER_APPLY)


def _warn(run: Rota, plan: Plan) -> None:
    """What the calendar cannot show: an apply that would not happen."""
    if plan.refusals and run.output.format == "text":
        _say(run, ["`apply` would refuse this plan; run `flashsync plan` to see why"])


def _say(run: Rota, warnings: Sequence[str]) -> None:
    import sys

    from flashsync.cli.output import write
    from flashsync.render.problems import render_problems

    found = [Problem(text, level=Level.WARNING) for text in warnings]
    write(render_problems(found, run.output.remarks), sys.stderr)


def _window(run: Rota, given: dict[str, Any], timezone: str) -> Span:
    """What is shown: whole days of the zone in which it is shown."""
    from flashsync.cli.calendars import days_later
    from flashsync.model.timezone import DAY, wall_seconds_at
    from flashsync.operations import environment
    from flashsync.operations.command_times import instant
    from flashsync.render.calendar.model import midnight

    text = run.output.format == "text" and run.output.results.width < WIDE
    days = given["days"] or (A_WEEK if text else TWO_WEEKS)
    zone = given["timezone"] or timezone
    if given["from_"]:
        told_in = timezone if ":" in given["from_"] else zone  # a date alone is a day of the chart
        start = instant(given["from_"], "--from", told_in, date=True)
    else:
        start = midnight(wall_seconds_at(environment.now(), zone) // DAY, zone)
    return start, days_later(start, days, zone)


def _wider(window: Span) -> Span:
    """What is read: more on both sides, so that shifts have the ends that they have."""
    from flashsync.api.endpoints.shifts import LONGEST_WINDOW
    from flashsync.cli.calendars import MARGIN

    start, end = window
    end = min(end, start + LONGEST_WINDOW)
    spare = LONGEST_WINDOW - (end - start)
    before = min(MARGIN, spare // 2)
    return start - before, end + min(MARGIN, spare - before)


def _view(
    run: Rota, given: dict[str, Any], found: Found, timezone: str, window: Span, basis: Basis
) -> CalendarView:
    from flashsync.cli.calendars import person_named
    from flashsync.operations import environment
    from flashsync.render.calendar.model import CalendarView

    person = given["person"]
    id = None if person is None else person_named(person, found.directory, run.settings())
    zone = given["timezone"] or timezone
    return CalendarView(window, zone, environment.now(), found.directory, basis, id)
