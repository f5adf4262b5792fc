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
        return f"{round((instant - start) * 100 / (end - start), 2):g}"

    def length(self, seconds: int) -> str:
        """A length of time, in percent of the axis."""
        return f"{round(seconds * 100 / (self.window[1] - self.window[0]), 2):g}"

    @property
    def shows_now(self) -> bool:
        """Whether now is on the axis."""
        start, end = self.window
        return start <= self.now < end

    def rules(self) -> str:
        """The style rules of this axis: its number of days, and how much of a date fits."""
        count = len(self.days) - 1
        return (
            f":root{{--days:{count}}}\n"
            f"@container axis (min-width:{count * 24}px){{.long{{display:inline}}}}\n"
            f"@container axis (min-width:{count * 54}px){{.wd,.short{{display:inline}}}}\n"
            f"@container axis (min-width:{count * 110}px){{.mo{{display:inline}}}}\n"
            f"@container axis (min-width:{count * 220}px){{.hour{{display:inline}}}}\n"
        )

    def labels(self) -> str:
        """The SVG of the weeks, days and hours."""
        zone = self.timezone
        parts = [f'<g class="weeks">{"".join(self._weeks())}</g><g class="days">']
        for first, last in pairwise(self.days):
            at = wall(first, zone)
            weekend = ' class="off"' if at.weekday() > 4 else ""
            weekday, number, month, *_ = moment(first, zone, first).split(" ")
            middle = self.percent((first + last) // 2)
            parts.append(
                f'<text x="{middle}%" y="39"{weekend}><tspan class="wd">{weekday} </tspan>{number}'
                f'<tspan class="mo"> {month}</tspan></text>'
            )
        parts.append('</g><g class="hour">')
        parts += [
            f'<text x="{self.percent(at)}%" y="52">{wall(at, zone).hour:02}</text>'
            for at in self._list_hours()
        ]
        parts.append("</g>")
        if self.shows_now:
            x = self.percent(self.now)
            parts.append(f'<text class="now" x="{x}%" y="55">{NOW.sign}</text>')
        return "".join(parts)

    def _list_hours(self) -> Iterator[int]:
        """06:00, 12:00 and 18:00 of each day, where the zone has them."""
        for first, last in pairwise(self.days):
            for hour in (6, 12, 18):
                seconds = wall_seconds_at(first, self.timezone) // DAY * DAY + hour * HOUR
                yield from (at for at in instants(seconds, self.timezone) if first < at < last)

    def _weeks(self) -> Iterator[str]:
        """A label at each Monday, and at the start of the window, where there is room for it."""
        zone = self.timezone
        mondays = [at for at in self.days[1:-1] if wall(at, zone).weekday() == 0]
        for at, end in pairwise([self.days[0], *mondays, self.days[-1]]):
            days = (end - at) // DAY
            if days < 4 and mondays:
                continue
            day = wall(at, zone)
            room = "long" if days > 5 else "short"
            yield (
                f'<text x="{self.percent(at)}%" dx="2" y="18">{day:%B} {day.year}'
                f'<tspan class="{room}" dx="8">week {day.isocalendar().week}</tspan></text>'
            )

    def grid(self) -> str:
        """The content of the symbol behind the lanes: weekends, midnights, and now."""
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
        if self.shows_now:
            x = self.percent(self.now)
            parts.append(f'<line class="now" x1="{x}%" x2="{x}%" y2="100%"/>')
        return "".join(parts)
