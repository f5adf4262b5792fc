"""A file on disk, as the documents in it."""

from __future__ import annotations

from flashsync.errors import FilesError, Position, Problem
from flashsync.files.graph import read_graph
from flashsync.files.node import Mapping, Node, to_tree
from flashsync.files.plain import Unusual, read_plain, without_ignored
from flashsync.files.read import read_text
from flashsync.files.rules import LINE_KEY
from flashsync.files.tree import Document, LoadedFile


def load_file(path: str, shown_as: str) -> LoadedFile:
    """The file's documents; `shown_as` is its name in them and in problems.

    Raises FilesError with every problem of the file that can be found in one reading.
    """
    text, stamp = read_text(path, shown_as)
    return LoadedFile(path, shown_as, stamp, load_text(text, shown_as))


def load_text(text: str, shown_as: str) -> tuple[Document, ...]:
    """The documents of a text, at least one. Raises FilesError."""
    try:
        documents = read_plain(text, shown_as)
    except Unusual:
        documents = _read_carefully(text, shown_as)
    if not documents:
        problem = Problem("the file is empty", "fill it, or delete it", Position(shown_as))
        raise FilesError(problem)
    return documents


def _read_carefully(text: str, shown_as: str) -> tuple[Document, ...]:
    graph = read_graph(text, shown_as)
    if graph.problems:
        raise FilesError(graph.problems)
    return tuple(
        Document(shown_as, index, _line(node), without_ignored(to_tree(node)))
        for index, node in graph.documents.items()
    )


def _line(root: Node) -> int:
    if isinstance(root, Mapping) and LINE_KEY in root.entries:
        return root.entries[LINE_KEY].key.line
    return root.line
