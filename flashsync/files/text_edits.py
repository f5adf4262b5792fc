"""How entries come into a text and go from it: pieces of text cut out and put in.

A cut takes the lines of what goes, with the comment in its last line and those below that are
indented as a part of it. Everything else stays as it is, to the byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flashsync.files.document import NULLS
from flashsync.files.syntax_tree import (
    Alias,
    Collection,
    Entry,
    Piece,
    TextNode,
    Unwritable,
    WrittenText,
    inside,
    read_pieces,
)


class Splice(NamedTuple):
    """The text from `start` to `end` becomes `text`."""

    start: int
    end: int
    text: str = ""


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with its pieces replaced. Raises Unwritable where two of them overlap."""
    last = len(text)
    for start, end, new in sorted(splices, reverse=True):
        if end > last:
            raise Unwritable
        text, last = text[:start] + new + text[end:], start
    return text


class Cutter:
    """Finds the splices for entries of one text."""

    def __init__(self, text: str, written: WrittenText) -> None:
        self._text, self._lines, self._written = text, Lines(text), written

    # Entries that go

    def without(self, collection: Collection, places: set[int]) -> Iterator[Splice]:
        """The splices that take entries out; at least one entry has to stay."""
        if len(places) == len(collection.entries):
            raise Unwritable
        if collection.flow:
            for first, last in _runs(places):
                yield from self._without_run(collection, first, last)
            return
        for place in sorted(places):
            yield self._without_lines(collection, place, places)

    def _without_lines(self, collection: Collection, place: int, gone: set[int]) -> Splice:
        """The lines of an entry of a collection in lines."""
        entry = collection.entries[place]
        end = self._below(entry)
        if self._lines.leads(entry.at):
            return Splice(*self._lines.lines(self._lines.begin(entry.at), end))
        # It begins in the line of the dash above it. The next entry moves up, where nothing but
        # a line break is in between.
        if place + 1 not in gone and place + 1 < len(collection.entries):
            next_one = collection.entries[place + 1].at
            if not self._text[entry.end : next_one].strip():
                return Splice(entry.at, next_one)
        begin = entry.at - len(self._lines.before(entry.at))
        begin += len(self._lines.before(entry.at).rstrip(BLANKS))
        return Splice(begin, self._lines.end(entry.end))

    def _below(self, entry: Entry) -> int:
        """Where the first line begins that is not the entry's."""
        after = self._lines.after(entry.end)
        return self._lines.past_comments(after, self._lines.column(entry.at))

    def _without_run(self, collection: Collection, first: int, last: int) -> Iterator[Splice]:
        """Neighbours in brackets, with one of the commas beside them."""
        entries, lines = collection.entries, self._lines
        start, end = entries[first].at, entries[last].end
        before = entries[first - 1].end if first else None
        after = entries[last + 1].at if last + 1 < len(entries) else None
        comma = self._written.comma(end, collection.end if after is None else after)
        near = comma is None or lines.same(comma, end)
        until = comma + 1 if comma is not None and near else end
        if near and lines.leads(start) and lines.closes(until):
            yield Splice(*lines.lines(lines.begin(start), lines.after(until)))
        elif before is not None and (lines.same(before, start) or self._tail(before, start, after)):
            yield Splice(before, end)
        elif after is not None and (lines.same(end, after) or self._head(end, after, before)):
            yield Splice(start, after)
        else:
            yield from self._without_comma(start, end, comma, before)

    def _tail(self, before: int, start: int, after: int | None) -> bool:
        """Whether the last entry can go without leaving a line break before the bracket."""
        return after is None and self._text[before:start].strip() == ","

    def _head(self, end: int, after: int, before: int | None) -> bool:
        """Whether the first entry can go without leaving a line break behind the bracket."""
        return before is None and self._text[end:after].strip() == ","

    def _without_comma(
        self, start: int, end: int, comma: int | None, before: int | None
    ) -> Iterator[Splice]:
        """What shares its first line with a bracket or comma, and its neighbours with none."""
        lines = self._lines
        leading = self._written.comma(before, start) if before is not None else None
        if leading is not None and lines.same(leading, start):
            if lines.leads(leading) and lines.closes(end):
                yield Splice(*lines.lines(lines.begin(leading), lines.after(end)))
            else:
                yield Splice(leading, end)
        elif comma is not None and lines.same(comma, end):
            yield Splice(start, comma + 1)
        else:
            yield Splice(start, end)
            if comma is not None:
                yield Splice(comma, comma + 1)

    # Entries that come

    def with_text(self, collection: Collection, place: int, text: str) -> Iterator[Splice]:
        """The splices that put a text in as the entry `place` of a list; never the first."""
        if not 0 < place <= len(collection.entries):
            raise Unwritable
        entry = collection.entries[place - 1]
        if collection.flow:
            yield from self._in_brackets(collection, place, text)
        else:
            yield self._line_after(entry, self._dash(entry) + text, self._below(entry))

    def _dash(self, entry: Entry) -> str:
        """A dash indented as an entry's, with the same blanks after it."""
        before = self._lines.before(entry.at)
        indent = before if self._lines.leads(entry.at) else " " * len(before)
        gap = self._text[entry.at + 1 : entry.value.start]
        return f"{indent}-{gap if gap and not gap.strip(BLANKS) else ' '}"

    def _line_after(self, entry: Entry, line: str, at: int) -> Splice:
        """A line of its own at the begin of the line `at`."""
        end = self._lines.line_break(entry.end)
        if at == len(self._text) and not self._text.endswith(("\n", "\r")):
            return Splice(at, at, end + line)
        return Splice(at, at, line + end)

    def _in_brackets(self, collection: Collection, place: int, text: str) -> Iterator[Splice]:
        """Behind the entry before it; in a line of its own where that has one."""
        entries, lines = collection.entries, self._lines
        entry = entries[place - 1]
        limit = entries[place].at if place < len(entries) else collection.end
        comma = self._written.comma(entry.end, limit)
        near = comma is not None and lines.same(comma, entry.end)
        until = comma + 1 if comma is not None and near else entry.end
        if not (lines.leads(entry.at) and lines.closes(until)) or (comma is not None and not near):
            yield Splice(entry.end, entry.end, f", {text}")
            return
        if comma is None:
            yield Splice(entry.end, entry.end, ",")
        more = "," if comma is not None else ""
        line = lines.before(entry.at) + text + more
        yield self._line_after(entry, line, lines.after(until))


