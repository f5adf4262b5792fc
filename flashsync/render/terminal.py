"""Lays text out for a terminal: paragraphs, aligned rows, headings, tables."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from flashsync.render import palette
from flashsync.render.sanitize import clean

NARROWEST = 20
"""The least columns for a readable layout; a narrower terminal wraps by itself."""


class Look(StrEnum):
    """The look of a piece of text, as rich spells the style; colours come from the palette."""

    PLAIN = ""
    STRONG = "bold"
    ADDED = palette.CREATE.terminal
    CHANGED = palette.UPDATE.terminal
    REMOVED = palette.DELETE.terminal
    WARNING = palette.WARNING.terminal
    ERROR = palette.GAP.terminal


_PLAINER = {"→": "->", "–": "-", "…": "...", "✓": "ok", "✗": "x", "↵": "\\n"}
"""Replacements of our signs if the encoding lacks them."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The width, colours, and the encoding of the stream."""

    width: int = 80
    color: bool = False
    encoding: str = "utf-8"

    @property
    def columns(self) -> int:
        """The width of the layout."""
        return max(self.width, NARROWEST)

    def safe(self, text: str) -> str:
        """Text that is harmless and can be encoded; every name passes through this."""
        text = clean(text)
        if text.isascii() or codecs.lookup(self.encoding).name.startswith("utf"):
            return text
        for sign, plainer in _PLAINER.items():
            if sign in text and not sign.encode(self.encoding, "ignore"):
                text = text.replace(sign, plainer)
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def paint(self, text: str, look: Look) -> str:
        """The text in its colour, if colours are wanted. The text must be safe already."""
        if not (self.color and look and text):
            return text
        from rich.color import ColorSystem
        from rich.style import Style

        return Style.parse(look.value).render(text, color_system=ColorSystem.STANDARD)


_WIDE = "\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
_STOPS = "、。，．：；！？）］｝」』】》〉"
_WORD = re.compile(
    r"""
      \d{4}-\d\d-\d\d\ \d\d:\S+\s*  # a date and its time stay together
    | \(turn\ \d+\)\S*\s*
    | [+-]?\d+\ (?:times|h)\b\S*\s*  # a number and what it counts
    | (?:[+-]\ )?\S+\s*             # a word, with the sign before and the spaces after it
    | \s+
    """,
    re.VERBOSE,
)
_PIECE = re.compile(rf"[^\s{_WIDE}]+\s*|\S(?:[{_STOPS}]|[^\w\s{_WIDE}])*\s*|\s+")
"""The parts of a long word: its CJK characters, each with the stops after it."""
_LONGEST_NAME = 24
"""The most cells of a CJK word that is not broken: it is a name, not prose."""
_WIDEST_FIELD = 40
_NARROW = 60
_WIDE_SCREEN = 100
"""The least columns for long values next to their fields."""
_SHORTEST = 8
"""The least cells of the column of fields, which sets values off from headings."""
_APART = "   "
"""What is between a value and what leads it."""
_FARTHEST = 100
"""The last column of a heading's right end: farther away, nobody connects the two."""


def cells(text: str) -> int:
    """The columns of a terminal that a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def shorten(text: str, width: int, dots: str) -> str:
    """The two ends of a text that is wider than `width` cells, with `dots` between."""
    if cells(text) <= width:
        return text
    head = clip(text, (width - cells(dots)) * 2 // 3)
    return head + dots + clip(text[::-1], width - cells(head + dots))[::-1]


def clip(text: str, width: int) -> str:
    """The beginning of a text, at most `width` cells."""
    while cells(text) > width:
        text = text[:-1]
    return text


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells; a longer word is cut."""
    if cells(text) <= width:
        return [text.rstrip()]
    longest = min(width, _LONGEST_NAME)
    words: list[str] = []
    for word in _WORD.findall(text):
        words += _PIECE.findall(word) if cells(word.rstrip()) > longest else [word]
    lines = [""]
    for word in words:
        if lines[-1] and cells((lines[-1] + word).rstrip()) > width:
            lines.append("")
        if cells(word.rstrip()) > width:
            from rich.cells import chop_cells

            lines[-1:] = chop_cells(word, width)
        else:
            lines[-1] += word
    return [line.rstrip() for line in lines]


