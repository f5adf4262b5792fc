"""A file's text as nodes for the formatter: each value as written, with its comments.

Comments and empty lines belong to the entry that they precede, to the line that they end, or to
the collection that they close.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from flashsync.files import parser

_TRAILING_COMMENT = re.compile(r"(?:^|[ \t])(#.*)$")
_INDENT = re.compile(r"[ \t]*")
BLOCK_STYLES = ("|", ">")
Tail: TypeAlias = tuple[str, int]
"""A comment behind something on its line, and its distance from where that begins."""
ALIAS = "*"
"""The style of an alias; its text is the name of the anchor."""


class Unformattable(Exception):  # noqa: N818 - nothing is wrong with the file
    """The text has a part that the formatter does not write; the file keeps its layout."""


@dataclass(eq=False, slots=True)
class ScalarNode:
    """A scalar or an alias. `lines` are its lines as written, with quotes, without an anchor."""

    text: str
    style: str
    lines: list[str]
    anchor: str | None = None


@dataclass(eq=False, slots=True)
class CollectionNode:
    """A list or a mapping. `foot` are the comments after its last entry."""

    mapping: bool
    flow: bool
    column: int
    anchor: str | None = None
    entries: list[NodeEntry] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class NodeEntry:
    """An entry with the lines before it: comments, or "" for a empty line.

    `tails` are the comments at the ends of its lines.
    """

    key: ScalarNode | None
    value: FormatNode
    lead: list[str] = field(default_factory=list)
    tails: list[Tail] = field(default_factory=list)


FormatNode = ScalarNode | CollectionNode


@dataclass(eq=False, slots=True)
class DocumentNode:
    """A document; `lead` and `tails` belong to its `---`, which is written if `marked`."""

    root: NodeEntry
    marked: bool
    lead: list[str] = field(default_factory=list)
    tails: list[Tail] = field(default_factory=list)


@dataclass(slots=True)
class _Mark:
    """A place in the text where an owner begins, or where its brackets close."""

    line: int
    column: int
    owner: NodeEntry | DocumentNode
    inside: tuple[CollectionNode, ...]
    closes: CollectionNode | None = None


def read_nodes(text: str) -> list[DocumentNode]:
    """The documents of a text with line feeds. Raises Unformattable, or YAMLError."""
    if "\r" in text or not parser.reads_alike(text):
        raise Unformattable
    reader = _NodeReader(text)
    documents = reader.read()
    _CommentPlacer(reader).place()
    return documents


class _NodeReader:
    """Builds nodes from events; marks each place that a comment can belong to."""

    def __init__(self, text: str) -> None:
        self._step = _steps(text)
        self.lines = text.split("\n")
        self.marks: list[_Mark] = []
        self.ends: dict[int, int] = {}
        """The column after the last scalar of a line."""
        self.covered: set[int] = set()
        """The lines that a scalar of several lines has, after its first."""

    def read(self) -> list[DocumentNode]:
        documents = []
        self._step()  # the stream begins
        while type(start := self._step()).__name__ == "DocumentStartEvent":
            if start.version or start.tags:
                raise Unformattable
            documents.append(self._document(start))
            if self._step().explicit:  # `...`
                raise Unformattable
        return documents

    def _document(self, start: Any) -> DocumentNode:
        entry = NodeEntry(None, ScalarNode("", "", [""]))
        document = DocumentNode(entry, bool(start.explicit))
        if start.explicit:
            mark = start.start_mark
            self.marks.append(_Mark(mark.line, mark.column, document, ()))
        event = self._step()
        self.marks.append(_Mark(event.start_mark.line, event.start_mark.column, entry, ()))
        entry.value = self._node(event, entry, ())
        return document

    def _node(self, event: Any, owner: NodeEntry, inside: tuple[CollectionNode, ...]) -> FormatNode:
        kind = type(event).__name__
        if kind == "ScalarEvent":
            return self._scalar(event)
        if kind == "AliasEvent":
            self._cover(event.end_mark)
            return ScalarNode(event.anchor, ALIAS, [f"*{event.anchor}"])
        if event.tag:
            raise Unformattable
        start = event.start_mark
        mapping = kind == "MappingStartEvent"
        node = CollectionNode(mapping, bool(event.flow_style), start.column, event.anchor)
        within = (*inside, node)
        while type(event := self._step()).__name__ not in ("MappingEndEvent", "SequenceEndEvent"):
            self._entry(event, node, within)
        if node.flow:
            end = event.end_mark
            self._cover(end)
            self.marks.append(_Mark(end.line, end.column - 1, owner, within, closes=node))
        return node

    def _entry(self, event: Any, node: CollectionNode, within: tuple[CollectionNode, ...]) -> None:
        entry = NodeEntry(None, ScalarNode("", "", [""]))
        self._begin_entry(event, node, entry, within)
        if node.mapping:
            if type(event).__name__ != "ScalarEvent":
                raise Unformattable  # an alias or a collection as key
            entry.key = self._scalar(event)
            if len(entry.key.lines) > 1:
                raise Unformattable
            event = self._step()
        entry.value = self._node(event, entry, within)
        node.entries.append(entry)

    def _begin_entry(
        self, event: Any, node: CollectionNode, entry: NodeEntry, within: tuple[CollectionNode, ...]
    ) -> None:
        """Mark the beginning of an entry: its key, or its dash."""
        line, column = event.start_mark.line, event.start_mark.column
        if not node.flow:
            if not node.entries and node.anchor:  # the collection's own place is its anchor's
                node.column = column if node.mapping else self._dash_before(line, column)
            if not node.mapping:
                line, column = self._dash(line, column, node.column)
            elif self.lines[line][:column].rstrip().endswith("?"):
                raise Unformattable
        self.marks.append(_Mark(line, column, entry, within))

    def _dash_before(self, line: int, column: int) -> int:
        """The column of the dash that a value follows on its line."""
        before = self.lines[line][:column].rstrip()
        if not before.endswith("-"):
            raise Unformattable
        return len(before) - 1

    def _dash(self, line: int, column: int, at: int) -> tuple[int, int]:
        """The dash of a value in a list of this column, perhaps on an earlier line."""
        while line >= 0 and not (column > at and self.lines[line][at : at + 1] == "-"):
            line -= 1
            column = at + 1
        if line < 0:
            raise Unformattable
        return line, at

    def _scalar(self, event: Any) -> ScalarNode:
        if event.tag:
            raise Unformattable
        start, end, style = event.start_mark, event.end_mark, event.style or ""
        if not (event.value or style or event.anchor):
            return ScalarNode("", "", [""])
        line, column = start.line, start.column
        if event.anchor:
            line, column = self._past_anchor(line, column, event.anchor)
        if style in BLOCK_STYLES:
            return self._block_scalar(event, line, column)
        self._cover(end)
        if line == end.line:
            lines = [self.lines[line][column : end.column]]
        else:
            lines = [self.lines[line][column:].strip()]
            lines += [text.strip() for text in self.lines[line + 1 : end.line]]
            lines.append(self.lines[end.line][: end.column].strip())
            self.covered.update(range(line + 1, end.line + 1))
        return ScalarNode(event.value, style, lines, event.anchor)

    def _past_anchor(self, line: int, column: int, anchor: str) -> tuple[int, int]:
        """The place of a value after its anchor. Raises Unformattable where that is far away."""
        column += len(anchor) + 1
        match = _INDENT.match(self.lines[line], column)
        column = match.end() if match else column
        if self.lines[line][column : column + 1] in ("", "#"):
            raise Unformattable
        return line, column

    def _block_scalar(self, event: Any, line: int, column: int) -> ScalarNode:
        """A block: its head, and its lines without their indentation."""
        head = self.lines[line][column:].split("#")[0].strip()
        last = min(event.end_mark.line, len(self.lines) - 1)
        raw = self.lines[line + 1 : last + (event.end_mark.column > 0)]
        if "+" not in head:
            while raw and not raw[-1].strip():
                raw.pop()
        self.ends[line] = column + len(head)
        self.covered.update(range(line + 1, line + 1 + len(raw)))
        return ScalarNode(event.value, event.style, [head, *_dedented(raw, event.value)])

    def _cover(self, end: Any) -> None:
        if self.ends.get(end.line, 0) < end.column:
            self.ends[end.line] = end.column


def _dedented(raw: list[str], text: str) -> list[str]:
    """The lines of a block without the indentation that is not part of the text."""
    first = next((line for line in raw if line.strip()), "")
    spaces = len(first) - len(first.lstrip(" "))
    own = text.lstrip("\n")
    indent = spaces - (len(own) - len(own.lstrip(" ")))
    return [line[indent:] for line in raw]


def _steps(text: str) -> Callable[[], Any]:
    if parser.HAS_FAST_PARSER:
        return parser.fast_steps(text)
    import yaml

    return partial(next, yaml.parse(text, yaml.SafeLoader))


class _CommentPlacer:
    """Gives each comment and each empty line to an entry, a collection or a document."""

    def __init__(self, reader: _NodeReader) -> None:
        self._lines, self._marks = reader.lines, reader.marks
        self._ends, self._covered = reader.ends, reader.covered
        self._places = [(mark.line, mark.column) for mark in reader.marks]

    def place(self) -> None:
        """Place all comments."""
        pending: list[tuple[int, str]] = []
        for number, line in enumerate(self._lines):
            if number in self._covered and number not in self._ends:
                continue
            stripped = line.strip()
            if number not in self._covered and (not stripped or stripped.startswith("#")):
                pending.append((number, line))
                continue
            if pending:
                self._place_own(pending)
                pending = []
            if "#" in line:
                self._place_tail(number, line)
        if pending:
            self._place_own(pending)

    def _place_tail(self, number: int, line: str) -> None:
        """Place the comment behind all else on a line, if there is one."""
        match = _TRAILING_COMMENT.search(line, self._ends.get(number, 0))
        if match is None:
            return
        at = match.start(1)
        index = bisect_right(self._places, (number, at)) - 1
        owner, begin = self._marks[index].owner, len(line) - len(line.lstrip())
        while index >= 0 and self._marks[index].line == number:
            if self._marks[index].owner is owner:
                begin = self._marks[index].column
            index -= 1
        owner.tails.append((match[1].rstrip(), at - begin))

    def _place_own(self, run: list[tuple[int, str]]) -> None:
        """Place the comments and empty lines between two marks.

        A comment that is indented like the entries above it follows them; all others, and empty
        lines, precede what comes next.
        """
        following = bisect_right(self._places, (run[0][0], 0))
        after = self._marks[following] if following < len(self._marks) else None
        lead: list[str] = []
        if after:
            lead = after.closes.foot if after.closes else after.owner.lead
        ending = self._ending(self._marks[following - 1] if following else None, after)
        if after is None and ending:
            lead = ending[-1].foot
        blanks: list[str] = []
        for _, line in run:
            text = line.strip()
            if not text:
                blanks.append("")
                continue
            column = len(line) - len(line.lstrip())
            if after and column <= after.column:
                ending.clear()
            while ending and ending[0].column > column:
                ending.pop(0)
            (ending[0].foot if ending else lead).extend((*blanks, text))
            blanks = []
        lead.extend(blanks)

    def _ending(self, before: _Mark | None, after: _Mark | None) -> list[CollectionNode]:
        """The collections in lines that end between two marks, the innermost first."""
        going_on = {id(node) for node in after.inside} if after else set()
        return [
            node
            for node in (reversed(before.inside) if before else ())
            if not node.flow and id(node) not in going_on
        ]
