"""A calendar as text: a chart of days for each schedule, and a list if names do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.model.calendar import CalendarView, Lane, Shift, ShownCalendar, merged
from flashsync.model.schedule import MARK
from flashsync.model.wording import count, duration, moment
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
from flashsync.render.calendar.duty import NOBODY, describe_alarm
from flashsync.render.calendar.exceptions import find_exceptions
from flashsync.render.calendar.model import (
    BASES,
    ON_CALL,
    OVERRIDES,
    filter_person,
    find_gaps,
    join_chains,
    midnights,
    pack_overrides,
    shifts_of,
    shifts_within,
)
from flashsync.render.calendar.together import render_together
from flashsync.render.terminal import Look, Page, Screen, cells, cut, wrapped

MOST_SHEETS = 3
"""Schedules with a chart each; more share one."""
LONGEST_LIST = 20
"""Shifts that are listed below the chart of a schedule; of more, only what is unusual."""
_MANY_OVERRIDES = 3
_LEAST_FOR_NAMES = 16
"""The least cells next to the times; with fewer, names take lines of their own."""


def render_calendar(
    shown: Sequence[ShownCalendar], view: CalendarView, screen: Screen, *, shifts: bool = False
) -> str:
    """A heading and the calendars of the schedules; with a person, only their part.

    Many schedules share one chart, and below it is what differs from a plain rotation. With
    `shifts`, each schedule has its chart, with its layers, and the list of its shifts.
    """
    page = Page(screen)
    page.text(_heading(view), hang=2)
    kept = filter_person(shown, view)
    if not kept:
        who = "" if view.person is None else view.directory.person(view.person)
        page.text(f"{who} is on no schedule in this time." if who else "No schedule to show.")
    labels = _collect_labels(kept, view, screen)
    if len(kept) > MOST_SHEETS and view.person is None and not shifts:
        return f"{page}\n{render_together(kept, view, screen, labels)}"
    whole = shifts or view.person is not None
    sheets = (_Sheet(calendar, view, screen, labels, whole=whole).text() for calendar in kept)
    return str(page) + "".join(f"\n{sheet}" for sheet in sheets)


def _heading(view: CalendarView) -> str:
    """`Mon 23 Nov 00:00 – Mon 30 Nov 00:00, Asia/Shanghai, as the account is now`."""
    start, end = (moment(at, view.timezone, view.now) for at in view.window)
    who = "" if view.person is None else f", {view.directory.person(view.person)} only"
    return f"{start} – {end}, {view.timezone}, {BASES[view.basis]}{who}"


def _collect_labels(shown: Sequence[ShownCalendar], view: CalendarView, screen: Screen) -> Labels:
    shifts = [
        shift
        for part in shown
        for lane in (part.calendar.final, *(lane.shifts for lane in part.calendar.lanes))
        for shift in shifts_within(lane, view.window)
    ]
    return Labels((id for shift in shifts for id in shift.people), view.directory, screen)


class _Sheet:
    """The lines of one schedule."""

    def __init__(
        self,
        shown: ShownCalendar,
        view: CalendarView,
        screen: Screen,
        labels: Labels,
        *,
        whole: bool,
    ) -> None:
        self._whole = whole
        self._shown, self._view, self._screen, self._labels = shown, view, screen, labels
        known = (shown.calendar.start, shown.calendar.end)
        self._chart = Chart(view.window, known, labels, screen, view.person)

    def text(self) -> str:
        """The name, the chart, the list, the legend of short forms, and notes."""
        page = Page(self._screen)
        page.text(self._shown.name, Look.STRONG)
        self._labels.shortened.clear()
        lines = [*self._draw(), *self._list()]
        legend = self._labels.legend(self._screen.columns - INDENT)
        lines += [" " * INDENT + line for line in legend]
        for note in self._shown.notes:
            lines += self._wrapped(f"note: {note}")
        text = "".join(f"{line.rstrip()}\n" for line in lines)
        return str(page) + text.rstrip("\n") + "\n"

    def _wrapped(self, text: str) -> list[str]:
        left = " " * INDENT
        lines = wrapped(self._screen.safe(text), self._screen.columns - INDENT)
        return [left + line for line in lines]

    def _draw(self) -> Iterator[str]:
        rows = list(self._rows())
        width = name_width((row.name for row in rows), self._screen)
        left = " " * (INDENT + width + NAME_GAP)
        columns = self._screen.columns - len(left)
        days = midnights(self._view.window, self._view.timezone)
        for axis in split_axes(days, columns):
            for line in self._chart.header(axis, self._view.timezone, self._view.now):
                yield left + line
            span = (axis.midnights[0], axis.midnights[-1])
            for row in rows:
                if (
                    row.kind is RowKind.FINAL
                    or row.shifts is None
                    or shifts_within(row.shifts, span)
                ):
                    yield self._line(row, width, self._chart.row(row, axis))

    def _line(self, row: ChartRow, width: int, cells_of_row: str) -> str:
        name = self._chart.name(row.name, width)
        if row.kind is RowKind.FINAL:
            name = self._screen.paint(name.rstrip(), Look.STRONG) + name[len(name.rstrip()) :]
        return " " * INDENT + name + " " * NAME_GAP + cells_of_row

    def _rows(self) -> Iterator[ChartRow]:
        """The layers and overrides with shifts in the window, and who is on call."""
        lanes = self._shown.calendar.lanes
        layers = [lane for lane in lanes if not lane.override]
        for name, shifts in join_chains([(lane.name, lane.shifts) for lane in layers]):
            if name not in self._shown.unknown and shifts_within(shifts, self._view.window):
                yield ChartRow(name, RowKind.LAYER, shifts)
        for name in self._shown.unknown:
            yield ChartRow(name, RowKind.LAYER, None)
        yield from self._override_rows([lane for lane in lanes if lane.override])
        final = None if self._shown.unknown else self._shown.calendar.final
        yield ChartRow(ON_CALL, RowKind.FINAL, final)

    def _override_rows(self, lanes: Sequence[Lane]) -> Iterator[ChartRow]:
        named = [
            (lane.name.removesuffix(MARK), lane.shifts)
            for lane in lanes
            if shifts_within(lane.shifts, self._view.window)
        ]
        if len(named) > _MANY_OVERRIDES:
            rows = pack_overrides(named)
            named = [(OVERRIDES, merged([shift for shift, _ in row])) for row in rows]
        yield from (ChartRow(name, RowKind.OVERRIDE, shifts) for name, shifts in named)

    def _list(self) -> Iterator[str]:
        """Gaps, and all shifts if the chart does not name each of them."""
        if self._shown.unknown:
            return
        shifts = shifts_of(self._shown, self._view)
        free = find_gaps(self._shown.calendar.final, self._view.window)
        everyone = self._view.person is None
        empty = [Shift(*gap.span, frozenset()) for gap in free if everyone and gap.role is None]
        alarms = [shift for shift in shifts if self._alarm(shift)]
        named = everyone and all(shift.start in self._chart.named for shift in shifts)
        if named and not (self._whole or empty or alarms):
            return
        rows = [*alarms, *empty] if named and not self._whole else [*shifts, *empty]
        rows.sort(key=lambda shift: shift.start)
        yield ""
        if len(rows) > LONGEST_LIST and not self._whole:
            for text in find_exceptions(self._shown, self._view):
                yield from self._wrapped(text)
            yield from self._wrapped(f"{count(len(shifts), 'shift')}: --shifts lists them")
            yield ""
            return
        times = [self._times(shift) for shift in rows]
        width = max((len(start) for start, _ in times), default=0)
        last = max((len(end) for _, end in times), default=0)
        for shift, (start, end) in zip(rows, times, strict=True):
            head = self._screen.safe(f"{start:<{width}} – {end:<{last}}")
            yield from self._entry(head, shift)
        yield ""

    def _times(self, shift: Shift) -> tuple[str, str]:
        """Start and end; `before` and `after` mark an end outside the time that was read."""
        calendar, view = self._shown.calendar, self._view
        start = moment(shift.start, view.timezone, view.now)
        end = moment(shift.end, view.timezone, view.now)
        if shift.start <= calendar.start:
            start = f"before {start}"
        if shift.end >= calendar.end:
            end = f"after {end}"
        return start, end

    def _alarm(self, shift: Shift) -> str:
        """What is wrong with a shift; nothing in the part of one person."""
        if self._view.person is not None:
            return ""
        rota = shifts_within(self._shown.calendar.final, self._view.window)
        return describe_alarm(shift.members, self._view.directory, rota)

    def _entry(self, head: str, shift: Shift) -> Iterator[str]:
        left = " " * INDENT + head + " " * NAME_GAP
        if self._screen.columns - cells(left) < _LEAST_FOR_NAMES:
            yield from self._wrapped(" ".join(head.split()))
            left = " " * 2 * INDENT
        who = self._labels.full(shift.members) or NOBODY
        who = f"{self._alarm(shift)}{who}"
        for line in wrapped(who, self._screen.columns - cells(left)):
            if shift.members:
                yield left + self._labels.paint(line, shift.members)
            else:
                yield left + self._screen.paint(line, Look.ERROR)
            left = " " * cells(left)


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
    return cut(screen.safe(text), screen.columns, screen)
