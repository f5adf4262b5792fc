"""The strict reader: documents with the position of everything, and all problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from sys import intern
from typing import NamedTuple, TypeAlias

from flashsync.errors import Position, Problem
from flashsync.files import parser
from flashsync.files.document import (
    BYTE_ORDER_MARK,
    IGNORED_PREFIX,
    MAX_ALIASED,
    MAX_DEPTH,
    MAX_THOROUGH,
    MERGE_KEY,
    NULLS,
    Tree,
    quoted,
)
from flashsync.files.parser import Event, EventKind, SyntaxFault
from flashsync.files.syntax_errors import explain, place_of

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Graph:
    """The documents of a file by index, without empty ones, and the problems."""

    documents: dict[int, Node]
    problems: tuple[Problem, ...]


class _Stop(Exception):  # noqa: N818 - the file has the fault
    """A problem that ends the reading."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(slots=True)
class _Anchor:
    """A value with an anchor, and what an alias of it adds. Without a node, it is still open."""

    node: Node | None = None
    size: int = 0
    height: int = 0


class Composer:
    """Turns events into nodes, and collects problems.

    Sizes and heights count every alias as written out, since later code walks the whole tree.
    """

    def __init__(self, events: Iterator[Event], file: str) -> None:
        self._events = events
        self._file = file
        self._documents: dict[int, Node] = {}
        self._problems: list[Problem] = []
        self._anchors: dict[str, _Anchor] = {}
        self._size = 0
        self._aliased = 0
        self._deepest = 0

    def read(self) -> Graph:
        """Read all documents. Raises SyntaxFault; `graph` has what was read until then."""
        try:
            for index, _ in enumerate(self._events):
                self._document(index)
        except _Stop as stop:
            return self.graph(stop.problem)
        return self.graph()

    def graph(self, *last: Problem) -> Graph:
        """What was read so far, with the problems in the order of the file."""
        problems = sorted((*self._problems, *last), key=lambda one: one.position or Position(""))
        return Graph(self._documents, tuple(problems))

    def _document(self, index: int) -> None:
        self._anchors = {}
        root = self._node(next(self._events), 1)
        next(self._events)  # the document ends
        if isinstance(root, Scalar) and root.plain and not root.text:
            return
        self._documents[index] = root
        self._problems += find_missing(root, self._file)

    def _node(self, event: Event, depth: int) -> Node:
        self._check_depth(depth, event)
        if event.tag:
            tag = quoted(event.tag.replace("tag:yaml.org,2002:", "!!"))
            remedy = "remove it, or quote the value if it begins with `!`"
            self._report(event, f"the tag {tag} is not allowed", remedy)
        if event.kind is EventKind.ALIAS:
            return self._aliased_node(event, depth)
        self._size += 1
        if event.anchor is None:
            return self._content(event, depth)
        return self._anchored_node(event, event.anchor, depth)

    def _content(self, event: Event, depth: int) -> Node:
        if event.kind is EventKind.MAPPING:
            return self._mapping(event, depth)
        if event.kind is EventKind.SEQUENCE:
            return self._sequence(event, depth)
        return self._scalar(event)

    def _scalar(self, event: Event) -> Scalar:
        text = event.text
        if _HALF_CHARACTER.search(text):
            message = f"incomplete character in {quoted(text)}"
            self._report(event, message, "write the character itself instead of its escapes")
        return Scalar(event.line, event.column, text, event.plain)

    def _sequence(self, event: Event, depth: int) -> Sequence:
        items = []
        while (item := next(self._events)).kind is not EventKind.END:
            items.append(self._node(item, depth + 1))
        return Sequence(event.line, event.column, tuple(items))

    # Anchors and aliases

    def _anchored_node(self, event: Event, name: str, depth: int) -> Node:
        anchor = self._anchors[name] = _Anchor()
        size, deepest = self._size, self._deepest
        self._deepest = depth
        node = anchor.node = self._content(event, depth)
        anchor.size = self._size - size + 1
        anchor.height = self._deepest - depth
        self._deepest = max(deepest, self._deepest)
        return node

    def _aliased_node(self, event: Event, depth: int) -> Node:
        anchor = self._anchors.get(event.anchor or "")
        if anchor is None or anchor.node is None:
            alias = quoted(f"*{event.anchor}")
            if anchor is None:
                message = f"unknown alias {alias}"
                remedy = (
                    f"add {quoted(f'&{event.anchor}')} to an earlier value in the same document, "
                    f"or quote {alias} if it is text"
                )
            else:
                message, remedy = (
                    f"the alias {alias} is inside its own anchor",
                    "write out the value",
                )
            self._report(event, message, remedy)
            return Scalar(event.line, event.column, "", plain=False)  # to read on with
        self._check_depth(depth + anchor.height, event)
        self._size += anchor.size
        self._aliased += anchor.size
        if self._aliased > MAX_ALIASED:
            message = f"the aliases of this file expand to more than {MAX_ALIASED:,} values"
            raise _Stop(self._problem(event, message, "use fewer aliases"))
        return anchor.node

    # Mappings

    def _mapping(self, event: Event, depth: int) -> Mapping:
        entries: dict[str, MappingEntry] = {}
        merge: MappingEntry | None = None
        while (begin := next(self._events)).kind is not EventKind.END:
            entry = self._entry(begin, depth + 1)
            if entry is None:
                continue
            if entry.key.plain and entry.key.text == MERGE_KEY:
                merge = self._once(merge, entry)
            else:
                name = intern(entry.key.text)
                entries[name] = self._once(entries.get(name), entry)
        if merge:
            self._merge(merge.value, entries)
        return Mapping(event.line, event.column, entries)

    def _entry(self, begin: Event, depth: int) -> MappingEntry | None:
        key = self._node(begin, depth)
        value = self._node(next(self._events), depth)
        if not isinstance(key, Scalar):
            message = "expected a key, found a list or mapping"
            self._report(begin, message, "put a key that begins with `[` or `{` in quotes")
            return None
        if key.plain and not key.text:
            self._report(begin, "missing key before this colon", "add a key")
            return None
        return MappingEntry(key, value)

    def _once(self, earlier: MappingEntry | None, entry: MappingEntry) -> MappingEntry:
        if earlier is None:
            return entry
        message = f"duplicate key {quoted(entry.key.text)}, first on line {earlier.key.line}"
        self._report(entry.key, message, "remove one")
        return earlier

    def _merge(self, value: Node, entries: dict[str, MappingEntry]) -> None:
        """Add the entries of `<<`: written keys win, then earlier mappings of the list."""
        for source in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(source, Mapping):
                for name, entry in source.entries.items():
                    entries.setdefault(name, entry)
            else:
                remedy = "write an alias such as `<<: *base`, or quote `<<` if it is text"
                self._report(source, "`<<` merges a mapping or a list of mappings", remedy)

    # Problems

    def _check_depth(self, depth: int, event: Event) -> None:
        self._deepest = max(self._deepest, depth)
        if depth > MAX_DEPTH:
            message = f"lists and mappings are nested more than {MAX_DEPTH} levels deep"
            raise _Stop(self._problem(event, message, "remove some levels"))

    def _report(self, at: Event | Node, message: str, remedy: str) -> None:
        self._problems.append(self._problem(at, message, remedy))

    def _problem(self, at: Event | Node, message: str, remedy: str) -> Problem:
        return Problem(message, remedy, Position(self._file, at.line, at.column))


