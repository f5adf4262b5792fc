"""Schedules on one axis of time, drawn as SVG: the lanes of one side, or of before and after.

Each person has one path in each lane, in units of time, which stretches with the axis; names and
marks are placed in percent of it. So the page is small, needs no script to be read or printed, and
zooms without being drawn again. The script places longer names where they fit, and reads the same
shifts from the page's data (`page_data.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import gcd

from flashsync.model import wording
from flashsync.model.calendar import CalendarView, Shift, ShownCalendar, Span
from flashsync.model.schedule import Member
from flashsync.model.wording import moment
from flashsync.render.calendar.model import find_gaps
from flashsync.render.html.axis import TimeAxis
from flashsync.render.html.lane_svg import Label, LanePainter
from flashsync.render.html.page_people import (
    PersonOnPage,
    collect_people,
    striped_fills,
    striped_rules,
)
from flashsync.render.html.strips import Stack, Strip, StripKind, list_strips, stack_bars
from flashsync.render.palette import GAP
from flashsync.render.sanitize import clean
from flashsync.render.terminal import cells
from flashsync.rotation.compare import Move

_CELL = 7
"""Pixels of a letter in the name of a lane."""


@dataclass(frozen=True, slots=True)
class Side:
    """A schedule at one time; `title` is empty, or `before` and `after`."""

    shown: ShownCalendar
    title: str = ""

    def strips(self, window: Span) -> list[Strip]:
        """The lanes of this side."""
        return list_strips(self.shown, window)


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A schedule of a page: one side, or before and after with what moves between them."""

    name: str
    sides: tuple[Side, ...]
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnStrip:
    """A lane: its name, kind, a description for readers who do not see it, and its SVG."""

    name: str
    kind: StripKind
    label: str
    svg: str
    slots: int


@dataclass(frozen=True, slots=True)
class DrawnSide:
    """The lanes of one side; `index` is its place in the page's data."""

    title: str
    index: int
    strips: tuple[DrawnStrip, ...]


@dataclass(frozen=True, slots=True)
class DrawnEntry:
    """A schedule; `now` says who is on call, and who is next."""

    index: int
    name: str
    now: str
    alerts: tuple[str, ...]
    notes: tuple[str, ...]
    sides: tuple[DrawnSide, ...]
    changes: tuple[DrawnStrip, ...]


