"""Lines that fit a terminal: screens, paragraphs, aligned rows, tables."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from flashsync.render.sanitize import clean

NARROWEST = 20
"""Columns below which nothing readable can be laid out; a narrower terminal wraps by itself."""


class Look(StrEnum):
    """What a piece of text is, as rich spells its style.

    Only colours that light and dark themes of 16 colours both show (yellow not in bold, which is
    too bright for light ones), and never alone: a sign or a word always says the same.
    """

    PLAIN = ""
    STRONG = "bold"
    ADDED = "bold green"
    CHANGED = "bold magenta"
    REMOVED = "bold red"
    WARNING = "yellow"
    ERROR = "bold red"


_PLAINER = {"→": "->", "–": "-", "…": "...", "✓": "ok", "✗": "x", "↵": "\\n"}
"""Our own signs where the encoding lacks them."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Columns, whether colours are wanted, and what the stream can encode."""

    width: int = 80
    color: bool = False
    encoding: str = "utf-8"

    @property
    def columns(self) -> int:
        """The width to lay out for."""
        return max(self.width, NARROWEST)

    def safe(self, text: str) -> str:
        """Text that can do no harm here and can be written; every name passes through this."""
        text = clean(text)
        if text.isascii() or codecs.lookup(self.encoding).name.startswith("utf"):
            return text
        for sign, plainer in _PLAINER.items():
            if sign in text and not self._can_write(sign):
                text = text.replace(sign, plainer)
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def _can_write(self, sign: str) -> bool:
        return sign.encode(self.encoding, "ignore") != b""

    def paint(self, text: str, look: Look) -> str:
        """The text in its colour, if colours are wanted. It has been made safe before."""
        if not (self.color and look and text):
            return text
        from rich.color import ColorSystem
        from rich.style import Style

        return Style.parse(look.value).render(text, color_system=ColorSystem.STANDARD)


# Lines that fit a width measured in terminal cells: paragraphs, aligned rows, headings.

