"""Loads the documents of a file on disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

from flashsync.errors import FilesError, Position, Problem
from flashsync.files.document import (
    BYTE_ORDER_MARK,
    LINE_KEY,
    MAX_BYTES,
    Document,
    LoadedFile,
    OpenedFile,
    Origin,
    Source,
)
from flashsync.files.fast_load import Unusual, read_plain, without_ignored
from flashsync.files.strict_load import Mapping, Node, read_graph, to_tree
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
        documents = _load_strictly(text, source)
    if not documents:
        position = Position(source.shown_as)
        raise FilesError(Problem("the file is empty", "fill it or delete it", position))
    return documents


def _load_strictly(text: str, source: Source) -> tuple[Document, ...]:
    graph = read_graph(text, source.shown_as)
    documents = tuple(
        Document(Origin(source, index, _line(root)), without_ignored(to_tree(root)))
        for index, root in graph.documents.items()
    )
    if graph.problems:
        raise BrokenFileError(graph.problems, documents)
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
            data = _read_all(handle, status.st_size)
    finally:
        os.close(handle)
    size = max(status.st_size, len(data))
    if size > MAX_BYTES:
        raise FilesError(_too_large(size, shown_as))
    return data, Source(path, shown_as, status.st_size, status.st_mtime_ns)


def _read_all(handle: int, size: int) -> bytes:
    """Read the file to its end, whatever its reported size, but not far beyond the limit."""
    data = os.read(handle, size + 1)
    while len(data) <= MAX_BYTES and (more := os.read(handle, 1 << 16)):
        data += more
    return data


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


def _too_large(size: int, shown_as: str) -> Problem:
    message = f"the file has {size / 1e6:.1f} MB, the limit is {MAX_BYTES // 10**6} MB"
    return Problem(message, "split it into several files", Position(shown_as))


def _not_utf8(data: bytes, error: UnicodeDecodeError, shown_as: str) -> Problem:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem("the file is UTF-16, not UTF-8", "save it as UTF-8", Position(shown_as))
    place = place_of(data[: error.start].decode("utf-8"), error.start)
    message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
    return Problem(message, "save the file as UTF-8", Position(shown_as, *place))
