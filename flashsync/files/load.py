"""Loads the documents of a file on disk, and finds the positions of their values."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
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

from flashsync.errors import FilesError, Position, Problem
from flashsync.files import parser
from flashsync.files.document import (
    BYTE_ORDER_MARK,
    IGNORED_PREFIX,
    LINE_KEY,
    MAX_BYTES,
    MAX_DEPTH,
    MERGE_KEY,
    NULLS,
    Document,
    LoadedFile,
    OpenedFile,
    Origin,
    Source,
    Tree,
    TreePath,
)
from flashsync.files.strict_load import Mapping, Node, Sequence, read_graph, to_tree
from flashsync.files.syntax_errors import place_of


class BrokenFileError(FilesError):
    """Problems of a file's YAML, and the `documents` that could be read in spite of them."""

    def __init__(self, problems: Iterable[Problem], documents: tuple[Document, ...]) -> None:
        super().__init__(problems)
        self.documents = documents


def load_file(path: str, shown_as: str) -> LoadedFile:
    """The file's documents; `shown_as` is its name for people.

    Raises FilesError with all problems of the file.
    """
    text, source = read_text(path, shown_as)
    return LoadedFile(source, load_text(text, source))


def load_text(text: str, source: Source) -> tuple[Document, ...]:
    """The documents of a file's text, at least one. Raises FilesError."""
    try:
        documents = read_plain(text, source)
    except Unusual:
        graph = read_graph(text, source.shown_as)
        documents = tuple(
            Document(Origin(source, index, _line(root)), without_ignored(to_tree(root)))
            for index, root in graph.documents.items()
        )
        if graph.problems:
            raise BrokenFileError(graph.problems, documents) from None
    if not documents:
        position = Position(source.shown_as)
        raise FilesError(Problem("the file is empty", "fill it or delete it", position))
    return documents


def _line(root: Node) -> int:
    if isinstance(root, Mapping) and LINE_KEY in root.entries:
        return root.entries[LINE_KEY].key.line
    return root.line


# The text of a file on disk, or one clear problem.

# Without O_NONBLOCK, opening a FIFO waits for its other end. Windows has O_BINARY instead.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_text(path: str, shown_as: str) -> tuple[str, Source]:
    """The file's text without byte order mark, and the file's state.

    Raises FilesError: unreadable, not a regular file, too large, or not UTF-8.
    """
    text, source = read_whole(path, shown_as)
    return text.removeprefix(BYTE_ORDER_MARK), source


def reopen(source: Source, position: Position | None = None) -> OpenedFile:
    """A file that was read before, with its text, to be edited.

    Raises FilesError at `position` if it has changed since.
    """
    text, now = read_whole(source.path, source.shown_as)
    if now != source:
        message = "the file changed while it was read; nothing was written"
        raise FilesError(Problem(message, "run again", position))
    return OpenedFile(text, source, load_text(text.removeprefix(BYTE_ORDER_MARK), source))


def read_whole(path: str, shown_as: str) -> tuple[str, Source]:
    """As `read_text`, with the byte order mark."""
    try:
        data, source = _read_bytes(path, shown_as)
    except OSError as error:
        raise FilesError(_unreadable(error, shown_as)) from error
    try:
        return data.decode("utf-8"), source
    except UnicodeDecodeError as error:
        raise FilesError(_not_utf8(data, error, shown_as)) from error


def _read_bytes(path: str, shown_as: str) -> tuple[bytes, Source]:
    handle = os.open(path, _FLAGS)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise FilesError(_not_a_file(status.st_mode, shown_as))
        data = b""
        if status.st_size <= MAX_BYTES:
            data = os.read(handle, status.st_size + 1)
            while len(data) <= MAX_BYTES and (more := os.read(handle, 1 << 16)):
                data += more  # whatever the reported size, but not far beyond the limit
    finally:
        os.close(handle)
    size = max(status.st_size, len(data))
    if size > MAX_BYTES:
        message = f"the file has {size / 1e6:.1f} MB, the limit is {MAX_BYTES // 10**6} MB"
        remedy = "split it into several files"
        raise FilesError(Problem(message, remedy, Position(shown_as)))
    return data, Source(path, shown_as, status.st_size, status.st_mtime_ns)


