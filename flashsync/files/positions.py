"""Where in a file a value stands, found only when somebody asks.

Nothing is kept while files load. The file that has a problem is read and parsed again, which takes
a fraction of a millisecond, and only for the files that have one.
"""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from functools import cached_property

from flashsync.errors import FilesError, Position
from flashsync.files.graph import read_graph
from flashsync.files.node import Mapping, Node, Sequence
from flashsync.files.read import read_text
from flashsync.files.tree import Document, LoadedFile, TreePath


class Locator:
    """Finds positions in one file, and keeps its nodes as long as it lives: one file at a time."""

    def __init__(self, file: LoadedFile) -> None:
        self._file = file

    def locate(self, document: Document, path: TreePath, *, key: bool = False) -> Position:
        """Where the value at `path` is written, or with `key` its key.

        What is not there is looked for in the nearest thing around it that is. In a file that has
        changed since it was loaded, it is the document's line.
        """
        root = self._documents.get(document.index)
        if root is None:
            return Position(document.file, document.line)
        node = _find(root, path, key=key)
        return Position(document.file, node.line, node.column)

    @cached_property
    def _documents(self) -> AbstractMapping[int, Node]:
        try:
            text, stamp = read_text(self._file.path, self._file.shown_as)
        except FilesError:
            return {}
        if stamp != self._file.stamp:
            return {}
        return read_graph(text, self._file.shown_as).documents


def _find(root: Node, path: TreePath, *, key: bool) -> Node:
    name: Node = root
    node = root
    for step in path:
        below = _step(node, step)
        if below is None:
            return node
        name, node = below
    return name if key else node


def _step(node: Node, step: str | int) -> tuple[Node, Node] | None:
    """What names the value one step down, and the value."""
    if isinstance(node, Mapping) and isinstance(step, str):
        return node.entries.get(step)
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step], node.items[step]
    return None
