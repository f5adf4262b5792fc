"""Pieces of a text next to the tree that they shall mean, and the comments between the pieces."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from flashsync.files.document import Tree
from flashsync.files.syntax_tree import (
    Alias,
    Collection,
    Entry,
    Piece,
    TextNode,
    Unwritable,
    WrittenText,
    below,
    inside,
    is_merge,
    merged,
    target,
)
from flashsync.files.text_edits import Lines

_COMMENT = re.compile(r"(?:(?<=[ \t\r\n])|\A)#[^\r\n]*")
_IDENTITY = ("layer", "override", "group", "type", "alias", "data_source_id", "person")
"""Keys by which an entry of a list is known when other keys of it change."""


def find_keys(piece: Piece) -> set[str]:
    """The keys of a mapping, merged ones included."""
    tree = meaning(piece)
    return set(tree) if isinstance(tree, dict) else set()


def meaning(piece: Piece) -> Tree:
    """The tree of a piece."""
    piece = target(piece)
    if isinstance(piece, TextNode):
        return piece.text
    if not isinstance(piece, Collection):
        raise Unwritable
    if not piece.mapping:
        return [meaning(entry.value) for entry in piece.entries]
    tree: dict[str, Tree] = {}
    for entry in piece.entries:
        if entry.key is not None and not is_merge(entry):
            tree[entry.key.text] = meaning(entry.value)
    for entry in piece.entries:
        if is_merge(entry):
            for source in merged(entry):
                brought = meaning(source)
                tree = {**brought, **tree} if isinstance(brought, dict) else tree
    return tree


def align(piece: Collection, tree: Sequence[Tree]) -> list[tuple[int | None, int | None]]:
    """Pairs of old and new entries of a list, in order; None for an entry that comes or goes."""
    before = [_identity(meaning(entry.value)) for entry in piece.entries]
    after = [_identity(value) for value in tree]
    pairs: list[tuple[int | None, int | None]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, one, one_end, other, other_end in matcher.get_opcodes():
        both = min(one_end - one, other_end - other)
        pairs += [(one + at, other + at) for at in range(both)]
        pairs += [(at, None) for at in range(one + both, one_end)]
        pairs += [(None, at) for at in range(other + both, other_end)]
    return pairs


def _identity(tree: Tree) -> str:
    if isinstance(tree, dict):
        keys = [key for key in _IDENTITY if isinstance(tree.get(key), str)]
        if keys:
            return repr([(key, tree[key]) for key in keys])
    return repr(tree)


def list_comments(text: str, written: WrittenText) -> Iterator[str]:
    """The comments of a text, without spaces at their ends."""
    return (match[0].rstrip() for match in find_comments(text, written))


def find_comments(text: str, written: WrittenText) -> Iterator[re.Match[str]]:
    """The comments of a text; a `#` within a scalar begins none."""
    lines, plain = Lines(text), list(text)
    for root in written.documents.values():
        for piece in inside(root):
            if isinstance(piece, TextNode):
                start = piece.start
                if piece.style in ("|", ">"):  # a comment may follow the style
                    start = lines.after(piece.body)
                plain[start : piece.end] = "x" * max(0, piece.end - start)
    return _COMMENT.finditer("".join(plain))


# Values that aliases and merge keys bring to several places, when the places shall differ.


@dataclass(frozen=True, slots=True)
class _Wish:
    """A tree that a piece shall mean.

    `own` is whether the piece is reached where it is written; else `alias` leads to it, or the
    merge key of `mapping` brings `key`.
    """

    tree: Tree
    own: bool
    alias: Alias | None = None
    mapping: Collection | None = None
    key: str = ""


class SharedValues:
    """Decides for one document where a shared value changes.

    It changes where it is written if all its uses change alike. Else the aliases that differ are
    `written_out`, merged keys that differ are `overridden` by an entry of the mapping, and a merge
    key of which something goes is `expanded`.
    """

    def __init__(self) -> None:
        self.written_out: set[int] = set()
        self.overridden: set[tuple[int, str]] = set()
        self.expanded: set[int] = set()

    def decide(self, root: Piece, tree: Tree) -> None:
        """Decide which aliases are written out, and which merged keys get an entry of their own."""
        while True:
            self._wishes: dict[int, list[_Wish]] = defaultdict(list)
            self._pieces: dict[int, Piece] = {}
            self._wish(root, _Wish(tree, own=True))
            astray = [wish for place in self._wishes for wish in self._find_astray(place)]
            if merging := {(id(one.mapping), one.key) for one in astray if one.mapping}:
                self.overridden |= merging
            elif aliases := {id(one.alias) for one in astray if one.alias}:
                self.written_out |= aliases
            else:
                return

    def _find_astray(self, place: int) -> Iterator[_Wish]:
        """The wishes of a piece that it cannot meet where it is written."""
        wishes = self._wishes[place]
        if any(wish.tree != wishes[0].tree for wish in wishes):
            here = meaning(self._pieces[place])
            kept = next((wish.tree for wish in wishes if wish.own), here)
            yield from (wish for wish in wishes if wish.tree != kept)

    def _wish(self, piece: Piece, wish: _Wish) -> None:
        self._pieces[id(piece)] = piece
        self._wishes[id(piece)].append(wish)
        if isinstance(piece, Alias) and id(piece) not in self.written_out:
            self._wish(piece.target, _Wish(wish.tree, own=False, alias=piece))
        elif isinstance(piece, Collection):
            for part, below_it in self._wishes_below(piece, wish):
                self._wish(part, below_it)

    def _wishes_below(self, piece: Collection, wish: _Wish) -> Iterator[tuple[Piece, _Wish]]:
        if piece.mapping and isinstance(wish.tree, dict):
            for key, part in wish.tree.items():
                entry, is_own = self.entry(piece, key)
                if entry is not None and is_own:
                    yield entry.value, _Wish(part, wish.own)
                elif entry is not None:
                    yield entry.value, _Wish(part, own=False, mapping=piece, key=key)
        elif not piece.mapping and isinstance(wish.tree, list):
            for old, new in align(piece, wish.tree):
                if old is not None and new is not None:
                    yield piece.entries[old].value, _Wish(wish.tree[new], wish.own)

    def entry(self, mapping: Collection, key: str) -> tuple[Entry | None, bool]:
        """The entry of a key, and whether it is the mapping's own; None for a key to insert."""
        where = below(mapping, key)
        if where is None:
            return None, True
        collection, place = where
        if collection is mapping:
            return collection.entries[place], True
        if (id(mapping), key) in self.overridden or id(mapping) in self.expanded:
            return None, True
        return collection.entries[place], False
