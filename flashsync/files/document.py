"""A file on disk once it is read: text in mappings and lists, its origin, and the format's
limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from flashsync.errors import Position

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str"
"""Mappings, lists and text. Every scalar is text as written; a missing value never gets here.

An alias gives the very object that its anchor stands for, so trees are for reading only.
"""

TreePath: TypeAlias = tuple[str | int, ...]
"""The way from a document's root to a value: keys and places, as in ("layers", 0, "groups", 2)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its path for the disk, its name for people, and what it then was."""

    path: str
    shown_as: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from: small enough to be kept for every schedule.

    `index` counts the file's documents from 0, empty ones included. `line` is the line of the
    top-level key `schedule`, or else of the first line that holds something.
    """

    source: Source
    index: int
    line: int

    @property
    def position(self) -> Position:
        """The document's own place, for what is said about it as a whole."""
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


# What the file format takes from YAML, and how much of it: the same for every reader here.

MAX_BYTES = 10_000_000
"""About 6,000 schedules; more in one file is a mistake or an attack."""

MAX_DEPTH = 50
"""Levels of mappings and lists. A schedule needs five."""

MAX_ALIASED = 100_000
"""Values that all aliases of a file may stand for, so that a few lines cannot become millions."""

MAX_THOROUGH = 250_000
"""Characters that the slow parser is asked about when the fast one refuses: about one second."""

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""What means "no value" when it is written without quotes. All else is text."""

MERGE_KEY = "<<"

LINE_KEY = "schedule"
"""The top-level key whose line is shown as the document's."""

IGNORED_PREFIX = "x-"
"""Top-level keys that begin so are the user's own, and the place for anchors."""

BYTE_ORDER_MARK = "\ufeff"
"""Read over at the beginning of a file, and nowhere else: nobody sees it."""

# Pieces of a user's file as they are shown in a message.

_LONGEST = 40


def quoted(text: str) -> str:
    """The text in backticks, on one line, short, and without anything that moves a cursor."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    return f"`{printable(text)}`"


def printable(text: str) -> str:
    """The text with control characters, line breaks and half characters as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
