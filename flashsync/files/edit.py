"""Edits of a file's text: comments, order, quotes and layout stay as they are.

The text is never dumped anew. An edit is made at its position in the text, and the result is read
again: it has to mean exactly what was intended, or it is not written.
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
from flashsync.files.load import load_text, without_ignored
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
    """An edit with its line in the old file, and the parts of the document that it changes.

    An insertion has the line before it. An edit inside an anchor changes several parts, as
    `("layers", 0)`.
    """

    edit: Edit
    document: int
    line: int
    parts: tuple[TreePath, ...]


@dataclass(frozen=True, slots=True)
class Edited:
    """A file's text before and after its edits, and its new documents."""

    source: Source
    before: str
    after: str
    documents: tuple[Document, ...]
    made: tuple[Made, ...]

    @property
    def shown(self) -> tuple[str, str]:
        """The text before and after as people see it, without byte order mark."""
        return self.before.removeprefix(BYTE_ORDER_MARK), self.after.removeprefix(BYTE_ORDER_MARK)


def edit_text(text: str, source: Source, edits: Mapping[int, Sequence[Edit]]) -> Edited:
    """Make the edits of a file's documents, given by the index of the document.

    Keeps a byte order mark. Raises FilesError where an edit cannot be made safely, with what to do
    by hand.
    """
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    editor = _TextEditor(text.removeprefix(BYTE_ORDER_MARK), source, edits)
    after, documents = editor.edit()
    return Edited(source, text, mark + after, documents, tuple(editor.made))


class _TextEditor:
    """Makes the edits of one text."""

    def __init__(self, text: str, source: Source, edits: Mapping[int, Sequence[Edit]]) -> None:
        self._text, self._source, self._edits = text, source, edits
        self.made: list[Made] = []

    def edit(self) -> tuple[str, tuple[Document, ...]]:
        """The new text and its documents. Raises FilesError."""
        before = load_text(self._text, self._source)
        for written in read_pieces(self._text):
            try:
                return self._edit_pieces(written, before)
            except Unwritable:
                continue
        raise FilesError(self._by_hand(before))

    def _edit_pieces(
        self, written: WrittenText, before: Sequence[Document]
    ) -> tuple[str, tuple[Document, ...]]:
        """`edit` with the pieces that one parser found. Raises Unwritable, or FilesError."""
        self.made.clear()
        self._check_meaning(before, {at: Changes(root) for at, root in written.documents.items()})
        changes = self._changes(written)
        cutter = Cutter(self._text, written)
        splices = [splice for each in changes.values() for splice in each.splices(cutter)]
        after = spliced(self._text, splices)
        return after, self._read_again(after, len(before), changes)

    def _changes(self, written: WrittenText) -> dict[int, Changes]:
        """The changes of every document, perhaps none."""
        all_changes = {}
        for index, root in written.documents.items():
            all_changes[index] = changes = Changes(root)
            for edit in self._edits.get(index, ()):
                piece, at = changes.add(edit)
                line = place_of(self._text, at).line
                self.made.append(Made(edit, index, line, places_of(root, piece)))
            self._check_anchors(changes)
        return all_changes

    def _check_anchors(self, changes: Changes) -> None:
        """Raises FilesError for an edit that removes an anchor which is still used."""
        if (broken := changes.broken_alias()) is None:
            return
        anchored, alias = broken
        line = place_of(self._text, alias.start).line
        message = f"this edit removes the anchor {quoted(f'&{anchored.anchor}')}"
        message += f", which line {line} refers to"
        remedy = f"write out the value on line {line}, and run again"
        position = Position(self._source.shown_as, *place_of(self._text, anchored.start))
        raise FilesError(Problem(message, remedy, position))

    def _read_again(
        self, text: str, count: int, changes: Mapping[int, Changes]
    ) -> tuple[Document, ...]:
        """The documents of the new text. Raises Unwritable where they are not as intended."""
        try:
            documents = load_text(text, self._source)
        except FilesError:
            raise Unwritable from None
        if len(documents) != count:
            raise Unwritable
        self._check_meaning(documents, changes)
        return documents

    def _check_meaning(self, documents: Sequence[Document], changes: Mapping[int, Changes]) -> None:
        """Raises Unwritable where documents differ from the pieces with their changes."""
        for document in documents:
            known = changes.get(document.origin.index)
            expected: Tree | None = known.meaning() if known else None
            if document.tree != expected:
                raise Unwritable

    def _by_hand(self, documents: Sequence[Document]) -> list[Problem]:
        """What to do by hand where the text is too unusual to edit."""
        lines = {document.origin.index: document.origin.position for document in documents}
        return [
            Problem(
                "cannot edit this file without changing its layout",
                f"edit it by hand: {edit.said}",
                lines.get(index),
            )
            for index, edits in self._edits.items()
            for edit in edits
        ]


# The edits as changes of a document's pieces, where an alias and its anchor are one.


@dataclass(slots=True)
class _Altered:
    """A collection with the entries to remove, and the texts to insert before an entry."""

    collection: Collection
    removed: set[int] = field(default_factory=set)
    inserted: dict[int, Insert] = field(default_factory=dict)


