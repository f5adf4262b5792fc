"""What edits come to in the pieces of a document, where an alias and its anchor are one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from flashsync.declared.people_edits import Edit, Insert, Remove, Replace
from flashsync.files.pieces import (
    Alias,
    Collection,
    Piece,
    Text,
    Unwritable,
    at_path,
    inside,
    is_merge,
    merged,
    target,
)
from flashsync.files.plain import without_ignored
from flashsync.files.rules import IGNORED_PREFIX
from flashsync.files.spell import quote_of, spelled
from flashsync.files.splices import Cutter, Splice
from flashsync.files.tree import Tree, TreePath


@dataclass(slots=True)
class _Altered:
    """A collection with the places that go from it, and the text that comes before a place."""

    collection: Collection
    gone: set[int] = field(default_factory=set)
    come: dict[int, str] = field(default_factory=dict)


class Changes:
    """The edits of one document. Each piece changes once, however many paths lead to it."""

    def __init__(self, root: Piece) -> None:
        self._root = root
        self._altered: dict[int, _Altered] = {}
        self._replaced: dict[int, tuple[Piece, str]] = {}

    def add(self, edit: Edit) -> tuple[Piece, int]:
        """Take an edit in; gives the piece that it changes, and where. Raises Unwritable."""
        match edit:
            case Insert():
                found, place = at_path(self._root, edit.path)
                collection = target(found.entries[place].value)
                if not isinstance(collection, Collection) or collection.mapping:
                    raise Unwritable
                self._of(collection).come[edit.place] = edit.text
                before = collection.entries[: edit.place]
                return collection, before[-1].at if before else collection.start
            case Remove():
                collection, place = at_path(self._root, edit.path)
                self._of(collection).gone.add(place)
                return collection, collection.entries[place].at
            case Replace():
                collection, place = at_path(self._root, edit.path)
                piece = collection.entries[place].value
                self._replaced[id(piece)] = (piece, edit.text)
                return collection if isinstance(piece, Alias) else piece, piece.start

    def _of(self, collection: Collection) -> _Altered:
        return self._altered.setdefault(id(collection), _Altered(collection))

    # The text

    def splices(self, cutter: Cutter) -> Iterator[Splice]:
        """What to cut out of the text, and what to put in."""
        for one in self._altered.values():
            if one.gone:
                yield from cutter.without(one.collection, one.gone)
            near = quote_of([entry.value for entry in one.collection.entries])
            for place, text in one.come.items():
                yield from cutter.with_text(one.collection, place, spelled(text, near))
        for piece, text in self._replaced.values():
            if target(piece) is piece or id(target(piece)) not in self._replaced:
                yield Splice(piece.body, piece.end, spelled(text, quote_of([piece])))

    def cut_off(self) -> tuple[Piece, Alias] | None:
        """An anchor that would go, and an alias of it that would stay."""
        gone = {id(piece) for piece in self._gone()}
        staying = (
            piece
            for piece in inside(self._root)
            if isinstance(piece, Alias) and id(piece) not in gone | self._replaced.keys()
        )
        return next(((one.target, one) for one in staying if id(one.target) in gone), None)

    def _gone(self) -> Iterator[Piece]:
        for one in self._altered.values():
            for place in one.gone:
                yield from inside(one.collection.entries[place].value)
        for piece, _ in self._replaced.values():
            yield from (part for part in inside(piece) if part is not piece)

    # The meaning

    def meaning(self) -> Tree:
        """The tree that the document then stands for."""
        return without_ignored(self._tree(self._root, {}))

    def _tree(self, piece: Piece, known: dict[int, Tree]) -> Tree:
        if id(piece) in self._replaced:
            return self._replaced[id(piece)][1]
        piece = target(piece)
        if id(piece) in self._replaced:
            return self._replaced[id(piece)][1]
        if isinstance(piece, Text):
            return piece.text
        if not isinstance(piece, Collection):
            raise Unwritable
        if id(piece) not in known:
            known[id(piece)] = (self._mapping if piece.mapping else self._list)(piece, known)
        return known[id(piece)]

    def _list(self, piece: Collection, known: dict[int, Tree]) -> Tree:
        altered = self._altered.get(id(piece), _Altered(piece))
        tree: list[Tree] = []
        for place in range(len(piece.entries) + 1):
            if place in altered.come:
                tree.append(altered.come[place])
            if place < len(piece.entries) and place not in altered.gone:
                tree.append(self._tree(piece.entries[place].value, known))
        return tree

    def _mapping(self, piece: Collection, known: dict[int, Tree]) -> Tree:
        gone = self._altered.get(id(piece), _Altered(piece)).gone
        tree: dict[str, Tree] = {}
        sources: list[Piece] = []
        for place, entry in enumerate(piece.entries):
            if is_merge(entry):
                sources += merged(entry)
            elif entry.key is not None and place not in gone:
                tree[entry.key.text] = self._tree(entry.value, known)
        for source in sources:
            found = self._tree(source, known)
            if isinstance(found, dict):
                tree = {**found, **tree}
        return tree


def places_of(root: Piece, piece: Piece) -> tuple[TreePath, ...]:
    """The layers, overrides and the like of a document that a piece is a part of."""
    found = (path[:2] for path, one in _reached(root, ()) if one is piece)
    return tuple(dict.fromkeys(found))


def _reached(piece: Piece, path: TreePath) -> Iterator[tuple[TreePath, Piece]]:
    """Every piece that a document means, as often as it does, with its path."""
    piece = target(piece)
    yield path, piece
    if not isinstance(piece, Collection):
        return
    if not piece.mapping:
        for place, entry in enumerate(piece.entries):
            yield from _reached(entry.value, (*path, place))
        return
    own = {entry.key.text for entry in piece.entries if entry.key and not is_merge(entry)}
    for entry in piece.entries:
        if is_merge(entry):
            for source in merged(entry):
                yield from (
                    (below, one)
                    for below, one in _reached(source, path)
                    if below != path and below[len(path)] not in own
                )
        elif entry.key and not (not path and entry.key.text.startswith(IGNORED_PREFIX)):
            yield from _reached(entry.value, (*path, entry.key.text))
