"""`flashsync oncall`: who is on call now, and who is next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flashsync.cli.options import account_options, file_options, formats, screen_options
from flashsync.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from flashsync.api.endpoints.shifts import ListedCalendar
    from flashsync.cli.calendars import Rota
    from flashsync.render.calendar.oncall import AskedMoment, Post

DAYS_OF_MINE = 30


@click.command(name="oncall")
@file_options
@click.option("--all", "all_", is_flag=True, help="All schedules of the account, without files.")
@click.option("--at", metavar="TIME", help="At another moment, on the account's clocks.")
@click.option("--mine", is_flag=True, help="Only shifts of the person who owns the key.")
@click.option(
    "--days",
    type=click.IntRange(1, 366),
    metavar="N",
    help=f"With --mine, days to look ahead; {DAYS_OF_MINE} by default.",
)
@formats("text", "json", "ics")
@screen_options
@account_options
def command(**given: Any) -> int:
    """Show who is on call, now and next, on all declared schedules.

    Reads the shifts that the platform computes for the live account.
    """
    from flashsync.cli.calendars import Rota

    _check(given)
    with Rota(given, Path.cwd()) as run:
        if given["mine"]:
            _show_mine(run, given)
        else:
            _show_posts(run, given)
    return ExitCode.OK


def _check(given: dict[str, Any]) -> None:
    """Options that do not go together."""
    if given["days"] is not None and not given["mine"]:
        raise UsageError("--days needs --mine", "for several days use `flashsync show`")
    if given["mine"] and (given["paths"] or given["only"] or given["all_"]):
        raise UsageError("--mine always covers all schedules", "remove paths, --only and --all")
    if given["all_"] and given["paths"]:
        raise UsageError("--all cannot be used with paths", "remove one of them")


def _show_posts(run: Rota, given: dict[str, Any]) -> None:
    from flashsync.cli.calendars import live_of, narrowed
    from flashsync.operations import environment
    from flashsync.operations.command_times import instant
    from flashsync.render.calendar.oncall import AskedMoment

    settings = run.settings()
    chosen, others = ([], []) if given["all_"] else run.declared(settings)
    account = run.account(settings)
    now = environment.now()
    at = now if given["at"] is None else instant(given["at"], "--at", account.timezone)
    listed = run.listed(_window(at))
    if given["all_"]:
        posts = [_post(one.name, one) for one in narrowed(listed, given["only"])]
    else:
        posts = [_post(name, one) for name, one in live_of(chosen, others, listed)]
    calendars = [post.calendar for post in posts if post.calendar]
    directory = run.directory(settings, account, calendars)
    _write(run, posts, AskedMoment(at, now, run.shown_zone(account), directory))


def _window(at: int) -> tuple[int, int]:
    """From a week before the moment, so that a weekly shift has the start that it has."""
    from flashsync.api.endpoints.shifts import LONGEST_WINDOW
    from flashsync.model.timezone import DAY

    start = at - 8 * DAY
    return start, start + LONGEST_WINDOW


def _post(name: str, live: ListedCalendar | None) -> Post:
    from flashsync.render.calendar.oncall import Post

    return Post(name) if live is None else Post(name, live.id, live.calendar)


def _write(run: Rota, posts: Sequence[Post], moment: AskedMoment) -> None:
    from flashsync.cli.output import write, write_json

    if run.output.format == "json":
        from flashsync.render.calendar.oncall import render_oncall_json

        write_json(render_oncall_json(posts, moment))
    elif run.output.format == "ics":
        from flashsync.cli.calendars import write_ics
        from flashsync.render.calendar.oncall import to_calendars

        write_ics(*to_calendars(posts, moment))
    else:
        from flashsync.render.calendar.oncall import render_oncall

        write(render_oncall(posts, moment, run.output.results))


def _show_mine(run: Rota, given: dict[str, Any]) -> None:
    from flashsync.cli.calendars import my_calendars, write_calendars
    from flashsync.cli.output import write
    from flashsync.model.timezone import DAY
    from flashsync.operations import environment
    from flashsync.operations.command_times import instant
    from flashsync.render.calendar.model import CalendarView
    from flashsync.render.calendar.oncall import render_my_shifts

    settings = run.settings()
    account = run.account(settings)
    if not account.member:
        raise UsageError("the key does not belong to a member", "use a key created by a person")
    start = instant(given["at"], "--at", account.timezone)
    window = (start, start + (given["days"] or DAYS_OF_MINE) * DAY)
    with run.output.reading():
        shown = my_calendars(run.connected(), account, window)
    directory = run.directory(settings, account, [one.calendar for one in shown])
    view = CalendarView(
        window, run.shown_zone(account), environment.now(), directory, person=account.member
    )
    if run.output.format == "text":
        write(render_my_shifts(shown, view, run.output.results))
    else:
        write_calendars(run.output, shown, view)
