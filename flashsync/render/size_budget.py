"""Fits a document into a number of bytes: the least important pieces are cut first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from flashsync.model.wording import count, joined


class Rank(IntEnum):
    """How important a piece is: the first rank is cut last."""

    VERDICT = 0
    ERRORS = 1
    PEOPLE = 2
    ROWS = 3
    WARNINGS = 4
    LATER_ROWS = 5
    FIELDS = 6
    CREATES = 7
    NOTES = 8


@dataclass(frozen=True, slots=True)
class DocumentPiece:
    """A text that is shown whole or not at all; `noun` is its singular and plural."""

    text: str
    rank: Rank
    noun: tuple[str, str] = ("line", "lines")


@dataclass(frozen=True, slots=True)
class Section:
    """Pieces between a head and a tail, which are shown with any of the pieces."""

    pieces: tuple[DocumentPiece, ...]
    head: str = ""
    between: str = "\n"
    tail: str = ""

    def of(self, kept: Sequence[DocumentPiece]) -> str:
        """The section with some of its pieces; empty without any."""
        text = self.between.join(piece.text for piece in kept)
        return f"{self.head}{text}{self.tail}" if kept else ""

    @property
    def frame(self) -> int:
        """Bytes of head and tail."""
        return size(self.head) + size(self.tail)


def paragraph(text: str, rank: Rank, noun: tuple[str, str] = ("line", "lines")) -> Section:
    """A section of one piece."""
    return Section((DocumentPiece(text, rank, noun),))


def list_of(items: Sequence[tuple[str, Rank]], noun: tuple[str, str], head: str) -> Section:
    """A list of markup, with the rank of each item; nothing without items."""
    return Section(tuple(DocumentPiece(f"- {text}", rank, noun) for text, rank in items), head)


_APART = "\n\n"


def fitted(sections: Sequence[Section], most: int) -> str:
    """The document in at most `most` bytes of UTF-8, which is at least its number of characters.

    Pieces are cut from the least important upward, later pieces first; the last line counts them.
    The verdict must fit, with 500 bytes left.
    """
    whole = _join([section.of(section.pieces) for section in sections])
    if size(whole) <= most:
        return whole
    pieces = [(index, piece) for index, section in enumerate(sections) for piece in section.pieces]
    ranked = sorted(range(len(pieces)), key=lambda number: (pieces[number][1].rank, number))
    room = most - size(_describe_cut(piece for _, piece in pieces))
    kept = _choose(sections, pieces, ranked, room)
    shown: dict[int, list[DocumentPiece]] = {}
    for number in sorted(kept):
        index, piece = pieces[number]
        shown.setdefault(index, []).append(piece)
    parts = [section.of(shown.get(index, ())) for index, section in enumerate(sections)]
    left = (piece for number, (_, piece) in enumerate(pieces) if number not in kept)
    return _join([*parts, _describe_cut(left)])


def size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode())


def _choose(
    sections: Sequence[Section],
    pieces: Sequence[tuple[int, DocumentPiece]],
    ranked: Sequence[int],
    room: int,
) -> set[int]:
    """The numbers of the pieces that fit, up to the first that does not fit."""
    kept: set[int] = set()
    opened: set[int] = set()
    for number in ranked:  # pragma: no branch: not all fit, or nothing would be cut
        index, piece = pieces[number]
        room -= size(piece.text) + len(sections[index].between)
        if index not in opened:
            room -= sections[index].frame + len(_APART)
        if room < 0:
            break
        kept.add(number)
        opened.add(index)
    return kept


def _describe_cut(pieces: Iterable[DocumentPiece]) -> str:
    """The line that counts the pieces that were cut."""
    counts = Counter(piece.noun for piece in pieces)
    nouns = joined([count(number, *noun) for noun, number in counts.items()])
    return f"_Cut here, for length: {nouns}. The whole is in the job's log and artifacts._"


def _join(parts: Sequence[str]) -> str:
    return _APART.join(part.rstrip("\n") for part in parts if part) + "\n"
