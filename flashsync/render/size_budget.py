"""Documents that may not be longer than their place allows: the least important goes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from flashsync.model.wording import count, joined


class Rank(IntEnum):
    """How important a piece is: what comes first is cut last."""

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
    """What is shown whole or not at all; `noun` is what one of its kind is called, and several."""

    text: str
    rank: Rank
    noun: tuple[str, str] = ("line", "lines")


@dataclass(frozen=True, slots=True)
class Section:
    """Pieces between a head and a tail, which are shown where any of the pieces is."""

    pieces: tuple[DocumentPiece, ...]
    head: str = ""
    between: str = "\n"
    tail: str = ""

    def of(self, kept: Sequence[DocumentPiece]) -> str:
        """The section with these of its pieces; empty without any."""
        text = self.between.join(one.text for one in kept)
        return f"{self.head}{text}{self.tail}" if kept else ""

    @property
    def frame(self) -> int:
        """Bytes of head and tail."""
        return size(self.head) + size(self.tail)


def paragraph(text: str, rank: Rank, noun: tuple[str, str] = ("line", "lines")) -> Section:
    """A section of one piece."""
    return Section((DocumentPiece(text, rank, noun),))


_APART = "\n\n"


def fitted(sections: Sequence[Section], most: int) -> str:
    """The document in at most so many bytes of UTF-8, which are never fewer than its characters.

    Pieces go from the least important upward, later ones before earlier ones; what went is said in
    its last line. The verdict has to fit, with 500 bytes to spare.
    """
    whole = _joined([section.of(section.pieces) for section in sections])
    if size(whole) <= most:
        return whole
    all_ = [(place, one) for place, section in enumerate(sections) for one in section.pieces]
    ranked = sorted(range(len(all_)), key=lambda number: (all_[number][1].rank, number))
    room = most - size(_said(all_[number][1] for number in ranked))
    kept = _kept(sections, all_, ranked, room)
    shown: dict[int, list[DocumentPiece]] = {}
    for number in sorted(kept):
        place, piece = all_[number]
        shown.setdefault(place, []).append(piece)
    parts = [section.of(shown.get(place, ())) for place, section in enumerate(sections)]
    left = (piece for number, (_, piece) in enumerate(all_) if number not in kept)
    return _joined([*parts, _said(left)])


def size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode())


def _kept(
    sections: Sequence[Section],
    pieces: Sequence[tuple[int, DocumentPiece]],
    ranked: Sequence[int],
    room: int,
) -> set[int]:
    """The numbers of the pieces that fit, up to the first that does not."""
    kept: set[int] = set()
    opened: set[int] = set()
    for number in ranked:  # pragma: no branch: not all fit, or nothing would be cut
        place, piece = pieces[number]
        room -= size(piece.text) + len(sections[place].between)
        if place not in opened:
            room -= sections[place].frame + len(_APART)
        if room < 0:
            break
        kept.add(number)
        opened.add(place)
    return kept


def _said(pieces: Iterable[DocumentPiece]) -> str:
    """What was cut, in one line."""
    counts = Counter(piece.noun for piece in pieces)
    nouns = joined([count(number, *noun) for noun, number in counts.items()])
    return f"_Cut here, for length: {nouns}. The whole is in the job's log and artifacts._"


def _joined(parts: Sequence[str]) -> str:
    return _APART.join(part.rstrip("\n") for part in parts if part) + "\n"
