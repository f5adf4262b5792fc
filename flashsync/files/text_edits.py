"""Removes entries from a text and inserts others.

An entry is removed with its lines, the comment on its last line, and comments below that are
indented as a part of it. Everything else stays as it is, to the byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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

_COMMENT = re.compile(r"(?:(?<=[ \t\r\n])|\A)#[^\r\n]*")


class Splice(NamedTuple):
    """Replaces the text from `start` to `end` by `text`."""

    start: int
    end: int
    text: str = ""


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all splices made. Raises Unwritable where two of them overlap."""
    last = len(text)
    for start, end, new in sorted(splices, reverse=True):
        if end > last:
            raise Unwritable
        text, last = text[:start] + new + text[end:], start
    return text


# Splices that know how deep they are: at one place, the deepest part comes first.


@dataclass(frozen=True, slots=True)
class DeepSplice:
    """A splice and the depth of the part that it changes."""

    splice: Splice
    depth: int


def splice_deeply(text: str, splices: Sequence[DeepSplice]) -> str:
    """The text with all splices made. Raises Unwritable where two of them overlap."""
    parts: list[str] = []
    last = 0
    ordered = sorted(splices, key=lambda deep: (*deep.splice[:2], -deep.depth))
    for start, end, new in (deep.splice for deep in ordered):
        if start < last:
            raise Unwritable
        parts += text[last:start], new
        last = end
    return "".join([*parts, text[last:]])


class Cutter:
    """Finds the splices for entries of one text."""

    def __init__(self, text: str, written: WrittenText) -> None:
        self._text, self._lines, self._written = text, Lines(text), written

    # Removed entries

    def without(self, collection: Collection, places: set[int]) -> Iterator[Splice]:
        """The splices that remove entries; at least one entry has to stay."""
        if len(places) == len(collection.entries):
            raise Unwritable
        if collection.flow:
            for first, last in _runs(places):
                yield from self._without_run(collection, first, last)
            return
        for place in sorted(places):
            yield self._without_lines(collection, place, places)

    def _without_lines(self, collection: Collection, place: int, gone: set[int]) -> Splice:
        """The lines of an entry of a collection on lines."""
        entry = collection.entries[place]
        end = self._below(entry)
        if self._lines.leads(entry.at):
            return Splice(*self._lines.lines(self._lines.begin(entry.at), end))
        # It begins on the line of the dash above it. The next entry moves up, where only a line
        # break is in between.
        if place + 1 not in gone and place + 1 < len(collection.entries):
            following = collection.entries[place + 1].at
            if not self._text[entry.end : following].strip():
                return Splice(entry.at, following)
        begin = entry.at - len(self._lines.before(entry.at))
        begin += len(self._lines.before(entry.at).rstrip(SPACES))
        return Splice(begin, self._lines.end(entry.end))

    def _below(self, entry: Entry) -> int:
        """The begin of the first line after the entry."""
        after = self._lines.after(entry.end)
        return self._lines.past_comments(after, self._lines.column(entry.at))

    def _without_run(self, collection: Collection, first: int, last: int) -> Iterator[Splice]:
        """Neighbours in brackets, with one of the commas next to them."""
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
        """Whether removing the last entry leaves no line break before the bracket."""
        return after is None and self._text[before:start].strip() == ","

    def _head(self, end: int, after: int, before: int | None) -> bool:
        """Whether removing the first entry leaves no line break after the bracket."""
        return before is None and self._text[end:after].strip() == ","

    def _without_comma(
        self, start: int, end: int, comma: int | None, before: int | None
    ) -> Iterator[Splice]:
        """An entry that shares its first line with a bracket or comma, but with no neighbour."""
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

    # Inserted entries

    def with_text(self, collection: Collection, place: int, text: str) -> Iterator[Splice]:
        """The splices that insert a text as the entry `place` of a list; never the first."""
        if not 0 < place <= len(collection.entries):
            raise Unwritable
        entry = collection.entries[place - 1]
        if collection.flow:
            yield from self._in_brackets(collection, place, text)
        else:
            yield self._line_after(entry, self._dash(entry) + text, self._below(entry))

    def _dash(self, entry: Entry) -> str:
        """A dash indented as an entry's, with the same spaces after it."""
        before = self._lines.before(entry.at)
        indent = before if self._lines.leads(entry.at) else " " * len(before)
        gap = self._text[entry.at + 1 : entry.value.start]
        return f"{indent}-{gap if gap and not gap.strip(SPACES) else ' '}"

    def _line_after(self, entry: Entry, line: str, at: int) -> Splice:
        """A line of its own, inserted before the line that begins at `at`."""
        end = self._lines.line_break(entry.end)
        if at == len(self._text) and not self._text.endswith(("\n", "\r")):
            return Splice(at, at, end + line)
        return Splice(at, at, line + end)

    def _in_brackets(self, collection: Collection, place: int, text: str) -> Iterator[Splice]:
        """After the entry before it; on a line of its own where that entry has one."""
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
    """Runs of neighbours: `{1, 2, 5}` gives 1 to 2, and 5 to 5."""
    for first in sorted(places):
        if first - 1 not in places:
            last = first
            while last + 1 in places:
                last += 1
            yield first, last


