"""A calendar as rows of cells: time runs to the right, a row a layer, and one for what counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby, pairwise

from flashsync.model.calendar import Shift, Span
from flashsync.model.schedule import Member
from flashsync.model.wording import moment
from flashsync.render.calendar.person_labels import Labels
from flashsync.render.terminal import Look, Screen, cells

NOBODY = "nobody"
FEWEST_CELLS = 9
"""Cells that a day has at least, so that its date fits, and half a day shows somebody."""
_MOST_CELLS = 14
_MOST_DAYS = 14


class RowKind(Enum):
    """What a row is about."""

    LAYER = auto()
    OVERRIDE = auto()
    FINAL = auto()


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A name and its shifts; `shifts` is None where they are not known."""

    name: str
    kind: RowKind
    shifts: Sequence[Shift] | None


@dataclass(frozen=True, slots=True)
class Signs:
    """The characters that a chart is drawn with."""

    begin: str = "│"
    layer: str = "─"
    override: str = "═"
    highlight: str = "━"
    now: str = "▼"
    gap: str = "!"
    dots: str = "…"


ASCII = Signs("|", "-", "=", "#", "v", "!", "~")


def signs(screen: Screen) -> Signs:
    """The signs that the screen can show."""
    drawn = Signs()
    try:
        "".join((drawn.begin, drawn.layer, drawn.override, drawn.highlight, drawn.now)).encode(
            screen.encoding
        )
    except UnicodeEncodeError:
        return ASCII
    return drawn


@dataclass(frozen=True, slots=True)
class Axis:
    """Whole days beside each other, each `wide` cells, whatever its length.

    `midnights` are the beginnings of the days, and the end of the last.
    """

    midnights: tuple[int, ...]
    wide: int

    @property
    def size(self) -> int:
        """All cells."""
        return self.wide * (len(self.midnights) - 1)

    def edge(self, instant: int) -> int:
        """The cell edge that is nearest to an instant, from 0; one outside is at the end."""
        return self._place(instant, nearest=True)

    def cell(self, instant: int) -> int | None:
        """The cell in which an instant lies; None where it is outside."""
        if not self.midnights[0] <= instant < self.midnights[-1]:
            return None
        return self._place(instant, nearest=False)

    def _place(self, instant: int, *, nearest: bool) -> int:
        if instant <= self.midnights[0]:
            return 0
        days = pairwise(self.midnights)
        for day, (begin, end) in enumerate(days):
            if instant < end:
                half = (end - begin) // 2 if nearest else 0
                return day * self.wide + ((instant - begin) * self.wide + half) // (end - begin)
        return self.size


