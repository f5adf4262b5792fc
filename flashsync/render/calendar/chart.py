"""A calendar as rows of cells: time runs right, a row for each layer, then the result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import count, groupby, pairwise

from flashsync.model.calendar import Shift, Span
from flashsync.model.people import Directory
from flashsync.model.schedule import Member
from flashsync.model.wording import moment
from flashsync.render.calendar.duty import name_members
from flashsync.render.calendar.model import ON_CALL
from flashsync.render.palette import GAP, NOW, OVERRIDE, PERSON_COLORS, choose_looks, color_of
from flashsync.render.terminal import Look, Screen, cells, clip, shorten, wrapped

NOBODY = "nobody"
INDENT = 2
NAME_GAP = 2
"""Cells before the names of rows, and after them."""
_NARROWEST_NAME, _WIDEST_NAME = 8, 28
FEWEST_CELLS = 9
"""The least cells of a day: its date fits, and half a day has room for a short name."""
_MOST_CELLS = 14
_MOST_DAYS = 14


class RowKind(Enum):
    """The kind of a row. FINAL is who is on call, all layers and overrides together."""

    LAYER = auto()
    OVERRIDE = auto()
    FINAL = auto()


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A name and its shifts; `shifts` of None are unknown."""

    name: str
    kind: RowKind
    shifts: Sequence[Shift] | None


@dataclass(frozen=True, slots=True)
class Signs:
    """The characters of a chart."""

    begin: str = "│"
    layer: str = "─"
    override: str = OVERRIDE.sign
    highlight: str = "━"
    now: str = NOW.sign
    gap: str = GAP.sign
    dots: str = "…"


ASCII = Signs("|", "-", "=", "#", "v", "!", "~")


def choose_signs(screen: Screen) -> Signs:
    """The signs that the screen can show."""
    signs = Signs()
    lines = (signs.begin, signs.layer, signs.override, signs.highlight, signs.now)
    try:
        "".join(lines).encode(screen.encoding)
    except UnicodeEncodeError:
        return ASCII
    return signs


@dataclass(frozen=True, slots=True)
class Axis:
    """Whole days next to each other, each `wide` cells, whatever its length.

    `midnights` are the starts of the days and the end of the last.
    """

    midnights: tuple[int, ...]
    wide: int

    @property
    def size(self) -> int:
        """The number of cells."""
        return self.wide * (len(self.midnights) - 1)

    def edge(self, instant: int) -> int:
        """The cell edge nearest to an instant, from 0; clipped to the axis."""
        return self._position(instant, nearest=True)

    def cell(self, instant: int) -> int | None:
        """The cell of an instant; None outside the axis."""
        if not self.midnights[0] <= instant < self.midnights[-1]:
            return None
        return self._position(instant, nearest=False)

    def _position(self, instant: int, *, nearest: bool) -> int:
        if instant <= self.midnights[0]:
            return 0
        days = pairwise(self.midnights)
        for day, (begin, end) in enumerate(days):
            if instant < end:
                half = (end - begin) // 2 if nearest else 0
                return day * self.wide + ((instant - begin) * self.wide + half) // (end - begin)
        return self.size