def _runs(places: set[int]) -> Iterator[tuple[int, int]]:
    """Neighbours together: `{1, 2, 5}` is 1 to 2, and 5 to 5."""
    for first in sorted(places):
        if first - 1 not in places:
            last = first
            while last + 1 in places:
                last += 1
            yield first, last


# How a text is written as a YAML scalar.

_QUOTES = ("'", '"')


def spelled(text: str, like: str) -> str:
    """The text in the quotes of its neighbours, or without where they have none and it can."""
    if like == "'":
        return "'" + text.replace("'", "''") + "'"
    return text if like != '"' and _plain(text) else json.dumps(text, ensure_ascii=False)


def quote_of(pieces: list[Piece]) -> str:
    """The quotes in which all of these are written; nothing where they differ or have none."""
    styles = {_style(piece) for piece in pieces} - {None}
    return (styles.pop() or "") if len(styles) == 1 else ""


def _style(piece: Piece) -> str | None:
    """The quotes of a scalar; of a collection, those of all values in it."""
    if isinstance(piece, TextNode):
        return piece.style if piece.style in _QUOTES else ""
    if isinstance(piece, Alias) or not isinstance(piece, Collection):
        return None
    values = [one for entry in piece.entries for one in inside(entry.value)]
    return quote_of([one for one in values if isinstance(one, TextNode)])


def _plain(text: str) -> bool:
    """Whether the text means itself without quotes, in brackets and in a line of its own."""
    if not text or text in NULLS:
        return False
    for wrapped in (f"[{text}, x]", f"- {text}\n- x"):
        found = [_first(written) for written in read_pieces(wrapped)]
        if not found or {*found} != {text}:
            return False
    return True


def _first(written: WrittenText) -> str | None:
    """The plain text that is the first of the two entries of a list; None if there is none."""
    root = written.documents.get(0)
    if not isinstance(root, Collection) or len(root.entries) != 2:
        return None
    first = root.entries[0].value
    return first.text if isinstance(first, TextNode) and not (first.style or first.anchor) else None


# The lines of a text by place: what stands before and after something in its own.

_BREAK = re.compile(r"\r\n|\n|\r")
_COMMENT_LINE = re.compile(r"([ \t]*)#[^\r\n]*(\r\n|\n|\r|$)")
_REST = re.compile(r"[ \t]*(?:(?<=[ \t])#[^\r\n]*)?(?=\r|\n|\Z)")
BLANKS = " \t"


class Lines:
    """A text that is asked about its lines; all places are counted in characters."""

    def __init__(self, text: str) -> None:
        self.text = text

    def begin(self, at: int) -> int:
        """Where the line of a place begins."""
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def end(self, at: int) -> int:
        """Where the line of a place ends, before its line break."""
        found = _BREAK.search(self.text, at)
        return found.start() if found else len(self.text)

    def after(self, at: int) -> int:
        """Where the next line begins."""
        found = _BREAK.search(self.text, at)
        return found.end() if found else len(self.text)

    def column(self, at: int) -> int:
        """How many characters stand before a place in its line."""
        return at - self.begin(at)

    def before(self, at: int) -> str:
        """What stands before a place in its line."""
        return self.text[self.begin(at) : at]

    def leads(self, at: int) -> bool:
        """Whether only blanks stand before a place in its line."""
        return not self.before(at).strip(BLANKS)

    def closes(self, at: int) -> bool:
        """Whether only blanks and a comment stand after a place in its line."""
        return _REST.match(self.text, at) is not None

    def same(self, one: int, other: int) -> bool:
        """Whether two places are in one line."""
        return self.begin(one) == self.begin(other)

    def past_comments(self, at: int, column: int) -> int:
        """Past the comment lines from this line's begin on that are indented beyond a column."""
        while (found := _COMMENT_LINE.match(self.text, at)) and len(found[1]) > column:
            at = found.end()
            if not found[2]:
                break
        return at

    def line_break(self, at: int) -> str:
        """The line break to use at a place: of its line, else of the one before, else of any."""
        found = _BREAK.search(self.text, at)
        if found:
            return found[0]
        begin = self.begin(at)
        return (
            "\r\n" if self.text[:begin].endswith("\r\n") else self.text[begin - 1 : begin] or "\n"
        )

    def lines(self, begin: int, end: int) -> tuple[int, int]:
        """What to cut so that whole lines go; a text without a last line break stays without."""
        if end == len(self.text) and not self.text.endswith(("\n", "\r")):
            begin = self.begin(begin)
            begin -= 2 if self.text[:begin].endswith("\r\n") else min(begin, 1)
        return begin, end
