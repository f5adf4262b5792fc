"""A lane as SVG: a path for each person, which stretches with the axis; marks; names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from flashsync.model.calendar import Span
from flashsync.model.schedule import PRIMARY
from flashsync.model.timezone import DAY
from flashsync.render.html.axis import LEAST, TimeAxis
from flashsync.render.html.page_people import PersonOnPage
from flashsync.render.html.strips import SLOT, Bar, Stack
from flashsync.render.terminal import cells
from flashsync.rotation.intervals import common, joined

_PADDING = 8
"""Pixels left free around a name in its bar."""
_CELL = 7
"""Pixels of a letter, at the most, where no script measures it."""
_BAR = (1, SLOT - 2)
_THIN = (3, SLOT - 6)
"""The top and the height of a bar in its slot: of a primary, and of any other role."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a span of some slots, and the sign that replaces it where it does not fit."""

    span: Span
    text: str
    short: str
    slots: range


@dataclass(frozen=True, slots=True)
class LanePainter:
    """Draws lanes on an axis, in units of seconds, with the colours of people."""

    axis: TimeAxis
    unit: int
    people: Mapping[int, PersonOnPage]
    named: bool = True
    """Whether bars have names before the script writes them."""

    def draw(self, stack: Stack, marks: str = "") -> str:
        """The content of a lane: bars, marks over them, names."""
        first, last = self.axis.window
        paths: defaultdict[int, list[Bar]] = defaultdict(list)
        for bar in stack.bars:
            paths[bar.person].append(bar)
        drawn = "".join(
            f'<path class="{(person := self.people[id]).fill}" data-p="{person.index}"'
            f' d="{self._path(bars)}"/>'
            for id, bars in paths.items()
        )
        box = f"0 0 {(last - first) // self.unit} {stack.slots * SLOT}"
        return (
            f'<svg class="bars" viewBox="{box}" preserveAspectRatio="none">{drawn}</svg>'
            f"{marks}{''.join(self._names(stack.bars) if self.named else ())}"
        )

    def _path(self, bars: Sequence[Bar]) -> str:
        """The rectangles of some bars, each relative to the one before."""
        start, unit = self.axis.window[0], self.unit
        parts: list[str] = []
        last_x = last_y = 0
        for bar in bars:
            inset, height = _BAR if bar.role == PRIMARY else _THIN
            x, y = (bar.start - start) // unit, bar.slot * SLOT + inset
            width = (bar.end - bar.start) // unit
            parts.append(f"m{x - last_x} {y - last_y}h{width}v{height}h-{width}z")
            last_x, last_y = x, y
        return "".join(parts)

    def _names(self, bars: Sequence[Bar]) -> Iterator[str]:
        """The name in each bar, or the short form, if one fits where a day has its least width.

        The script takes the bars from the paths, and writes what fits then.
        """
        groups: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
        for bar in bars:
            person = self.people[bar.person]
            if text := _choose_fitting(bar.end - bar.start, person.name, person.short):
                x = self.axis.percent(bar.start)
                groups[bar.person, bar.slot].append(f'<text x="{x}%">{escape(text)}</text>')
        for (id, slot), texts in groups.items():
            yield f'<g class="{self.people[id].ink} t{slot}">{"".join(texts)}</g>'

    # Marks over the bars.

    def hatch(self, bars: Sequence[Bar], covers: Sequence[Span]) -> str:
        """The parts of bars in which an override decides."""
        times = joined(covers)
        return "".join(
            self.mark("over", common([(bar.start, bar.end)], times), range(bar.slot, bar.slot + 1))
            for bar in (bars if times else ())
        )

    def gap(self, label: Label) -> str:
        """A time without a primary, or without anybody."""
        return self.mark("gap", [label.span], label.slots) + self._text("gap-label", label)

    def moves(self, labels: Sequence[Label], name: str) -> str:
        """The times in which shifts change hands, framed, with what changes where there is room.

        `name` is for frames that are drawn again. The script writes these texts anew, by the data.
        """
        bars = [Bar(*label.span, 0, PRIMARY, 0) for label in labels]
        texts = (
            f'<text class="move-label" x="{self.axis.percent(label.span[0])}%">'
            f"{escape(text)}</text>"
            for label in labels
            if (text := _choose_fitting(label.span[1] - label.span[0], label.text))
        )
        frames = f'<path id="{name}" class="moved" d="{self._path(bars)}"/>'
        return f'{self._stretch(frames, 1)}<g class="t0">{"".join(texts)}</g>'

    def moves_again(self, name: str, slots: int) -> str:
        """The frames of another lane, as high as this one."""
        return self._stretch(f'<use href="#{name}" transform="scale(1 {slots})"/>', slots)

    def _stretch(self, content: str, slots: int) -> str:
        first, last = self.axis.window
        box = f"0 0 {(last - first) // self.unit} {slots * SLOT}"
        return f'<svg class="frames" viewBox="{box}" preserveAspectRatio="none">{content}</svg>'

    def _text(self, kind: str, label: Label) -> str:
        """The text of a mark; the script chooses anew what fits."""
        start = max(label.span[0], self.axis.window[0])
        end = min(label.span[1], self.axis.window[1])
        text = _choose_fitting(end - start, label.text, label.short)
        return (
            f'<text class="mark {kind}" x="{self.axis.percent(start)}%" dx="5" y="15"'
            f' data-w="{self.axis.length(end - start)}" data-t="{escape(label.text)}"'
            f' data-s="{escape(label.short)}">{escape(text)}</text>'
        )

    def mark(self, kind: str, spans: Iterable[Span], slots: range) -> str:
        """A rectangle over some slots for each span, clipped to the axis."""
        parts: list[str] = []
        for start, end in spans:
            start, end = max(start, self.axis.window[0]), min(end, self.axis.window[1])
            if start < end:
                parts.append(
                    f'<rect class="{kind}" x="{self.axis.percent(start)}%"'
                    f' y="{slots.start * SLOT + 1}" width="{self.axis.length(end - start)}%"'
                    f' height="{len(slots) * SLOT - 2}"/>'
                )
        return "".join(parts)


def _choose_fitting(seconds: int, *texts: str) -> str:
    """The first text that fits a span where a day has its least width; "" if none does."""
    room = seconds * LEAST // DAY - _PADDING
    return next((text for text in texts if cells(text) * _CELL <= room), "")
