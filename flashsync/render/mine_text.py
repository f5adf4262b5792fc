"""One person's shifts of all schedules, day by day, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from flashsync.model import wording
from flashsync.model.calendar import Shift
from flashsync.model.wording import moment
from flashsync.render import table
from flashsync.render.calendar_view import Shown, View, shifts_of
from flashsync.render.layout import Page
from flashsync.render.screen import Look, Screen
from flashsync.render.table import Cell

_INDENT = 2
_NARROW = 60


def render(shown: Sequence[Shown], view: View, screen: Screen) -> str:
    """The shifts by the day on which they begin; one that runs now says so."""
    page = Page(screen)
    who = view.directory.person(view.person or 0)
    start, end = (moment(at, view.timezone, view.now) for at in view.window)
    page.text(f"Shifts of {who}, {start} – {end}, {view.timezone}", hang=2)
    found = [(shift, one) for one in shown for shift in shifts_of(one, view)]
    if not found:
        page.text(f"{who} is on no schedule in this time.")
        return str(page)
    found.sort(key=lambda pair: (pair[0].start, pair[1].name))
    rows = [_row(shift, one, view) for shift, one in found]
    lines = "".join(f"{line}\n" for line in _lines(rows, screen))
    return f"{page}{lines}"


def _lines(rows: Sequence[tuple[str, list[Cell]]], screen: Screen) -> Iterator[str]:
    sizes = table.widths([cells for _, cells in rows], screen)
    sizes = _narrowed(sizes, screen)
    for day, group in groupby(rows, key=lambda row: row[0]):
        yield ""
        yield screen.paint(screen.safe(day), Look.STRONG)
        for _, row in group:
            yield from (f"{' ' * _INDENT}{line}" for line in _entry(row, sizes, screen))


def _entry(row: list[Cell], sizes: Sequence[int], screen: Screen) -> Iterator[str]:
    """The columns; on a narrow screen below each other."""
    if screen.columns >= _NARROW:
        yield from table.lines(row, sizes, screen)
        return
    yield from table.lines(row[:1], sizes[:1], screen)
    for cell in row[1:]:
        if cell[0]:
            width = screen.columns - 2 * _INDENT
            yield from (f"{' ' * _INDENT}{line}" for line in table.lines([cell], [width], screen))


def _narrowed(sizes: list[int], screen: Screen) -> list[int]:
    """The columns on this screen: names give way first, times never."""
    room = screen.columns - _INDENT - sizes[0] - table.GAP * 2
    name = min(sizes[1], max(room * 3 // 5, 8))
    return [sizes[0], name, min(sizes[2], max(room - name, 8))]


def _row(shift: Shift, shown: Shown, view: View) -> tuple[str, list[Cell]]:
    """The day, and then the time, the schedule, and what else there is to say."""
    start = moment(shift.start, view.timezone, view.now)
    end = moment(shift.end, view.timezone, view.now)
    day, clock = start.rsplit(" ", 1)
    if end.startswith(f"{day} "):
        end = end.rsplit(" ", 1)[1]
    if shift.end >= shown.calendar.end:
        end = f"after {end}"
    if shift.start <= shown.calendar.start:
        day = f"before {day}"
    cells: list[Cell] = [
        (f"{clock} – {end}", Look.PLAIN),
        (shown.name, Look.STRONG),
        (", ".join(_said(shift, view)), Look.PLAIN),
    ]
    return day, cells


def _said(shift: Shift, view: View) -> Iterator[str]:
    if shift.start <= view.now < shift.end:
        yield "now"
    for one in sorted(shift.members):
        if one.person == view.person and one.role:
            yield f"as {view.directory.role(one.role)}"
    others = [one for one in shift.members if one.person != view.person]
    if others:
        yield f"with {wording.members(others, view.directory).strip('[]')}"
