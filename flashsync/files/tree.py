"""What a file on disk holds once it is read: text in mappings and lists, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str"
"""Mappings, lists and text. Every scalar is text as written; a missing value never gets here.

An alias gives the very object that its anchor stands for, so trees are for reading only.
"""

TreePath: TypeAlias = tuple[str | int, ...]
"""The way from a document's root to a value: keys and places, as in ("layers", 0, "groups", 2)."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file, without its top-level `x-` keys.

    `index` counts the file's documents from 0, empty ones included. `line` is the line of the
    top-level key `schedule`, or else of the first line that holds something.
    """

    file: str
    index: int
    line: int
    tree: Tree


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a file is still the one that was read."""

    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file and its documents, at least one. `shown_as` is the name that people read."""

    path: str
    shown_as: str
    stamp: Stamp
    documents: tuple[Document, ...]