def axes(midnights: tuple[int, ...], columns: int) -> list[Axis]:
    """The days in as many blocks as the columns ask for, by weeks where a week fits."""
    days = len(midnights) - 1
    most = max(min(days, _MOST_DAYS, columns // FEWEST_CELLS), 1)
    if most >= 7 and days > most:
        most -= most % 7
    wide = max(min(columns // most, _MOST_CELLS), 2)
    return [Axis(midnights[at : at + most + 1], wide) for at in range(0, days, most)]


@dataclass(frozen=True, slots=True)
class _Piece:
    """The part of a shift that is drawn, or a gap, which has no members.

    `origin` is where the shift begins, be it outside.
    """

    start: int
    end: int
    members: frozenset[Member]
    origin: int


class Chart:
    """Draws the rows of one schedule.

    `window` is what is shown, and `known` the time that was read: a shift that begins there may
    have begun before. `told` are the starts of shifts of the final row that were named in full.
    """

    def __init__(
        self, window: Span, known: Span, labels: Labels, screen: Screen, person: int | None = None
    ) -> None:
        self._window, self._known = window, known
        self._labels, self._screen, self._person = labels, screen, person
        self._signs = signs(screen)
        self.told: set[int] = set()

    def header(self, axis: Axis, timezone: str, now: int) -> list[str]:
        """The dates, and above them a mark at the cell of `now`, if it is there."""
        days = [_date(axis, day, timezone) for day in range(len(axis.midnights) - 1)]
        dates = "".join(text + " " * (axis.wide - len(text)) for text in days)
        cell = axis.cell(now)
        if cell is None:
            return [dates]
        mark = f"{self._signs.now} now"
        text = " " * cell + mark
        if len(text) > axis.size:
            text = " " * max(cell - 4, 0) + f"now {self._signs.now}"
        return [text, dates]

    def row(self, row: ChartRow, axis: Axis) -> str:
        """The shifts of a row, as many cells as the axis has, or fewer."""
        if row.shifts is None:
            return _cut("not known offline", axis.size)
        pieces = self._pieces(row, axis)
        owners: list[_Piece | None] = [None] * axis.size
        for piece in pieces:
            first, last = axis.edge(piece.start), axis.edge(piece.end)
            first = min(first, axis.size - 1)
            owners[first : max(last, first + 1)] = [piece] * (max(last, first + 1) - first)
        return "".join(self._run(piece, row.kind, axis, run) for piece, run in _runs(owners))

    def _pieces(self, row: ChartRow, axis: Axis) -> list[_Piece]:
        """What stands in the row, in the order in which to draw: what is short, and gaps, last,
        so that nothing hides them."""
        start = max(axis.midnights[0], self._window[0])
        end = min(axis.midnights[-1], self._window[1])
        pieces = [
            _Piece(max(one.start, start), min(one.end, end), one.members, one.start)
            for one in row.shifts or ()
            if one.start < end and one.end > start
        ]
        free = [_Piece(*gap, frozenset(), gap[0]) for gap in _between(pieces, start, end)]
        pieces.sort(key=lambda piece: piece.start - piece.end)
        return [*pieces, *free] if row.kind is RowKind.FINAL else pieces

    def _run(self, piece: _Piece | None, kind: RowKind, axis: Axis, run: Span) -> str:
        size = run[1] - run[0]
        if piece is None:
            return " " * size
        if not piece.members:
            text = NOBODY if size > len(NOBODY) + 1 else ""
            filled = self._signs.gap + text + self._signs.gap * (size - 1 - len(text))
            return self._screen.paint(filled, Look.ERROR)
        fill = self._fill(piece, kind)
        seen = self._known[0] < piece.origin == piece.start
        begins = seen and axis.edge(piece.start) == run[0]
        marked = fill != self._signs.layer  # one cell at least has to show it
        label = self._labels.fitting(piece.members, size - 1 - marked)
        if kind is RowKind.FINAL and label == self._labels.full(piece.members):
            self.told.add(piece.origin)
        text = (self._signs.begin if begins else fill) + label
        rest = size - cells(text)
        if label and rest > 1:
            text, rest = text + " ", rest - 1
        return self._labels.paint(text + fill * rest, piece.members)

    def _fill(self, piece: _Piece, kind: RowKind) -> str:
        if self._person in {member.person for member in piece.members}:
            return self._signs.highlight
        return self._signs.override if kind is RowKind.OVERRIDE else self._signs.layer

    def name(self, name: str, width: int) -> str:
        """A row's name in so many cells, and blanks; of a long one, the two ends."""
        text = self._screen.safe(name)
        if cells(text) > width:
            head = _cut(text, (width - 1) * 2 // 3)
            tail = _cut(text[::-1], width - 1 - cells(head))[::-1]
            text = f"{head}{self._signs.dots}{tail}"
        return text + " " * (width - cells(text))


def _runs(owners: Sequence[_Piece | None]) -> Iterator[tuple[_Piece | None, Span]]:
    at = 0
    for _, group in groupby(owners, key=id):
        run = list(group)
        yield run[0], (at, at + len(run))
        at += len(run)


def _between(pieces: Sequence[_Piece], start: int, end: int) -> Iterator[Span]:
    free = start
    for piece in pieces:
        if piece.start > free:
            yield free, piece.start
        free = max(free, piece.end)
    if free < end:
        yield free, end


def _date(axis: Axis, day: int, timezone: str) -> str:
    begin = axis.midnights[day]
    weekday, number, month, *_ = moment(begin, timezone, begin).split(" ")
    with_month = f"{weekday} {number} {month}"
    if len(with_month) < axis.wide and (day == 0 or number == "1"):
        return with_month
    return f"{weekday} {number}"[: axis.wide - 1]


def _cut(text: str, width: int) -> str:
    """The beginning of a text, at most so many cells."""
    while cells(text) > width:
        text = text[:-1]
    return text
