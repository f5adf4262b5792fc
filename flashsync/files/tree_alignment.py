"""Pieces of a text next to the tree that they shall mean, and the comments between the pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from flashsync.files.document import Tree
from flashsync.files.syntax_tree import (
    Collection,
    Piece,
    TextNode,
    Unwritable,
    WrittenText,
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