@dataclass(frozen=True)
class Timeline:
    """The schedules of a page, and their axis of time.

    Where bars are not `named`, the script alone writes names into them.
    """

    entries: Sequence[PageEntry]
    view: CalendarView
    named: bool = True

    @cached_property
    def strips(self) -> list[list[list[Strip]]]:
        """The lanes of each side of each entry."""
        window = self.view.window
        return [[side.strips(window) for side in entry.sides] for entry in self.entries]

    def _all_strips(self) -> Iterator[Strip]:
        for sides in self.strips:
            for side in sides:
                yield from side

    @cached_property
    def unit(self) -> int:
        """The seconds of a unit: the largest in which each instant is a whole number."""
        start, end = self.view.window
        lengths = {end - start}
        for strip in self._all_strips():
            for shift in strip.shifts or ():
                lengths.update((shift.start - start, shift.end - start))
        return gcd(*lengths)

    @cached_property
    def axis(self) -> TimeAxis:
        """The axis of time."""
        return TimeAxis(self.view.window, self.view.timezone, self.view.now)

    @cached_property
    def people(self) -> dict[int, PersonOnPage]:
        """Everyone in the lanes and in what moves, by id, in the order of their names."""
        schedules = (
            [*chain(*sides), *_list_movers(entry.moves)]
            for entry, sides in zip(self.entries, self.strips, strict=True)
        )
        return collect_people(schedules, self.view.directory)

    @property
    def has_moves(self) -> bool:
        """Whether shifts move between two sides."""
        return any(entry.moves and len(entry.sides) > 1 for entry in self.entries)

    def rules(self) -> str:
        """The style rules of this page alone."""
        names = (strip.name for sides in self.strips for side in sides for strip in side)
        longest = max((cells(clean(name)) for name in names), default=0)
        width = min(max(longest * _CELL + 40, 120), 300)
        return f"{self.axis.rules()}:root{{--label:{width}px}}\n{striped_rules(self.people)}"

    def fills(self) -> str:
        """The SVG definitions that these rules need."""
        return striped_fills(self.people)

    # The schedules.

    def draw(self) -> Iterator[DrawnEntry]:
        """The schedules, in order."""
        for index, (entry, sides) in enumerate(zip(self.entries, self.strips, strict=True)):
            last = entry.sides[-1].shown
            frames = f"moves{index}" if entry.moves else ""
            yield DrawnEntry(
                index,
                clean(entry.name),
                self._describe_now(last),
                tuple(self._alerts(last)),
                tuple(clean(note) for side in entry.sides for note in side.shown.notes),
                tuple(
                    DrawnSide(side.title, place, tuple(self._side(side, strips, frames)))
                    for place, (side, strips) in enumerate(zip(entry.sides, sides, strict=True))
                ),
                tuple(self._changes(entry.moves, frames)),
            )

    def _describe_now(self, shown: ShownCalendar) -> str:
        """`Now alice until Mon 7 Dec 10:00, then bob`."""
        calendar, view = shown.calendar, self.view
        if shown.unknown or not calendar.start <= view.now < calendar.end:
            return ""
        current, following = calendar.at(view.now), calendar.after(view.now)
        texts: list[str] = []
        if current is not None:
            until = moment(current.end, view.timezone, view.now)
            known = current.end < calendar.end
            texts.append(f"Now {self.who(current)}" + (f" until {until}" if known else ""))
        if following is not None:
            since = moment(following.start, view.timezone, view.now)
            handover = current is not None and current.end == following.start
            texts.append(f"then {self.who(following)}" + ("" if handover else f" from {since}"))
        text = ", ".join(texts)
        return text[:1].upper() + text[1:]

    def _alerts(self, shown: ShownCalendar) -> Iterator[str]:
        if shown.unknown:
            return
        view, calendar = self.view, shown.calendar
        if calendar.start <= view.now < calendar.end and calendar.at(view.now) is None:
            yield "Nobody is on call now"
        if gaps := find_gaps(calendar.final, view.window):
            yield wording.count(len(gaps), "gap")

    def who(self, shift: Shift) -> str:
        """`alice, bob (backup)`."""
        return self._names(shift.members)

    def _names(self, members: frozenset[Member]) -> str:
        directory = self.view.directory
        ordered = wording.sort_members(members, directory)
        return clean(", ".join(wording.member(one, directory) for one in ordered)) or "nobody"

    def _side(self, side: Side, strips: Sequence[Strip], frames: str) -> Iterator[DrawnStrip]:
        covers = [
            (shift.start, shift.end)
            for strip in strips
            if strip.kind is StripKind.OVERRIDE
            for shift in strip.shifts or ()
        ]
        for strip in strips:
            name, paint, final = clean(strip.name), self._painter, strip.kind is StripKind.FINAL
            if strip.shifts is None:
                yield DrawnStrip(name, strip.kind, f"{name}: not known offline", "", 1)
                continue
            stack = stack_bars(strip.shifts, self.view.window, merge=final)
            marks = "" if strip.kind is StripKind.LAYER else paint.hatch(stack.bars, covers)
            if final:
                marks += paint.moves_again(frames, stack.slots) if frames else ""
                marks += "".join(paint.gap(label) for label in self._gaps(side.shown, stack))
            label = self._describe(name, strip.shifts)
            yield DrawnStrip(name, strip.kind, label, paint.draw(stack, marks), stack.slots)

    @cached_property
    def _painter(self) -> LanePainter:
        return LanePainter(self.axis, self.unit, self.people, self.named)

    def _describe(self, name: str, shifts: Sequence[Shift]) -> str:
        people = dict.fromkeys(member.person for shift in shifts for member in shift.members)
        if not people:
            return f"{name}: nobody"
        names = [self.people[id].name for id in people]
        return f"{name}: {wording.count(len(shifts), 'shift')}, {wording.first(names, 8)}"

    def _gaps(self, shown: ShownCalendar, stack: Stack) -> Iterator[Label]:
        for gap in find_gaps(shown.calendar.final, self.view.window):
            slots = stack.slots if gap.role is None else max(stack.primaries, 1)
            text = "nobody" if gap.role is None else f"no {self.view.directory.role(gap.role)}"
            yield Label(gap.span, clean(f"{GAP.sign} {text}"), GAP.sign, range(slots))

    def _changes(self, moves: Sequence[Move], frames: str) -> Iterator[DrawnStrip]:
        """A lane of what changes hands, next to both sides."""
        labels = [
            Label(
                (move.start, move.end),
                f"{self._names(move.before)} → {self._names(move.after)}",
                "",
                range(1),
            )
            for move in moves
            if move.start < self.view.window[1] and move.end > self.view.window[0]
        ]
        if labels:
            svg = self._painter.moves(labels, frames)
            label = f"changes: {wording.count(len(labels), 'shift')}"
            yield DrawnStrip("changes", StripKind.MOVES, label, svg, 1)


def _list_movers(moves: Sequence[Move]) -> Iterator[Strip]:
    """The people of moves as lanes, before and after."""
    for side in ("before", "after"):
        shifts = tuple(Shift(move.start, move.end, getattr(move, side)) for move in moves)
        yield Strip(side, StripKind.MOVES, shifts)
