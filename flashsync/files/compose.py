"""A parser's events put together into the documents that they describe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from sys import intern

from flashsync.errors import Position, Problem
from flashsync.files.missing import find_missing
from flashsync.files.node import Entry, Mapping, Node, Scalar, Sequence
from flashsync.files.parser import Event, Kind
from flashsync.files.quote import quoted
from flashsync.files.rules import MAX_ALIASED, MAX_DEPTH, MERGE_KEY

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Graph:
    """The documents of a file by their place in it, empty ones left out, and what is wrong."""

    documents: dict[int, Node]
    problems: tuple[Problem, ...]


class _Stop(Exception):  # noqa: N818 - the file has the fault
    """A problem after which it makes no sense, or takes too long, to read on."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(slots=True)
class _Anchor:
    """A value with a name, and how much an alias to it brings in. No node: it is not yet closed."""

    node: Node | None = None
    size: int = 0
    height: int = 0


class Composer:
    """Turns events into nodes, and remembers what is wrong on the way.

    Sizes and heights are those of the whole tree, with every alias written out, because that is
    what everybody walks through later.
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
        """All documents. Raises SyntaxFault; what was read until then is in `graph`."""
        try:
            for index, _ in enumerate(self._events):
                self._document(index)
        except _Stop as stop:
            return self.graph(stop.problem)
        return self.graph()

    def graph(self, *last: Problem) -> Graph:
        """What was read until now, the problems in the order of the file."""
        problems = sorted((*self._problems, *last), key=_place)
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
        self._go_down_to(depth, event)
        if event.tag:
            self._report_tag(event)
        if event.kind is Kind.ALIAS:
            return self._aliased_node(event, depth)
        self._size += 1
        if event.anchor is None:
            return self._content(event, depth)
        return self._anchored_node(event, event.anchor, depth)

    def _content(self, event: Event, depth: int) -> Node:
        if event.kind is Kind.MAPPING:
            return self._mapping(event, depth)
        if event.kind is Kind.SEQUENCE:
            return self._sequence(event, depth)
        return self._scalar(event)

    def _scalar(self, event: Event) -> Scalar:
        text = event.text
        if _HALF_CHARACTER.search(text):
            message = f"{quoted(text)} holds half a character, which cannot be stored"
            self._report(event, message, "write the character itself instead of its escapes")
        return Scalar(event.line, event.column, text, event.plain)

    def _sequence(self, event: Event, depth: int) -> Sequence:
        items = []
        while (item := next(self._events)).kind is not Kind.END:
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
        if anchor is None:
            return self._unknown_alias(event)
        if anchor.node is None:
            return self._cyclic_alias(event)
        self._go_down_to(depth + anchor.height, event)
        self._size += anchor.size
        self._aliased += anchor.size
        if self._aliased > MAX_ALIASED:
            message = f"the aliases of this file stand for more than {MAX_ALIASED:,} values"
            raise _Stop(self._problem(event, message, "write less with aliases"))
        return anchor.node

    def _unknown_alias(self, event: Event) -> Scalar:
        alias = quoted(f"*{event.anchor}")
        message = f"the alias {alias} has no anchor {quoted(f'&{event.anchor}')} before it"
        remedy = "put the anchor before the value that is meant, in the same document; "
        return self._stand_in(event, message, remedy + f"or quote {alias} if it is text")

    def _cyclic_alias(self, event: Event) -> Scalar:
        message = f"the alias {quoted(f'*{event.anchor}')} stands inside its own anchor"
        return self._stand_in(event, message, "write out what is meant")

    def _stand_in(self, event: Event, message: str, remedy: str) -> Scalar:
        """Something to read on with, after a problem."""
        self._report(event, message, remedy)
        return Scalar(event.line, event.column, "", plain=False)

    # Mappings

    def _mapping(self, event: Event, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        merge: Entry | None = None
        while (begin := next(self._events)).kind is not Kind.END:
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

    def _entry(self, begin: Event, depth: int) -> Entry | None:
        key = self._node(begin, depth)
        value = self._node(next(self._events), depth)
        if not isinstance(key, Scalar):
            message = "a list or mapping stands where a key is due"
            self._report(begin, message, "write a text; in quotes, if it begins with `[` or `{`")
            return None
        if key.plain and not key.text:
            self._report(begin, "there is no key before this colon", "write one")
            return None
        return Entry(key, value)

    def _once(self, earlier: Entry | None, entry: Entry) -> Entry:
        if earlier is None:
            return entry
        message = f"the key {quoted(entry.key.text)} is already in line {earlier.key.line}"
        self._report(entry.key, message, "write it once")
        return earlier

    def _merge(self, value: Node, entries: dict[str, Entry]) -> None:
        """Adds what `<<` brings in: keys written out win, then the list's earlier mappings."""
        for source in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(source, Mapping):
                for name, entry in source.entries.items():
                    entries.setdefault(name, entry)
            else:
                remedy = "write an alias of one, such as `<<: *base`; or quote `<<` if it is text"
                self._report(source, "the merge key `<<` takes a mapping or a list of them", remedy)

    # Problems

    def _go_down_to(self, depth: int, event: Event) -> None:
        self._deepest = max(self._deepest, depth)
        if depth > MAX_DEPTH:
            message = f"lists and mappings are nested more than {MAX_DEPTH} levels deep"
            raise _Stop(self._problem(event, message, "take out some brackets or levels"))

    def _report_tag(self, event: Event) -> None:
        tag = (event.tag or "").replace("tag:yaml.org,2002:", "!!")
        message = f"the tag {quoted(tag)} is not allowed"
        self._report(event, message, "take it out, or quote the value if it begins with `!`")

    def _report(self, at: Event | Node, message: str, remedy: str) -> None:
        self._problems.append(self._problem(at, message, remedy))

    def _problem(self, at: Event | Node, message: str, remedy: str) -> Problem:
        return Problem(message, remedy, Position(self._file, at.line, at.column))


def _place(problem: Problem) -> Position:
    return problem.position or Position("")
