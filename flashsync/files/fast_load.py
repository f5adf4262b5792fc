"""The fast reader, for files without anything unusual, which are nearly all.

Unusual are anchors, aliases, merge keys, tags, missing values, duplicate keys, deep nesting, line
breaks of YAML 1.1, and everything that libyaml refuses. `strict_load.py` reads such files and
reports their problems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from sys import intern
from typing import Any

from yaml.error import YAMLError
from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from flashsync.files import parser
from flashsync.files.document import (
    BYTE_ORDER_MARK,
    IGNORED_PREFIX,
    LINE_KEY,
    MAX_DEPTH,
    MERGE_KEY,
    NULLS,
    Document,
    Origin,
    Source,
    Tree,
)

_MARKED_KEYS = frozenset({"", MERGE_KEY, LINE_KEY})


class Unusual(Exception):  # noqa: N818 - no error: another reader takes over
    """The file has something that only `strict_load.py` reads."""


def read_plain(text: str, source: Source) -> tuple[Document, ...]:
    """The documents of a file, perhaps none. Raises Unusual."""
    if BYTE_ORDER_MARK in text or not (parser.has_fast_parser() and parser.reads_alike(text)):
        raise Unusual
    try:
        return tuple(_FastReader(parser.fast_steps(text), source).documents())
    except YAMLError as error:
        raise Unusual from error


class _FastReader:
    """Builds trees from libyaml's own events, and keeps nothing else."""

    __slots__ = ("_line", "_source", "_step")

    def __init__(self, step: Callable[[], Any], source: Source) -> None:
        self._step = step
        self._source = source
        self._line = 0

    def documents(self) -> Iterator[Document]:
        self._step()  # the stream begins
        index = 0
        while type(self._step()) is DocumentStartEvent:
            first = self._step()
            self._line = first.start_mark.line + 1
            tree = self._value(first, 1)
            yield Document(Origin(self._source, index, self._line), without_ignored(tree))
            self._step()  # the document ends
            index += 1

    # These three take three quarters of the time of a load outside libyaml (`make bench`,
    # validate): no helper functions for the work at every key and value.

    def _value(self, event: Any, depth: int) -> Tree:
        if event.anchor or event.tag or depth > MAX_DEPTH:
            raise Unusual
        kind = type(event)
        if kind is ScalarEvent:
            text: str = event.value
            if text in NULLS and not event.style:
                raise Unusual
            return text
        if kind is MappingStartEvent:
            return self._mapping(depth)
        return self._sequence(depth)

    def _mapping(self, depth: int) -> dict[str, Tree]:
        tree: dict[str, Tree] = {}
        count = 0
        step, value = self._step, self._value
        while type(event := step()) is not MappingEndEvent:
            if type(event) is not ScalarEvent or event.anchor or event.tag:
                raise Unusual
            key = intern(event.value)
            if key in _MARKED_KEYS:
                self._mark(key, event, depth)
            tree[key] = value(step(), depth + 1)
            count += 1
        if len(tree) < count:  # a duplicate key
            raise Unusual
        return tree

    def _sequence(self, depth: int) -> list[Tree]:
        tree: list[Tree] = []
        step, value = self._step, self._value
        while type(event := step()) is not SequenceEndEvent:
            tree.append(value(event, depth + 1))
        return tree

    def _mark(self, key: str, event: Any, depth: int) -> None:
        if key != LINE_KEY:
            raise Unusual
        if depth == 1:
            self._line = event.start_mark.line + 1


def without_ignored(tree: Tree) -> Tree:
    """Drop the top-level `x-` keys of a document's tree."""
    if isinstance(tree, dict):
        for key in [key for key in tree if key.startswith(IGNORED_PREFIX)]:
            del tree[key]
    return tree