# From text to a graph, for the few files that the fast reader cannot read and those with problems:
# it need not be fast.

# Characters that YAML forbids, and the byte order mark. The parsers refuse them without a line.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|" + BYTE_ORDER_MARK
)


def read_graph(text: str, shown_as: str) -> Graph:
    """The graph of a file's text; with problems, of the part that could be read."""
    if match := _FORBIDDEN.search(text):
        return Graph({}, (_forbidden(text, match.start(), shown_as),))
    refused = []
    for parse in _parsers(text):
        composer = Composer(parse(text), shown_as)
        try:
            return composer.read()
        except SyntaxFault as fault:
            refused.append(composer.graph(explain(fault, text, shown_as)))
    return refused[0]


def _parsers(text: str) -> list[Callable[[str], Iterator[Event]]]:
    """The parsers to try in this order: the first that accepts the text is right."""
    if not (parser.HAS_FAST_PARSER and parser.reads_alike(text)):
        return [parser.thorough_events]
    if len(text) > MAX_THOROUGH:
        return [parser.fast_events]
    return [parser.fast_events, parser.thorough_events]


def _forbidden(text: str, index: int, shown_as: str) -> Problem:
    message, remedy = "invisible byte order mark (U+FEFF)", "remove it"
    if text[index] != BYTE_ORDER_MARK:
        message = f"control character U+{ord(text[index]):04X} is not allowed in YAML"
        remedy = 'remove it, or write it as an escape in double quotes, such as "\\x1b"'
    return Problem(message, remedy, Position(shown_as, *place_of(text, index)))