def split_axes(midnights: tuple[int, ...], columns: int) -> list[Axis]:
    """Splits the days into blocks that fit the columns: whole weeks if a week fits."""
    days = len(midnights) - 1
    most = max(min(days, _MOST_DAYS, columns // FEWEST_CELLS), 1)
    if most >= 7 and days > most:
        most -= most % 7
    wide = max(min(columns // most, _MOST_CELLS), 2)
    return [Axis(midnights[at : at + most + 1], wide) for at in range(0, days, most)]


@dataclass(frozen=True, slots=True)
class _Piece:
    """The visible part of a shift, or a gap (no members); `origin` is the shift's own start."""

    start: int
    end: int
    members: frozenset[Member]
    origin: int


class Chart:
    """Draws the rows of one schedule.

    `window` is the shown time and `known` the time that was read: a shift that starts with it may
    have begun earlier. `named` are the starts of shifts with a full name in the final row.
    """

    def __init__(
        self, window: Span, known: Span, labels: Labels, screen: Screen, person: int | None = None
    ) -> None:
        self._window, self._known = window, known
        self._labels, self._screen, self._person = labels, screen, person
        self._signs = choose_signs(screen)
        self.named: set[int] = set()

    def header(self, axis: Axis, timezone: str, now: int) -> list[str]:
        """The dates, below a mark at the cell of `now`, if `now` is shown."""
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
        """The shifts of a row, in at most the cells of the axis."""
        if row.shifts is None:
            return clip("not known offline", axis.size)
        pieces = self._pieces(row, axis)
        owners: list[_Piece | None] = [None] * axis.size
        for piece in pieces:
            first, last = axis.edge(piece.start), axis.edge(piece.end)
            first = min(first, axis.size - 1)
            owners[first : max(last, first + 1)] = [piece] * (max(last, first + 1) - first)
        text, at = "", 0
        for _, group in groupby(owners, key=id):
            run = list(group)
            text += self._draw(run[0], row.kind, axis, (at, at + len(run)))
            at += len(run)
        return text

    def _pieces(self, row: ChartRow, axis: Axis) -> list[_Piece]:
        """The pieces of a row in drawing order: short shifts and gaps last, so that they show."""
        start = max(axis.midnights[0], self._window[0])
        end = min(axis.midnights[-1], self._window[1])
        pieces = [
            _Piece(max(shift.start, start), min(shift.end, end), shift.members, shift.start)
            for shift in row.shifts or ()
            if shift.start < end and shift.end > start
        ]
        free = [_Piece(*gap, frozenset(), gap[0]) for gap in _find_gaps(pieces, start, end)]
        pieces.sort(key=lambda piece: piece.start - piece.end)
        return [*pieces, *free] if row.kind is RowKind.FINAL else pieces

    def _draw(self, piece: _Piece | None, kind: RowKind, axis: Axis, run: Span) -> str:
        size = run[1] - run[0]
        if piece is None:
            return " " * size
        if not piece.members:
            text = NOBODY if size > len(NOBODY) + 1 else ""
            filled = self._signs.gap + text + self._signs.gap * (size - 1 - len(text))
            return self._screen.paint(filled, Look.ERROR)
        fill = self._signs.override if kind is RowKind.OVERRIDE else self._signs.layer
        if self._person in {member.person for member in piece.members}:
            fill = self._signs.highlight
        seen = self._known[0] < piece.origin == piece.start
        begins = seen and axis.edge(piece.start) == run[0]
        marked = fill != self._signs.layer  # at least one cell has to show it
        label = self._labels.fitting(piece.members, size - 1 - marked)
        if kind is RowKind.FINAL and label == self._labels.full(piece.members):
            self.named.add(piece.origin)
        text = (self._signs.begin if begins else fill) + label
        rest = size - cells(text)
        if label and rest > 1:
            text, rest = text + " ", rest - 1
        return self._labels.paint(text + fill * rest, piece.members)

    def name(self, name: str, width: int) -> str:
        """A name, padded to `width` cells; of a long name, the two ends."""
        text = shorten(self._screen.safe(name), width, self._signs.dots)
        return text + " " * (width - cells(text))


def name_width(names: Iterable[str], screen: Screen) -> int:
    """The cells for the names of rows; a week next to them fits if it can."""
    longest = max(cells(screen.safe(name)) for name in names)
    week = screen.columns - 7 * FEWEST_CELLS - INDENT - NAME_GAP
    most = min(max(week, _NARROWEST_NAME), _WIDEST_NAME)
    return max(min(longest, most), len(ON_CALL))


def _find_gaps(pieces: Sequence[_Piece], start: int, end: int) -> Iterator[Span]:
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


_SHORT = 2
"""Cells of a short form, if it is unique."""
_BETWEEN_WORDS = re.compile(r"[\s._\-<>@]+")


class Labels:
    """The names of some people, safe for the screen."""

    def __init__(self, people: Iterable[int], directory: Directory, screen: Screen) -> None:
        self._directory, self._screen = directory, screen
        ids = sorted(set(people))
        names = {id: directory.person(id) for id in ids}
        self._names = {id: screen.safe(name) for id, name in names.items()}
        self._short = choose_short_forms(names, screen)
        self._looks = choose_looks([ids])
        self.shortened: set[int] = set()

    def full(self, members: Iterable[Member]) -> str:
        """`alice`, `bob, erin (backup)`, `Bob Martin (left the account)`."""
        return self._screen.safe(", ".join(name_members(members, self._directory)))

    def fitting(self, members: Iterable[Member], width: int) -> str:
        """The fullest form of at most `width` cells; "" if none fits."""
        ordered = self._ordered(members)
        people = list(dict.fromkeys(member.person for member in ordered))
        names = ", ".join(self._names[id] for id in people)
        for text in (self.full(ordered), names):
            if cells(text) <= width:
                return text
        for named in range(len(people), 0, -1):
            more = [] if named == len(people) else [str(len(people) - named)]
            text = "+".join([self._short[id] for id in people[:named]] + more)
            if cells(text) <= width:
                self.shortened.update(people[:named])
                return text
        return ""

    def paint(self, text: str, members: Iterable[Member]) -> str:
        """The text in the colour of its first person, if colours are wanted."""
        first = next(iter(self._ordered(members)), None)
        if not (self._screen.color and first and text):
            return text
        color = PERSON_COLORS[color_of(self._looks[first.person])]
        return f"\x1b[38;5;{color.terminal}m{text}\x1b[0m"

    def legend(self, width: int) -> list[str]:
        """The short forms that were used, in lines: `al = alice   bo = bob`."""
        lines: list[str] = []
        for id in sorted(self.shortened, key=lambda id: self._names[id]):
            text = f"{self._short[id]} = {self._names[id]}"
            if lines and cells(lines[-1]) + 3 + cells(text) <= width:
                lines[-1] += "   " + text
            else:
                lines += wrapped(text, width)
        return lines

    def _ordered(self, members: Iterable[Member]) -> list[Member]:
        return sorted(
            members, key=lambda member: (member.role, self._names[member.person], member.person)
        )


def choose_short_forms(names: Mapping[int, str], screen: Screen) -> dict[int, str]:
    """A short form for each person (by id), in at most two cells, that no other has."""
    forms: dict[int, str] = {}
    taken: set[str] = set()
    for id, name in sorted(names.items(), key=lambda item: (item[1], item[0])):
        form = next(
            form
            for form in _list_forms(name)
            if form.casefold() not in taken and screen.safe(form) == form
        )
        taken.add(form.casefold())
        forms[id] = form
    return forms


def _list_forms(name: str) -> Iterator[str]:
    """Endless short forms of a name, the best first."""
    words = [word for word in _BETWEEN_WORDS.split(name) if word]
    if len(words) > 1:
        yield _cut(words[0][0] + words[1][0])
    if words:
        yield _cut(words[0])
        yield from (_cut(words[0][0] + char) for char in "".join(words)[1:])
    yield from (f"p{number}" for number in count(1))


def _cut(text: str) -> str:
    """The first characters, as many as fit a short form, at least one."""
    kept = text[0]
    for char in text[1:]:
        if cells(kept + char) > _SHORT:
            break
        kept += char
    return kept
