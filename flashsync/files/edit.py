"""Edits of a file's text: comments, order, quotes and layout stay as they are.

The text is never dumped anew. An edit is found in it by position, cut out or put in, and the result
is read again: it has to mean exactly what was intended, or it is not written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flashsync.declared.people_edits import Edit, Insert, Remove, Replace
from flashsync.errors import FilesError, Position, Problem
from flashsync.files.document import (
    BYTE_ORDER_MARK,
    IGNORED_PREFIX,
    Document,
    Source,
    Tree,
    TreePath,
    quoted,
)
from flashsync.files.fast_load import without_ignored
from flashsync.files.load import load_text
from flashsync.files.syntax_errors import place_of
from flashsync.files.syntax_tree import (
    Alias,
    Collection,
    Piece,
    TextNode,
    Unwritable,
    WrittenText,
    at_path,
    inside,
    is_merge,
    merged,
    read_pieces,
    target,
)
from flashsync.files.text_edits import Cutter, Splice, quote_of, spelled, spliced


@dataclass(frozen=True, slots=True)
class Made:
    """An edit with its line in the file as it was, and the parts of the document that it changes.

    What comes has the line that it comes after. Parts, as `("layers", 0)`, are more than one where
    an alias brings in what changes.
    """

    edit: Edit
    document: int
    line: int
    parts: tuple[TreePath, ...]


@dataclass(frozen=True, slots=True)
class Edited:
    """A file's text before and after its edits, and the documents that it has then."""

    source: Source
    before: str
    after: str
    documents: tuple[Document, ...]
    made: tuple[Made, ...]


def edit_text(text: str, source: Source, edits: Mapping[int, Sequence[Edit]]) -> Edited:
    """The file with the edits of its documents made, which `edits` gives by their place in it.

    `text` may begin with a byte order mark, which stays. Raises FilesError where an edit cannot be
    made safely: it says where, and what to do by hand.
    """
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    work = _Work(text.removeprefix(BYTE_ORDER_MARK), source, edits)
    after, documents = work.result()
    return Edited(source, text, mark + after, documents, tuple(work.made))


class _Work:
    """The edits of one text."""

    def __init__(self, text: str, source: Source, edits: Mapping[int, Sequence[Edit]]) -> None:
        self._text, self._source, self._edits = text, source, edits
        self.made: list[Made] = []

    def result(self) -> tuple[str, tuple[Document, ...]]:
        """The new text and its documents. Raises FilesError."""
        before = load_text(self._text, self._source)
        for written in read_pieces(self._text):
            try:
                return self._attempt(written, before)
            except Unwritable:
                continue
        raise FilesError(self._by_hand(before))

    def _attempt(
        self, written: WrittenText, before: Sequence[Document]
    ) -> tuple[str, tuple[Document, ...]]:
        """The same by what one parser found. Raises Unwritable, or FilesError."""
        self.made.clear()
        self._same(before, {at: Changes(root) for at, root in written.documents.items()})
        changes = self._changes(written)
        cutter = Cutter(self._text, written)
        pieces = [one for each in changes.values() for one in each.splices(cutter)]
        after = spliced(self._text, pieces)
        return after, self._read_again(after, len(before), changes)

    def _changes(self, written: WrittenText) -> dict[int, Changes]:
        """The changes of all documents, also of those that have none."""
        found = {}
        for index, root in written.documents.items():
            found[index] = changes = Changes(root)
            for edit in self._edits.get(index, ()):
                piece, at = changes.add(edit)
                line = place_of(self._text, at).line
                self.made.append(Made(edit, index, line, places_of(root, piece)))
            self._keep_anchors(changes)
        return found

    def _keep_anchors(self, changes: Changes) -> None:
        if (found := changes.cut_off()) is None:
            return
        anchored, alias = found
        line = place_of(self._text, alias.start).line
        message = f"this edit removes the anchor {quoted(f'&{anchored.anchor}')}"
        message += f", which line {line} refers to"
        remedy = f"write out the value on line {line}, and run again"
        raise FilesError(Problem(message, remedy, self._position(anchored)))

    def _position(self, piece: Piece) -> Position:
        return Position(self._source.shown_as, *place_of(self._text, piece.start))

    def _read_again(
        self, text: str, count: int, changes: Mapping[int, Changes]
    ) -> tuple[Document, ...]:
        """The documents of the new text, if they are what they should be. Raises Unwritable."""
        try:
            documents = load_text(text, self._source)
        except FilesError:
            raise Unwritable from None
        if len(documents) != count:
            raise Unwritable
        self._same(documents, changes)
        return documents

    def _same(self, documents: Sequence[Document], changes: Mapping[int, Changes]) -> None:
        """Whether documents, as everybody reads them, are what the changes make of the pieces."""
        for document in documents:
            known = changes.get(document.origin.index)
            expected: Tree | None = known.meaning() if known else None
            if document.tree != expected:
                raise Unwritable

    def _by_hand(self, documents: Sequence[Document]) -> list[Problem]:
        """What to do where the text is too unusual for this."""
        lines = {one.origin.index: one.origin.position for one in documents}
        return [
            Problem(
                "cannot edit this file without changing its layout",
                f"edit it by hand: {edit.said}",
                lines.get(index),
            )
            for index, edits in self._edits.items()
            for edit in edits
        ]


# What edits come to in the pieces of a document, where an alias and its anchor are one.


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
        if isinstance(piece, TextNode):
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