# A text as a YAML scalar.

_QUOTES = ("'", '"')


def spelled(text: str, like: str) -> str:
    """The text in the quotes of its neighbours; unquoted where they are and it needs no quotes."""
    if like == "'":
        return "'" + text.replace("'", "''") + "'"
    return text if like != '"' and _plain(text) else json.dumps(text, ensure_ascii=False)


def quote_of(pieces: list[Piece]) -> str:
    """The quotes of all pieces; empty where they differ or have none."""
    styles = {_style(piece) for piece in pieces} - {None}
    return (styles.pop() or "") if len(styles) == 1 else ""


def _style(piece: Piece) -> str | None:
    """The quotes of a scalar, or of all values in a collection."""
    if isinstance(piece, TextNode):
        return piece.style if piece.style in _QUOTES else ""
    if isinstance(piece, Alias) or not isinstance(piece, Collection):
        return None
    parts = [part for entry in piece.entries for part in inside(entry.value)]
    return quote_of([part for part in parts if isinstance(part, TextNode)])


def _plain(text: str) -> bool:
    """Whether the text needs no quotes, in brackets and on a line of its own."""
    if not text or text in NULLS:
        return False
    for wrapped in (f"[{text}, x]", f"- {text}\n- x"):
        readings = [_first_text(written) for written in read_pieces(wrapped)]
        if not readings or {*readings} != {text}:
            return False
    return True


def _first_text(written: WrittenText) -> str | None:
    """The first of the two entries of a list, if it is a plain text."""
    root = written.documents.get(0)
    if not isinstance(root, Collection) or len(root.entries) != 2:
        return None
    first = root.entries[0].value
    return first.text if isinstance(first, TextNode) and not (first.style or first.anchor) else None


# The lines of a text around a place.

_BREAK = re.compile(r"\r\n|\n|\r")
_COMMENT_LINE = re.compile(r"([ \t]*)#[^\r\n]*(\r\n|\n|\r|$)")
_REST = re.compile(r"[ \t]*(?:(?<=[ \t])#[^\r\n]*)?(?=\r|\n|\Z)")
SPACES = " \t"


