"""A file on disk, as the documents in it."""

from __future__ import annotations

from flashsync.errors import FilesError, Position, Problem
from flashsync.files.graph import read_graph
from flashsync.files.node import Mapping, Node, to_tree
from flashsync.files.plain import Unusual, read_plain, without_ignored
from flashsync.files.read import read_text
from flashsync.files.rules import LINE_KEY
from flashsync.files.tree import Document, LoadedFile, Origin, Source


def load_file(path: str, shown_as: str) -> LoadedFile:
    """The file's documents; `shown_as` is its name in them and in problems.

    Raises FilesError with every problem of the file that can be found in one reading.
    """
    text, source = read_text(path, shown_as)
    return LoadedFile(source, load_text(text, source))


def load_text(text: str, source: Source) -> tuple[Document, ...]:
    """The documents of a file's text, at least one. Raises FilesError."""
    try:
        documents = read_plain(text, source)
    except Unusual:
        documents = _read_carefully(text, source)
    if not documents:
        position = Position(source.shown_as)
        raise FilesError(Problem("the file is empty", "fill it, or delete it", position))
    return documents


def _read_carefully(text: str, source: Source) -> tuple[Document, ...]:
    graph = read_graph(text, source.shown_as)
    if graph.problems:
        raise FilesError(graph.problems)
    return tuple(
        Document(Origin(source, index, _line(root)), without_ignored(to_tree(root)))
        for index, root in graph.documents.items()
    )


def _line(root: Node) -> int:
    if isinstance(root, Mapping) and LINE_KEY in root.entries:
        return root.entries[LINE_KEY].key.line
    return root.line
