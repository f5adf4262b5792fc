"""When calendars were read that are read again and again, and when they will be."""

from __future__ import annotations

from flashsync.model.calendar import CalendarView
from flashsync.model.wording import duration, moment
from flashsync.render.terminal import Look, Screen, wrapped


def describe_freshness(view: CalendarView) -> str:
    """`Read Sat 21 Nov 16:33; next read in 60 seconds`, or why they could not be read since then.

    Empty for calendars that are read once.
    """
    freshness = view.freshness
    if freshness is None:
        return ""
    read_at = moment(freshness.read_at, view.timezone, view.now)
    pause = duration(freshness.pause)
    if freshness.failure:
        return f"Not read since {read_at}; trying again in {pause}: {freshness.failure}"
    spared = ", to leave the rate limit to others" if freshness.spared else ""
    return f"Read {read_at}; next read in {pause}{spared}"


def render_freshness(view: CalendarView, screen: Screen) -> str:
    """The same as one line, cut to the width."""
    failed = view.freshness is not None and view.freshness.failure
    line = cut_line(describe_freshness(view), screen)
    return screen.paint(line, Look.WARNING if failed else Look.PLAIN)


def cut_line(text: str, screen: Screen) -> str:
    """A text, safe, and with an ellipsis if it is longer than a line."""
    text = screen.safe(text)
    ellipsis = screen.safe("…")
    lines = wrapped(text, screen.columns)
    if len(lines) == 1:
        return text
    return wrapped(text, screen.columns - len(ellipsis) - 1)[0] + f" {ellipsis}"
