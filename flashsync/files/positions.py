"""The positions of values in files, found on demand.

Loading keeps none: a file with a problem is parsed once more, which takes half a millisecond.
"""

from __future__ import annotations

from flashsync.errors import FilesError, Position
from flashsync.files.document import Origin, Source, TreePath
from flashsync.files.load import read_text
from flashsync.files.strict_load import Mapping, Node, Sequence, read_graph


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
