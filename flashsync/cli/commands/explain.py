"""`flashsync explain`: why somebody is on call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flashsync.cli.options import account_options, formats, screen_options
from flashsync.errors import ExitCode

if TYPE_CHECKING:
    from flashsync.cli.calendars import Rota
    from flashsync.render.calendar.explain import ExplainedCase


@click.command(name="explain")
@click.argument("schedule", metavar="SCHEDULE")
@click.option("--at", metavar="TIME", help="At another moment, on the account's clocks.")
@click.option("--offline", is_flag=True, help="From the files only, counted from `start`.")
@click.option("--config", metavar="FILE", help="Path of flashsync.yaml.")
@formats("text", "json")
@screen_options
@account_options
def command(**given: Any) -> int:
    """Explain why somebody is on call: override, layer, turn, days and hours.

    SCHEDULE is the name of a live schedule, or a glob that matches only one name.
    """
    from flashsync.cli.calendars import Rota
    from flashsync.cli.output import write, write_json

    with Rota({**given, "paths": (), "only": ()}, Path.cwd()) as run:
        case = _offline(run, given) if given["offline"] else _live(run, given)
        if run.output.format == "json":
            from flashsync.render.calendar.explain import render_explanation_json

            write_json(render_explanation_json(case))
        else:
            from flashsync.render.calendar.explain import render_explanation

            write(render_explanation(case, run.output.results))
    return ExitCode.OK


def _live(run: Rota, given: dict[str, Any]) -> ExplainedCase:
    """The schedule as it is configured now, and what the platform says of the moment."""
    from flashsync.api.endpoints.schedules import list_schedules
    from flashsync.api.endpoints.shifts import LONGEST_WINDOW, read_calendar
    from flashsync.cli.calendars import MARGIN, one_named
    from flashsync.operations import environment
    from flashsync.operations.command_times import instant
    from flashsync.render.calendar.explain import ExplainedCase
    from flashsync.rotation.explain import explain

    settings = run.settings()
    account = run.account(settings)
    at = instant(given["at"], "--at", account.timezone)
    start = at - MARGIN
    with run.output.reading():
        listed = {one.name: one.id for one in list_schedules(run.connected(), account.timezone)}
        id = listed[one_named(given["schedule"], list(listed), "the account")]
        live = read_calendar(run.connected(), id, account.timezone, start, start + LONGEST_WINDOW)
    found = live.schedule
    directory = run.directory(settings, account, [live.calendar], found)
    explanation = explain(found.layers, found.overrides, account.timezone, at)
    zone = run.shown_zone(account)
    return ExplainedCase(found, explanation, live.calendar, environment.now(), zone, directory)


def _offline(run: Rota, given: dict[str, Any]) -> ExplainedCase:
    """The schedule as its file says it."""
    from flashsync.cli import calendar_sources
    from flashsync.cli.calendars import one_named
    from flashsync.operations import environment
    from flashsync.operations.command_times import instant
    from flashsync.render.calendar.explain import ExplainedCase
    from flashsync.rotation.explain import explain

    settings = run.settings()
    timezone = calendar_sources.zone_of(settings)
    declared, _ = run.declared(settings)
    at = instant(given["at"], "--at", timezone)
    schedules, directory = calendar_sources.resolved(declared, settings)
    by_name = {one.name: one for one in schedules}
    found = by_name[one_named(given["schedule"], list(by_name), "the files")]
    explanation = explain(found.layers, found.overrides, timezone, at)
    zone = given["timezone"] or timezone
    return ExplainedCase(found, explanation, None, environment.now(), zone, directory)