# The nodes of a document, with positions.
#
# An alias is the node of its anchor, and merge keys are merged: a position is always where the
# value is written.


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """Text, as the parser gives it."""

    line: int
    column: int
    text: str
    plain: bool

    @property
    def is_null(self) -> bool:
        """Whether this means "no value"."""
        return self.plain and self.text in NULLS


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A list."""

    line: int
    column: int
    items: tuple[Node, ...]


class MappingEntry(NamedTuple):
    """A key of a mapping, and its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A mapping, with its merge keys merged."""

    line: int
    column: int
    entries: dict[str, MappingEntry]


Node: TypeAlias = Scalar | Sequence | Mapping


def to_tree(node: Node, shared: dict[int, Tree] | None = None) -> Tree:
    """The tree of a node; aliases share the object of their anchor."""
    if isinstance(node, Scalar):
        return node.text
    shared = {} if shared is None else shared
    tree = shared.get(id(node))
    if tree is None:
        if isinstance(node, Sequence):
            tree = [to_tree(item, shared) for item in node.items]
        else:
            tree = {key: to_tree(entry.value, shared) for key, entry in node.entries.items()}
        shared[id(node)] = tree
    return tree


# Missing values.


def find_missing(root: Node, file: str) -> Iterator[Problem]:
    """A problem for each null of a document, except under top-level `x-` keys.

    Every node is visited once, however many aliases it has.
    """
    seen: set[int] = set()
    pending: list[tuple[Scalar | None, Node]] = [(None, root)]
    while pending:
        key, node = pending.pop()
        if isinstance(node, Scalar) and node.is_null:
            at, message, remedy = node, "empty list entry", "fill it or remove it"
            if node is root:
                message, remedy = "the document is empty", "add content or remove the document"
            elif key is not None:
                if id(node) in seen:
                    continue
                seen.add(id(node))
                at, message = key, f"{quoted(key.text)} has no value"
                remedy = "add a value or remove the key"
                if key.plain and ":" in key.text:
                    remedy = "add a space after the colon"
            yield Problem(message, remedy, Position(file, at.line, at.column))
        elif id(node) not in seen:
            seen.add(id(node))
            pending += reversed(_list_values(node, top=node is root))


def _list_values(node: Node, *, top: bool) -> list[tuple[Scalar | None, Node]]:
    """The values of a collection, each with its key if it has one."""
    if isinstance(node, Sequence):
        return [(None, item) for item in node.items]
    entries = node.entries if isinstance(node, Mapping) else {}
    return [
        (entry.key, entry.value)
        for name, entry in entries.items()
        if not (top and name.startswith(IGNORED_PREFIX))
    ]
