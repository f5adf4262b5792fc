"""A file that was read: trees of text with their origin, and the limits of the format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from flashsync.errors import Position

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str"
"""Mappings, lists and text. Every scalar is text as written; null is refused.

An alias is the same object as its anchor, so trees are read-only.
"""

TreePath: TypeAlias = tuple[str | int, ...]
"""Keys and indexes from a document's root to a value: ("layers", 0, "groups", 2)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its path, its name for people, and its state at that time."""

    path: str
    shown_as: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from; small, as every schedule keeps one.

    `index` counts the file's documents from 0, empty ones included. `line` is that of the
    top-level key `schedule`, else of the first content.
    """

    source: Source
    index: int
    line: int

    @property
    def position(self) -> Position:
        """The position of the whole document."""
        return Position(self.source.shown_as, self.line)


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file, without its top-level `x-` keys."""

    origin: Origin
    tree: Tree


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file and its documents, at least one."""

    source: Source
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file with its text, which may begin with a byte order mark, and its documents."""

    text: str
    source: Source
    documents: tuple[Document, ...]

    @property
    def trees(self) -> dict[int, Any]:
        """The trees of the documents, by their place in the file."""
        return {document.origin.index: document.tree for document in self.documents}


# The parts and limits of YAML in this format, the same for every reader.

MAX_BYTES = 10_000_000
"""About 6,000 schedules; more in one file is a mistake or an attack."""

MAX_DEPTH = 50
"""Levels of mappings and lists. A schedule needs five."""

MAX_ALIASED = 100_000
"""Values that all aliases of a file may add up to: a few lines cannot become millions."""

MAX_THOROUGH = 250_000
"""Characters that the slow parser tries when the fast one refuses: about one second."""

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""Texts that mean "no value" without quotes. All others are text."""

MERGE_KEY = "<<"

LINE_KEY = "schedule"
"""The top-level key that marks the line of a document."""

IGNORED_PREFIX = "x-"
"""The beginning of top-level keys that are the user's own, for anchors."""

BYTE_ORDER_MARK = "\ufeff"
"""Ignored at the beginning of a file, an error elsewhere: it is invisible."""

# Pieces of a user's file in messages.

_LONGEST = 40


def quoted(text: str) -> str:
    """The text in backticks, short, on one line, without control characters."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    return f"`{printable(text)}`"


def printable(text: str) -> str:
    """The text with control characters, line breaks and half characters as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