class Lines:
    """The lines of a text; all places are counted in characters."""

    def __init__(self, text: str) -> None:
        self.text = text

    def begin(self, at: int) -> int:
        """The begin of a place's line."""
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def end(self, at: int) -> int:
        """The end of a place's line, before its line break."""
        match = _BREAK.search(self.text, at)
        return match.start() if match else len(self.text)

    def after(self, at: int) -> int:
        """The begin of the next line."""
        match = _BREAK.search(self.text, at)
        return match.end() if match else len(self.text)

    def column(self, at: int) -> int:
        """The number of characters before a place on its line."""
        return at - self.begin(at)

    def before(self, at: int) -> str:
        """The part of a line before a place."""
        return self.text[self.begin(at) : at]

    def leads(self, at: int) -> bool:
        """Whether only spaces precede a place on its line."""
        return not self.before(at).strip(SPACES)

    def closes(self, at: int) -> bool:
        """Whether only spaces and a comment follow a place on its line."""
        return _REST.match(self.text, at) is not None

    def same(self, one: int, other: int) -> bool:
        """Whether two places are on one line."""
        return self.begin(one) == self.begin(other)

    def past_comments(self, at: int, column: int) -> int:
        """The end of the comment lines from `at` on that are indented beyond a column."""
        while (match := _COMMENT_LINE.match(self.text, at)) and len(match[1]) > column:
            at = match.end()
            if not match[2]:
                break
        return at

    def line_break(self, at: int) -> str:
        """The line break of a line, else of the line before, else a newline."""
        if match := _BREAK.search(self.text, at):
            return match[0]
        begin = self.begin(at)
        return (
            "\r\n" if self.text[:begin].endswith("\r\n") else self.text[begin - 1 : begin] or "\n"
        )

    def lines(self, begin: int, end: int) -> tuple[int, int]:
        """Whole lines to remove; a text without a last line break stays without."""
        if end == len(self.text) and not self.text.endswith(("\n", "\r")):
            begin = self.begin(begin)
            begin -= 2 if self.text[:begin].endswith("\r\n") else min(begin, 1)
        return begin, end


# New entries like their neighbours.


def are_apart(text: str, piece: Collection) -> bool:
    """Whether empty lines separate the entries of a list."""
    pairs = zip(piece.entries, piece.entries[1:], strict=False)
    gaps = [text[former.end : later.at] for former, later in pairs]
    return bool(gaps) and all(re.search(r"\n[ \t]*\r?\n", gap) for gap in gaps)


def write_key(piece: Collection, key: str) -> str:
    """A new key of a mapping, in double quotes where the others are."""
    styles = {entry.key.style for entry in piece.entries if entry.key}
    return f'"{key}"' if styles == {'"'} else key


# Brackets with other entries.


class BracketItem(NamedTuple):
    """The text of an entry in brackets, empty for an entry that goes, and the comments after it."""

    text: str
    comments: list[str]


def join_brackets(
    lines: Lines,
    piece: Collection,
    items: Sequence[BracketItem],
    head: Sequence[str],
    *,
    plain: bool,
) -> str:
    """Brackets around other items: in one line if they were and are `plain`, without comments.

    Else each item has a line; `head` are the comments before the first.
    """
    starts = [entry.at for entry in piece.entries]
    opening, closing = lines.text[piece.body], lines.text[piece.end - 1]
    if plain and not any(map(lines.leads, starts)):
        pad = lines.text[piece.body + 1 : starts[0]] if starts else ""
        texts = ", ".join(item.text for item in items if item.text)
        return f"{opening}{pad}{texts}{pad}{closing}" if texts else f"{opening}{closing}"
    end = piece.end - 1
    indent = " " * lines.column(next(filter(lines.leads, starts), end))
    written = list(head)
    for text, comments in items:
        if text:
            written.append(f"{text},  {comments[0]}" if comments else f"{text},")
        written += comments[1:] if text else comments
    outer = lines.before(end) if lines.leads(end) else indent
    return "\n".join([opening, *(f"{indent}{line}" for line in written), outer + closing])


# Comments


def list_comments(text: str, written: WrittenText) -> Iterator[str]:
    """The comments of a text, without spaces at their ends."""
    return (match[0].rstrip() for match in find_comments(text, written))


def find_comments(text: str, written: WrittenText) -> Iterator[re.Match[str]]:
    """The comments of a text; a `#` within a scalar begins none."""
    lines, plain = Lines(text), list(text)
    for root in written.documents.values():
        for piece in inside(root):
            if isinstance(piece, TextNode):
                start = piece.start
                if piece.style in ("|", ">"):  # a comment may follow the style
                    start = lines.after(piece.body)
                plain[start : piece.end] = "x" * max(0, piece.end - start)
    return _COMMENT.finditer("".join(plain))
