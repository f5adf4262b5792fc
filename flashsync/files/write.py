"""Edits of a file's text: comments, order, quotes and layout stay as they are.

The text is never dumped anew. An edit is found in it by position, cut out or put in, and the result
is read again: it has to mean exactly what was intended, or it is not written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flashsync.declared.people_edits import Edit
from flashsync.errors import FilesError, Position, Problem
from flashsync.files.changes import Changes, places_of
from flashsync.files.load import load_text
from flashsync.files.pieces import Piece, Unwritable, Written, read_pieces
from flashsync.files.quote import quoted
from flashsync.files.rules import BYTE_ORDER_MARK
from flashsync.files.splices import Cutter, spliced
from flashsync.files.spot import place_of
from flashsync.files.tree import Document, Source, Tree, TreePath


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
        self, written: Written, before: Sequence[Document]
    ) -> tuple[str, tuple[Document, ...]]:
        """The same by what one parser found. Raises Unwritable, or FilesError."""
        self.made.clear()
        self._same(before, {at: Changes(root) for at, root in written.documents.items()})
        changes = self._changes(written)
        cutter = Cutter(self._text, written)
        pieces = [one for each in changes.values() for one in each.splices(cutter)]
        after = spliced(self._text, pieces)
        return after, self._read_again(after, len(before), changes)

    def _changes(self, written: Written) -> dict[int, Changes]:
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
        message = f"the anchor {quoted(f'&{anchored.anchor}')} is in what would go"
        message += f", and line {line} has an alias of it"
        remedy = f"write out in line {line} what is meant, and run this again"
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
                "this file is written in a way that cannot be edited without risk to its layout",
                f"edit it by hand: {edit.said}",
                lines.get(index),
            )
            for index, edits in self._edits.items()
            for edit in edits
        ]
