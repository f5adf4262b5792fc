"""Many schedules in one chart, a row each; below it, what differs from a plain rotation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.model.calendar import CalendarView, ShownCalendar
from flashsync.model.wording import count
from flashsync.render.calendar.chart import (
    INDENT,
    NAME_GAP,
    Chart,
    ChartRow,
    Labels,
    RowKind,
    name_width,
    split_axes,
)
from flashsync.render.calendar.exceptions import find_double_bookings, find_exceptions
from flashsync.render.calendar.model import midnights
from flashsync.render.terminal import Page, Row, Screen

_MOST_LINES = 4
"""Lines about one schedule; others are counted."""
_MOST_PEOPLE = 8
"""People on several schedules at once who are named."""


def render_together(
    shown: Sequence[ShownCalendar], view: CalendarView, screen: Screen, labels: Labels
) -> str:
    """The chart, the legend of short forms, what is unusual, and notes."""
    page = Page(screen)
    labels.shortened.clear()
    page.lines(_draw(shown, view, screen, labels))
    page.blank()
    page.lines(" " * INDENT + line for line in labels.legend(screen.columns - INDENT))
    page.blank()
    page.rows([row for calendar in shown for row in _exceptions(calendar, view)])
    page.blank()
    _list_double_bookings(page, find_double_bookings(shown, view))
    _list_notes(page, shown)
    page.text("Layers and all shifts: --shifts, or --only NAME for one schedule.")
    return str(page)


def _draw(
    shown: Sequence[ShownCalendar], view: CalendarView, screen: Screen, labels: Labels
) -> Iterator[str]:
    """The chart, a row for each schedule, in as many blocks of days as fit."""
    width = name_width((calendar.name for calendar in shown), screen)
    left = " " * (INDENT + width + NAME_GAP)
    axes = split_axes(midnights(view.window, view.timezone), screen.columns - len(left))
    for axis in axes:
        if axis is not axes[0]:
            yield ""
        for number, one in enumerate(shown):
            chart = Chart(view.window, (one.calendar.start, one.calendar.end), labels, screen)
            if not number:
                for line in chart.header(axis, view.timezone, view.now):
                    yield left + line
            final = None if one.unknown else one.calendar.final
            row = chart.row(ChartRow(one.name, RowKind.FINAL, final), axis)
            yield " " * INDENT + chart.name(one.name, width) + " " * NAME_GAP + row


def _exceptions(shown: ShownCalendar, view: CalendarView) -> Iterator[Row]:
    name = shown.name
    texts = find_exceptions(shown, view)
    for text in texts[:_MOST_LINES]:
        yield Row(name, text)
        name = ""
    if len(texts) > _MOST_LINES:
        yield Row("", f"… and {len(texts) - _MOST_LINES} more")


def _list_double_bookings(page: Page, people: Sequence[tuple[str, str]]) -> None:
    if not people:
        return
    page.text("On call on several schedules at once:", indent=INDENT)
    rows = [Row(*person) for person in people[:_MOST_PEOPLE]]
    if len(people) > _MOST_PEOPLE:
        left = count(len(people) - _MOST_PEOPLE, "more person", "more people")
        rows.append(Row("", f"… and {left}"))
    page.rows(rows)
    page.blank()


def _list_notes(page: Page, shown: Sequence[ShownCalendar]) -> None:
    """Each note once, with the schedules that it is about."""
    holders: dict[str, list[str]] = {}
    for calendar in shown:
        for note in calendar.notes:
            holders.setdefault(note, []).append(calendar.name)
    for note, names in holders.items():
        of = ", ".join(names)
        if len(names) > 1:
            of = f"{count(len(names), 'schedule')}: {of}"
        page.text(f"note: {note}; {of}", hang=2)
    if holders:
        page.blank()
