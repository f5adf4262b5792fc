"""The axis of time of a page, as SVG in percent: weeks, days, hours, the grid, and now.

It is an axis of instants: a day on which clocks change is an hour shorter or longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from flashsync.model.calendar import Span
from flashsync.model.timezone import DAY, HOUR, instants, wall, wall_seconds_at
from flashsync.model.wording import moment
from flashsync.render.calendar.model import midnights
from flashsync.render.palette import NOW

LEAST, WEEKDAY, MONTH, HOURS, ALONE = 22, 54, 110, 220, 880
"""Pixels of a day: at the least (room for two letters), with its weekday, month, hours, and where
it has a screen for itself."""
WIDTHS = (WEEKDAY, MONTH, HOURS, ALONE)
HOURS_OF_SIGN = 6 * HOUR
"""The sign of now does not fit before its place so near to the start of the axis."""
_MONTH_WIDTH, _WEEK_WIDTH, _NUMBER_WIDTH = 110, 46, 16
"""Pixels of `September 2026`, of `week 53`, of `31`."""
_NEEDED = {WEEKDAY: 50, MONTH: 100}
"""Pixels of a day with its weekday, and with its month; a day may be an hour shorter."""


@dataclass(frozen=True)
class TimeAxis:
    """The window (Unix seconds), the zone in which it is shown, and now."""

    window: Span
    timezone: str
    now: int

    @cached_property
    def days(self) -> tuple[int, ...]:
        """The midnights of the window, in the shown zone, and its end."""
        start, end = self.window
        inner = [at for at in midnights(self.window, self.timezone) if start < at < end]
        return (start, *inner, end)

    def percent(self, instant: int) -> str:
        """The place of an instant on the axis, in percent of its length."""
        start, end = self.window
        return f"{round((instant - start) * 100 / (end - start), 3):g}"

    def length(self, seconds: int) -> str:
        """A length of time, in percent of the axis."""
        return f"{round(seconds * 100 / (self.window[1] - self.window[0]), 3):g}"

    @property
    def shows_now(self) -> bool:
        """Whether now is on the axis."""
        start, end = self.window
        return start <= self.now < end

    def rules(self) -> str:
        """The style rules of this axis: its number of days, and what shows where days are wide."""
        count = len(self.days) - 1
        now = ""
        if self.shows_now:
            place = float(self.percent(self.now)) / 100
            now = f":root{{--now-at:{place:g}}}.side::after{{display:block}}\n"
        return f":root{{--days:{count}}}\n{now}" + "".join(
            f"@container axis (min-width:{count * wide}px){{.w{wide}{{display:inline}}}}\n"
            for wide in WIDTHS
        )

    @staticmethod
    def _width_for(pixels: int, seconds: int) -> int:
        """The least width of a day at which a span has these pixels; 0 if it always has."""
        widths = (wide for wide in WIDTHS if wide * seconds >= pixels * DAY)
        return 0 if LEAST * seconds >= pixels * DAY else next(widths, WIDTHS[-1])

    def labels(self) -> str:
        """The SVG of months, days, and below them weeks, hours and now."""
        parts = [f'<g class="months">{"".join(self._months())}</g><g class="days">']
        for first, last in pairwise(self.days):
            weekday, number, month, *_ = moment(first, self.timezone, first).split(" ")
            names = ["off"] if wall(first, self.timezone).weekday() > 4 else []
            wide = {needed: self._width_for(_NEEDED[needed], last - first) for needed in _NEEDED}
            parts.append(
                f'<text x="{self.percent((first + last) // 2)}%" y="35"'
                f"{self._classes(*names, pixels=_NUMBER_WIDTH, seconds=last - first)}>"
                f'<tspan class="w{wide[WEEKDAY]}">{weekday} </tspan>{number}'
                f'<tspan class="w{wide[MONTH]}"> {month}</tspan></text>'
            )
        parts.append('</g><g class="small">')
        parts += [
            f'<text x="{self.percent(at)}%" dx="3" y="50"'
            f"{self._classes(pixels=_WEEK_WIDTH, seconds=self.days[-1] - at)}>"
            f"week {day.isocalendar().week}</text>"
            for at in self.days[:-1]
            if (day := wall(at, self.timezone)).weekday() == 0
        ]
        parts += [
            f'<text class="w{HOURS} hour" x="{self.percent(at)}%" y="50">'
            f"{wall(at, self.timezone).hour:02}</text>"
            for at in self._list_hours()
        ]
        if self.shows_now:
            edge = " first" if self.now - self.window[0] < HOURS_OF_SIGN else ""
            parts.append(
                f'<text class="now{edge}" x="{self.percent(self.now)}%" y="59">{NOW.sign}</text>'
            )
        return "".join(parts) + "</g>"

    def _classes(self, *names: str, pixels: int, seconds: int) -> str:
        """The attribute of a label that needs these pixels in a span, and has other names."""
        wide = self._width_for(pixels, seconds)
        every = [*names, *([f"w{wide}"] if wide else [])]
        return f' class="{" ".join(every)}"' if every else ""

    def _months(self) -> Iterator[str]:
        """A label at the start, and at each first of a month, where it fits."""
        days = [(at, wall(at, self.timezone)) for at in self.days[:-1]]
        starts = [days[0], *(pair for pair in days[1:] if pair[1].day == 1)]
        ends = [at for at, _ in starts[1:]] + [self.days[-1]]
        for (at, day), end in zip(starts, ends, strict=True):
            shown = self._classes(pixels=_MONTH_WIDTH, seconds=end - at)
            yield f'<text{shown} x="{self.percent(at)}%" dx="2" y="16">{day:%B} {day.year}</text>'

    def _list_hours(self) -> Iterator[int]:
        """06:00, 12:00 and 18:00 of each day, where the zone has them."""
        for first, last in pairwise(self.days):
            for hour in (6, 12, 18):
                seconds = wall_seconds_at(first, self.timezone) // DAY * DAY + hour * HOUR
                yield from (at for at in instants(seconds, self.timezone) if first < at < last)

    def grid(self) -> str:
        """The content of the symbol behind the lanes: weekends, midnights, hours."""
        zone = self.timezone
        parts: list[str] = []
        for first, last in pairwise(self.days):
            x = self.percent(first)
            if wall(first, zone).weekday() > 4:
                width = f"{float(self.percent(last)) - float(x):g}"
                parts.append(f'<rect class="off" x="{x}%" width="{width}%" height="100%"/>')
        for at in self.days[:-1]:
            x = self.percent(at)
            week = " week" if wall(at, zone).weekday() == 0 else ""
            parts.append(f'<line class="day{week}" x1="{x}%" x2="{x}%" y2="100%"/>')
        for at in self._list_hours():
            x = self.percent(at)
            parts.append(f'<line class="six" x1="{x}%" x2="{x}%" y2="100%"/>')
        return "".join(parts)
