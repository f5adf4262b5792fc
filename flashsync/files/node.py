"""A document with the position of everything in it: what a parser's events become when it matters.

Aliases are resolved: an aliased value is the very node of its anchor, and merge keys are merged, so
that a position is always the place where a value is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from flashsync.files.rules import NULLS
from flashsync.files.tree import Tree


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """Text, as the parser gives it."""

    line: int
    column: int
    text: str
    plain: bool

    @property
    def is_null(self) -> bool:
        """Whether this says that there is no value."""
        return self.plain and self.text in NULLS


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A list."""

    line: int
    column: int
    items: tuple[Node, ...]


class Entry(NamedTuple):
    """A key of a mapping, and its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A mapping, with what its merge keys bring in."""

    line: int
    column: int
    entries: dict[str, Entry]


Node: TypeAlias = Scalar | Sequence | Mapping


def to_tree(node: Node, shared: dict[int, Tree] | None = None) -> Tree:
    """The tree that a node stands for; aliases of one anchor share one object."""
    if isinstance(node, Scalar):
        return node.text
    shared = {} if shared is None else shared
    tree = shared.get(id(node))
    if tree is None:
        if isinstance(node, Sequence):
            tree = [to_tree(item, shared) for item in node.items]
        else:
            tree = {key: to_tree(entry.value, shared) for key, entry in node.entries.items()}
        shared[id(node)] = tree
    return tree
