"""Values that are due and not there."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.errors import Position, Problem
from flashsync.files.node import Entry, Mapping, Node, Scalar, Sequence
from flashsync.files.quote import quoted
from flashsync.files.rules import IGNORED_PREFIX


def find_missing(root: Node, file: str) -> Iterator[Problem]:
    """A problem for each null of a document, but for those under top-level `x-` keys."""
    return _Search(file).in_root(root)


class _Search:
    """Visits every node once, however many aliases it has."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._seen: set[int] = set()

    def in_root(self, root: Node) -> Iterator[Problem]:
        if isinstance(root, Mapping):
            for name, entry in root.entries.items():
                if not name.startswith(IGNORED_PREFIX):
                    yield from self._in_entry(entry)
        elif isinstance(root, Scalar) and root.is_null:
            yield self._problem(root, "the document has no content", "write some, or take it out")
        else:
            yield from self._inside(root)

    def _inside(self, node: Node) -> Iterator[Problem]:
        if id(node) in self._seen:
            return
        self._seen.add(id(node))
        if isinstance(node, Mapping):
            for entry in node.entries.values():
                yield from self._in_entry(entry)
        elif isinstance(node, Sequence):
            for item in node.items:
                yield from self._in_item(item)

    def _in_entry(self, entry: Entry) -> Iterator[Problem]:
        key, value = entry
        if not (isinstance(value, Scalar) and value.is_null):
            yield from self._inside(value)
        elif id(value) not in self._seen:
            self._seen.add(id(value))
            remedy = "write one, or leave the key out"
            if key.plain and ":" in key.text:
                remedy = "write a blank after the colon"
            yield self._problem(key, f"{quoted(key.text)} has no value", remedy)

    def _in_item(self, item: Node) -> Iterator[Problem]:
        if not (isinstance(item, Scalar) and item.is_null):
            yield from self._inside(item)
        else:
            yield self._problem(item, "this entry of the list is empty", "fill it, or take it out")

    def _problem(self, at: Scalar, message: str, remedy: str) -> Problem:
        return Problem(message, remedy, Position(self._file, at.line, at.column))
