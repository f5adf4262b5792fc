"""What a file on disk holds once it is read: text in mappings and lists, and where it came from."""

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