def _unreadable(error: OSError, shown_as: str) -> Problem:
    remedies = {
        FileNotFoundError: "check the path, or run again if the file was just moved",
        PermissionError: "change its permissions",
    }
    reason = (error.strerror or str(error)).lower()
    remedy = remedies.get(type(error), "check the disk and the path")
    return Problem(f"cannot read the file ({reason})", remedy, Position(shown_as))


def _not_a_file(mode: int, shown_as: str) -> Problem:
    if stat.S_ISDIR(mode):
        return Problem("this is a directory", "name a file in it", Position(shown_as))
    message = "not a regular file but a pipe, socket or device"
    return Problem(message, "name a regular file", Position(shown_as))


def _not_utf8(data: bytes, error: UnicodeDecodeError, shown_as: str) -> Problem:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem("the file is UTF-16, not UTF-8", "save it as UTF-8", Position(shown_as))
    place = place_of(data[: error.start].decode("utf-8"), error.start)
    message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
    return Problem(message, "save the file as UTF-8", Position(shown_as, *place))


# The fast reader, for files without anything unusual, which are nearly all.
#
# Unusual are anchors, aliases, merge keys, tags, missing values, duplicate keys, deep nesting, line
# breaks of YAML 1.1, and everything that libyaml refuses. `strict_load.py` reads such files and
# reports their problems.


_MARKED_KEYS = frozenset({"", MERGE_KEY, LINE_KEY})


class Unusual(Exception):  # noqa: N818 - no error: another reader takes over
    """The file has something that only `strict_load.py` reads."""


def read_plain(text: str, source: Source) -> tuple[Document, ...]:
    """The documents of a file, perhaps none. Raises Unusual."""
    if BYTE_ORDER_MARK in text or not (parser.HAS_FAST_PARSER and parser.reads_alike(text)):
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
                if key != LINE_KEY:
                    raise Unusual
                if depth == 1:
                    start: Any = event.start_mark
                    self._line = start.line + 1
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


def without_ignored(tree: Tree) -> Tree:
    """Drop the top-level `x-` keys of a document's tree."""
    if isinstance(tree, dict):
        for key in [key for key in tree if key.startswith(IGNORED_PREFIX)]:
            del tree[key]
    return tree


# The positions of values in files, found on demand.
#
# Loading keeps none: a file with a problem is parsed once more, which takes half a millisecond.


class Locator:
    """Finds positions in files; remembers the last file, so ask file by file."""

    def __init__(self) -> None:
        self._source: Source | None = None
        self._documents: dict[int, Node] = {}

    def locate(self, origin: Origin, path: TreePath, *, key: bool = False) -> Position:
        """The position of the value at `path`, or with `key` of its key.

        For a missing value, that of the nearest part around it. In a file that has changed since
        it was loaded, the document's line.
        """
        if origin.source != self._source:
            self._source = origin.source
            self._documents = _read_again(origin.source)
        root = self._documents.get(origin.index)
        if root is None:
            return origin.position
        node = _find(root, path, key=key)
        return Position(origin.source.shown_as, node.line, node.column)


def _read_again(source: Source) -> dict[int, Node]:
    """The file's documents; none if the file has changed."""
    try:
        text, now = read_text(source.path, source.shown_as)
    except FilesError:
        return {}
    return read_graph(text, source.shown_as).documents if now == source else {}


def _find(root: Node, path: TreePath, *, key: bool) -> Node:
    """The node at a path; a shorthand leaves steps of it out."""
    name = value = root
    below: tuple[Node, Node] | None = None
    for step in path:
        below = _step(value, step)
        if below is not None:
            name, value = below
        elif not isinstance(value, Mapping | Sequence):
            return value
    return name if key and below else value


def _step(node: Node, step: str | int) -> tuple[Node, Node] | None:
    """The key of the value one step down, and the value."""
    if isinstance(node, Mapping) and isinstance(step, str):
        return node.entries.get(step)
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step], node.items[step]
    return None