@dataclass(frozen=True, slots=True)
class Row:
    """A field and its value, below a heading.

    `look` is the field's; `most` is the number of lines for the value. A `long` value is written
    below its field if the screen is not wide. What `lead`s values has a column of its own, for
    all rows that fit on a line.
    """

    field: str
    value: str
    look: Look = Look.PLAIN
    most: int | None = None
    long: bool = False
    lead: str = ""


class Page:
    """A text that grows. Everything added is made safe and fits the screen."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._lines: list[str] = []
        self.indent = 4 if screen.columns < _NARROW else 6  # of rows

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in self._lines)

    def _add(self, line: str) -> None:
        self._lines.append(line.rstrip())

    def blank(self) -> None:
        """Adds an empty line, if there is text above."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def lines(self, lines: Iterable[str]) -> None:
        """Adds lines that are safe and laid out for the screen already."""
        for line in lines:
            self._add(line)

    def text(self, text: str, look: Look = Look.PLAIN, *, indent: int = 0, hang: int = 0) -> None:
        """Adds a paragraph; lines after the first are indented by `hang` more."""
        first, *others = self._wrap(text, indent + hang)
        # The hanging lines decide the width; the first is a little short.
        self._add(" " * indent + self._screen.paint(first, look))
        for line in others:
            self._add(" " * (indent + hang) + self._screen.paint(line, look))

    def _wrap(self, text: str, taken: int) -> list[str]:
        return wrapped(self._screen.safe(text), max(self._screen.columns - taken, 8))

    def labelled(
        self, label: str, look: Look, text: str, *, indent: int = 0, hang: int = 2
    ) -> None:
        """Adds a paragraph that begins with a coloured label."""
        label = self._screen.safe(label)
        lines = self._wrap(f"{label} {text}", indent + hang)
        head = self._screen.paint(lines[0][: len(label)], look) + lines[0][len(label) :]
        self._add(" " * indent + head)
        for line in lines[1:]:
            self._add(" " * (indent + hang) + line)

    def heading(self, sign: str, look: Look, name: str, place: str = "") -> None:
        """Adds a sign and a name, with a position at the right end, or below if both do not fit."""
        names = self._wrap(name, 4)
        place = self._screen.safe(place)
        right = min(self._screen.columns, _FARTHEST)
        spaces = right - 4 - cells(names[0]) - cells(place)
        fits = len(names) == 1 and spaces >= 2
        mark, end = self._screen.paint(sign, look), " " * spaces + place if fits else ""
        for line in names:
            self._add(f"  {mark} {self._screen.paint(line, Look.STRONG)}{end}")
            mark = " " * len(sign)
        if place and not fits:
            self.text(place, indent=self.indent)

    def rows(self, rows: Sequence[Row]) -> None:
        """Adds fields and values in two columns; a field too long for its column goes above."""
        gap = 2 if self._screen.columns < _NARROW else 4
        most = min((self._screen.columns - self.indent - gap) * 2 // 5, _WIDEST_FIELD)
        fields = [self._screen.safe(row.field) for row in rows]
        column = max((size for size in map(cells, fields) if size <= most), default=0)
        column = max(column, min(most, _SHORTEST))
        start = self.indent + column + gap
        rows = self._align_leads(rows, start)
        for field, row in zip(fields, rows, strict=True):
            if row.long and self._screen.columns < _WIDE_SCREEN:
                self._add_below(field, row)
                continue
            if cells(field) > column:
                self.text(field, row.look, indent=self.indent, hang=2)
                field = ""
            spaces = " " * (column + gap - cells(field))
            left = " " * self.indent + self._screen.paint(field, row.look) + spaces
            for line in self._wrap_value(row, start):
                self._add(left + line)
                left = " " * start

    def _align_leads(self, rows: Sequence[Row], start: int) -> list[Row]:
        """The rows with what leads them as the first part of their values, in a column.

        A row that is too wide for the column stays out of it, and leaves the others aligned.
        `start` is the column of values next to their fields.
        """
        below = any(row.long for row in rows) and self._screen.columns < _WIDE_SCREEN
        room = self._screen.columns - (self.indent + 2 if below else start)
        safe = self._screen.safe
        needs = {
            id(row): (cells(safe(row.lead)), len(_APART) + cells(safe(row.value)))
            for row in rows
            if row.lead
        }
        widest = max((lead for lead, rest in needs.values() if lead + rest <= room), default=0)

        def align(row: Row) -> Row:
            lead, rest = needs[id(row)]
            spaces = widest - lead if widest + rest <= room else 0
            return replace(row, value=f"{row.lead}{' ' * spaces}{_APART}{row.value}")

        return [align(row) if row.lead else row for row in rows]

    def _add_below(self, field: str, row: Row) -> None:
        """Adds a field, and its value below."""
        if field:
            self._add(" " * self.indent + self._screen.paint(field, row.look))
        for line in self._wrap_value(row, self.indent + 2):
            self._add(" " * (self.indent + 2) + line)

    def _wrap_value(self, row: Row, start: int) -> Iterator[str]:
        """The lines of a value, its first `+` or `-` in colour."""
        lines = self._wrap(row.value, start)
        if row.most is not None and len(lines) > row.most:
            last = wrapped(lines[row.most - 1], max(self._screen.columns - start, 8) - 4)[0]
            lines = [*lines[: row.most - 1], last + self._screen.safe(" …")]
        first, *others = lines
        look = {"+ ": Look.ADDED, "- ": Look.REMOVED}.get(first[:2], Look.PLAIN)
        yield self._screen.paint(first[:1], look) + first[1:]
        yield from others


GAP = 2

Cell = tuple[str, Look]


def column_widths(rows: Sequence[Sequence[Cell]], screen: Screen) -> list[int]:
    """The width of each column with all texts on one line."""
    columns = zip_longest(*rows, fillvalue=("", Look.PLAIN))
    return [max(cells(screen.safe(text)) for text, _ in column) for column in columns]


def table_width(sizes: Sequence[int]) -> int:
    """The width of all columns with the gaps between them."""
    return sum(sizes) + GAP * (len(sizes) - 1)


def table_lines(row: Sequence[Cell], sizes: Sequence[int], screen: Screen) -> Iterator[str]:
    """The lines of a row; a text that is wider than its column takes several."""
    texts = [
        [(line, look) for line in wrapped(screen.safe(text), max(size, 1))]
        for (text, look), size in zip(row, sizes, strict=False)
    ]
    for parts in zip_longest(*texts, fillvalue=("", Look.PLAIN)):
        line = "".join(
            screen.paint(text, look) + " " * (size - cells(text) + GAP)
            for (text, look), size in zip(parts, sizes, strict=False)
        )
        yield line.rstrip()


def stacked_lines(row: Sequence[Cell], width: int, screen: Screen) -> Iterator[str]:
    """The lines of a row for a narrow screen: its first text; below it, indented, the others."""
    yield from table_lines(row[:1], [width], screen)
    for cell in row[1:]:
        if cell[0]:
            yield from (f"  {line}" for line in table_lines([cell], [width - 2], screen))


def cut(text: str, width: int, screen: Screen) -> str:
    """A safe text on one line of at most `width` cells; `…` is for what is left out."""
    if cells(text) <= width:
        return text
    dots = screen.safe("…")
    return wrapped(text, width - cells(dots) - 1)[0].rstrip(" ,:") + f" {dots}"