_WIDE = "\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
_STOPS = "、。，．：；！？）］｝」』】》〉"
_WORD = re.compile(
    r"""
      \d{4}-\d\d-\d\d\ \d\d:\S+\s*  # a date and its time stay together
    | \(turn\ \d+\)\S*\s*
    | (?:[+-]\ )?\S+\s*             # a word, with the sign before and the blanks after it
    | \s+
    """,
    re.VERBOSE,
)
_PIECE = re.compile(rf"[^\s{_WIDE}]+\s*|\S(?:[{_STOPS}]|[^\w\s{_WIDE}])*\s*|\s+")
"""What a long word is broken into: its CJK characters, each with the stops after it."""
_LONGEST_NAME = 24
"""Cells up to which a word is not broken though it is CJK: it is somebody's name, not prose."""
_WIDEST_FIELD = 40
_NARROW = 60
_WIDE_SCREEN = 100
"""Columns from which long values stand beside their fields."""
_SHORTEST = 8
"""Cells that a column of fields has at least, so that values are set off from their headings."""
_FARTHEST = 100
"""The column up to which the right end of a heading goes: farther away, nobody connects the two."""


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells; a word that is longer is cut."""
    lines = [""]
    for word in _words(text, width):
        if lines[-1] and cells((lines[-1] + word).rstrip()) > width:
            lines.append("")
        if cells(word.rstrip()) > width:
            lines[-1:] = _chopped(word, width)
        else:
            lines[-1] += word
    return [line.rstrip() for line in lines]


def _words(text: str, width: int) -> Iterator[str]:
    for word in _WORD.findall(text):
        if cells(word.rstrip()) > min(width, _LONGEST_NAME):
            yield from _PIECE.findall(word)
        else:
            yield word


def _chopped(word: str, width: int) -> list[str]:
    from rich.cells import chop_cells

    return chop_cells(word, width)


@dataclass(frozen=True, slots=True)
class Row:
    """A field and its value, below a heading.

    `look` is the field's; `most` is how many lines the value may take. One that is `long` stands
    below its field where the screen is not wide.
    """

    field: str
    value: str
    look: Look = Look.PLAIN
    most: int | None = None
    long: bool = False


class Page:
    """Text in the making. All that is put on it is made safe and fits the screen."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._lines: list[str] = []

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in self._lines)

    @property
    def indent(self) -> int:
        """How far rows stand from the left."""
        return 4 if self._screen.columns < _NARROW else 6

    def _add(self, line: str) -> None:
        self._lines.append(line.rstrip())

    def blank(self) -> None:
        """An empty line, if anything stands above it."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def text(self, text: str, look: Look = Look.PLAIN, *, indent: int = 0, hang: int = 0) -> None:
        """A paragraph; lines after the first stand `hang` columns farther in."""
        first, *others = self._fitted(text, indent + hang)
        # The hanging lines decide the width, so that the first is a little short: no matter.
        self._add(" " * indent + self._screen.paint(first, look))
        for line in others:
            self._add(" " * (indent + hang) + self._screen.paint(line, look))

    def _fitted(self, text: str, taken: int) -> list[str]:
        return wrapped(self._screen.safe(text), max(self._screen.columns - taken, 8))

    def labelled(
        self, label: str, look: Look, text: str, *, indent: int = 0, hang: int = 2
    ) -> None:
        """A paragraph that begins with a coloured label."""
        label = self._screen.safe(label)
        lines = self._fitted(f"{label} {text}", indent + hang)
        head = self._screen.paint(lines[0][: len(label)], look) + lines[0][len(label) :]
        self._add(" " * indent + head)
        for line in lines[1:]:
            self._add(" " * (indent + hang) + line)

    def heading(self, sign: str, look: Look, name: str, place: str = "") -> None:
        """A sign and a name, with a place at the right end, or below where both do not fit."""
        names = self._fitted(name, 4)
        place = self._screen.safe(place)
        right = min(self._screen.columns, _FARTHEST)
        blanks = right - 4 - cells(names[0]) - cells(place)
        fits = len(names) == 1 and blanks >= 2
        mark, end = self._screen.paint(sign, look), " " * blanks + place if fits else ""
        for line in names:
            self._add(f"  {mark} {self._screen.paint(line, Look.STRONG)}{end}")
            mark = " " * len(sign)
        if place and not fits:
            self.text(place, indent=self.indent)

    def rows(self, rows: Sequence[Row]) -> None:
        """Fields and values, in two columns; a field too long for its own stands above."""
        gap = 2 if self._screen.columns < _NARROW else 4
        most = min((self._screen.columns - self.indent - gap) * 2 // 5, _WIDEST_FIELD)
        fields = [self._screen.safe(row.field) for row in rows]
        column = max((size for size in map(cells, fields) if size <= most), default=0)
        column = max(column, min(most, _SHORTEST))
        for field, row in zip(fields, rows, strict=True):
            if row.long and self._screen.columns < _WIDE_SCREEN:
                self._below(field, row)
                continue
            if cells(field) > column:
                self.text(field, row.look, indent=self.indent, hang=2)
                field = ""
            start = self.indent + column + gap
            blanks = " " * (column + gap - cells(field))
            left = " " * self.indent + self._screen.paint(field, row.look) + blanks
            for line in self._values(row, start):
                self._add(left + line)
                left = " " * start

    def _below(self, field: str, row: Row) -> None:
        """A field, and its value in lines of their own."""
        if field:
            self._add(" " * self.indent + self._screen.paint(field, row.look))
        for line in self._values(row, self.indent + 2):
            self._add(" " * (self.indent + 2) + line)

    def _values(self, row: Row, start: int) -> Iterator[str]:
        lines = self._fitted(row.value, start)
        if row.most is not None and len(lines) > row.most:
            last = wrapped(lines[row.most - 1], max(self._screen.columns - start, 8) - 4)[0]
            lines = [*lines[: row.most - 1], last + self._screen.safe(" …")]
        for place, line in enumerate(lines):
            yield line if place else self._marked(line)

    def _marked(self, line: str) -> str:
        """The line with its `+` or `-` coloured."""
        look = {"+ ": Look.ADDED, "- ": Look.REMOVED}.get(line[:2], Look.PLAIN)
        return self._screen.paint(line[:1], look) + line[1:]


# Rows in columns that are as wide as they have to be, on a screen that may be too narrow.

GAP = 2

Cell = tuple[str, Look]


def column_widths(rows: Sequence[Sequence[Cell]], screen: Screen) -> list[int]:
    """How wide each column has to be for all of its texts to stay on one line."""
    columns = zip_longest(*rows, fillvalue=("", Look.PLAIN))
    return [max(cells(screen.safe(text)) for text, _ in column) for column in columns]


def table_width(sizes: Sequence[int]) -> int:
    """All columns with what stands between them."""
    return sum(sizes) + GAP * (len(sizes) - 1)


def table_lines(row: Sequence[Cell], sizes: Sequence[int], screen: Screen) -> Iterator[str]:
    """A row; texts that are wider than their column take several lines."""
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
