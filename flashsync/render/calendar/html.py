"""A calendar as a page: one file for a reviewer, a manager, a wall screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flashsync import __version__
from flashsync.model.calendar import CalendarView, ShownCalendar
from flashsync.model.timezone import MINUTE, rfc3339
from flashsync.model.wording import moment
from flashsync.render.calendar.model import BASES, filter_person
from flashsync.render.calendar.text import describe_freshness
from flashsync.render.html.page import LONGEST, render_page
from flashsync.render.html.page_data import collect_data
from flashsync.render.html.prose import Prose, split_prose
from flashsync.render.html.timeline import PageEntry, Side, Timeline
from flashsync.render.sanitize import clean

_SCHEDULES = 100
"""Schedules that a page of the greatest length may have; with more, it may be longer."""
_WITHOUT_LAYERS = (
    "Layers are left out, to keep this page small: --only NAME or fewer --days show them."
)


@dataclass(frozen=True, slots=True)
class PageHeading:
    """What the calendar is about: its time, its basis, and the person, if only one is shown."""

    span: str
    basis: Prose
    person: str = ""


@dataclass(frozen=True, slots=True)
class PageMoment:
    """When the page was made, for people and for programs."""

    text: str
    instant: str


def render_calendar_html(shown: Sequence[ShownCalendar], view: CalendarView) -> str:
    """All schedules on one axis of time; with a person, only their part.

    A page that is too long leaves names in bars to its script, then layers out.
    """
    calendars = filter_person(shown, view)
    most = LONGEST * max(len(calendars), _SCHEDULES) // _SCHEDULES
    page = _render(calendars, view)
    if len(page.encode()) > most:
        page = _render(calendars, view, named=False)
    if len(page.encode()) > most:
        results = [replace(one, calendar=replace(one.calendar, lanes=())) for one in calendars]
        page = _render(results, view, named=False, cut=_WITHOUT_LAYERS)
    return page


def _render(
    calendars: Sequence[ShownCalendar], view: CalendarView, *, named: bool = True, cut: str = ""
) -> str:
    entries = [PageEntry(one.name, (Side(one),)) for one in calendars]
    timeline = Timeline(entries, view, named)
    person = "" if view.person is None else clean(view.directory.person(view.person))
    title = f"{clean(entries[0].name)}: on call" if len(entries) == 1 else "On call"
    start, end = (moment(at, view.timezone, view.now) for at in view.window)
    fresh = view.freshness
    nothing = f"{person} is on no schedule in this time." if person else "No schedule to show."
    return render_page(
        "calendar.html",
        title=title,
        heading=PageHeading(f"{start} – {end}", split_prose(BASES[view.basis]), person),
        timeline=timeline,
        entries=list(timeline.draw()),
        nothing=nothing,
        cut=cut,
        made=PageMoment(moment(view.now, view.timezone, view.now), rfc3339(view.now)),
        version=__version__,
        freshness=clean(describe_freshness(view)),
        failed=bool(fresh and fresh.failure),
        every=min(fresh.pause, MINUTE) if fresh else 0,
        rules=timeline.rules(),
        data=collect_data(timeline),
    )