class Changes:
    """The edits of one document; each piece changes once, however many aliases lead to it."""

    def __init__(self, root: Piece) -> None:
        self._root = root
        self._altered: dict[int, _Altered] = {}
        self._replaced: dict[int, tuple[Piece, str]] = {}

    def add(self, edit: Edit) -> tuple[Piece, int]:
        """Add an edit; gives the piece that it changes, and where. Raises Unwritable."""
        match edit:
            case Insert():
                parent, place = at_path(self._root, edit.path)
                collection = target(parent.entries[place].value)
                if not isinstance(collection, Collection) or collection.mapping:
                    raise Unwritable
                self._alter(collection).inserted[edit.place] = edit
                before = collection.entries[: edit.place]
                return collection, before[-1].at if before else collection.start
            case Remove():
                collection, place = at_path(self._root, edit.path)
                self._alter(collection).removed.add(place)
                return collection, collection.entries[place].at
            case Replace():
                collection, place = at_path(self._root, edit.path)
                piece = collection.entries[place].value
                self._replaced[id(piece)] = (piece, edit.text)
                return collection if isinstance(piece, Alias) else piece, piece.start

    def _alter(self, collection: Collection) -> _Altered:
        return self._altered.setdefault(id(collection), _Altered(collection))

    # The text

    def splices(self, cutter: Cutter) -> Iterator[Splice]:
        """The replacements in the text."""
        for altered in self._altered.values():
            if altered.removed:
                yield from cutter.without(altered.collection, altered.removed)
            quote = quote_of([entry.value for entry in altered.collection.entries])
            for place, insert in altered.inserted.items():
                yield from cutter.with_text(
                    altered.collection, place, _write_flow(insert.value, quote)
                )
        for piece, text in self._replaced.values():
            if target(piece) is piece or id(target(piece)) not in self._replaced:
                yield Splice(piece.body, piece.end, spelled(text, quote_of([piece])))

    def broken_alias(self) -> tuple[Piece, Alias] | None:
        """A removed anchor, and an alias of it that stays."""
        removed = {id(piece) for piece in self._removed()}
        staying = (
            piece
            for piece in inside(self._root)
            if isinstance(piece, Alias) and id(piece) not in removed | self._replaced.keys()
        )
        return next(
            ((alias.target, alias) for alias in staying if id(alias.target) in removed), None
        )

    def _removed(self) -> Iterator[Piece]:
        for altered in self._altered.values():
            for place in altered.removed:
                yield from inside(altered.collection.entries[place].value)
        for piece, _ in self._replaced.values():
            yield from (part for part in inside(piece) if part is not piece)

    # The meaning

    def meaning(self) -> Tree:
        """The tree of the document with its changes."""
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
            if place in altered.inserted:
                tree.append(altered.inserted[place].value)
            if place < len(piece.entries) and place not in altered.removed:
                tree.append(self._tree(piece.entries[place].value, known))
        return tree

    def _mapping(self, piece: Collection, known: dict[int, Tree]) -> Tree:
        removed = self._altered.get(id(piece), _Altered(piece)).removed
        tree: dict[str, Tree] = {}
        sources: list[Piece] = []
        for place, entry in enumerate(piece.entries):
            if is_merge(entry):
                sources += merged(entry)
            elif entry.key is not None and place not in removed:
                tree[entry.key.text] = self._tree(entry.value, known)
        for source in sources:
            brought = self._tree(source, known)
            if isinstance(brought, dict):
                tree = {**brought, **tree}
        return tree


def _write_flow(value: Tree, quote: str) -> str:
    """A value in brackets, its texts in the quotes of their neighbours."""
    if isinstance(value, str):
        return spelled(value, quote)
    if isinstance(value, list):
        return f"[{', '.join(_write_flow(part, quote) for part in value)}]"
    return f"{{{', '.join(f'{key}: {_write_flow(part, quote)}' for key, part in value.items())}}}"


def places_of(root: Piece, piece: Piece) -> tuple[TreePath, ...]:
    """The layers, overrides and other parts of a document that contain a piece."""
    parts = (path[:2] for path, part in _walk(root, ()) if part is piece)
    return tuple(dict.fromkeys(parts))


def _walk(piece: Piece, path: TreePath) -> Iterator[tuple[TreePath, Piece]]:
    """Every piece of a document with its path; an aliased one under each path."""
    piece = target(piece)
    yield path, piece
    if not isinstance(piece, Collection):
        return
    if not piece.mapping:
        for place, entry in enumerate(piece.entries):
            yield from _walk(entry.value, (*path, place))
        return
    own = {entry.key.text for entry in piece.entries if entry.key and not is_merge(entry)}
    for entry in piece.entries:
        if is_merge(entry):
            for source in merged(entry):
                yield from (
                    (below, part)
                    for below, part in _walk(source, path)
                    if below != path and below[len(path)] not in own
                )
        elif entry.key and not (not path and entry.key.text.startswith(IGNORED_PREFIX)):
            yield from _walk(entry.value, (*path, entry.key.text))
