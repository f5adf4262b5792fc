"""The journals of earlier runs as Markdown: a table of them, or what one of them wrote."""

from __future__ import annotations

from flashsync.model.wording import count
from flashsync.plan.journal.model import Journal, Journals
from flashsync.render import journals as words
from flashsync.render import markdown as md
from flashsync.render.budget import Piece, Rank, Section, fitted, paragraph
from flashsync.render.details import list_of

_LONGEST = 80
"""Characters of a name in a table."""


def render(found: Journals, links: md.Links, most: int, timezone: str | None = None) -> str:
    """What cannot be read, and a row a journal, the latest first. At most so many bytes."""
    broken = [(links.problem(one), Rank.ERRORS) for one in found.broken]
    return fitted(
        [
            paragraph(f"### {_verdict(found)}", Rank.VERDICT),
            list_of(broken, ("warning", "warnings"), ""),
            _table(found, timezone),
        ],
        most,
    )


def _verdict(found: Journals) -> str:
    said = f"flashsync undo: {count(len(found.readable), 'journal')}"
    return f"⚠️ {said}, {len(found.broken)} that cannot be read" if found.broken else said


def _table(found: Journals, timezone: str | None) -> Section:
    rows = (_cells(one, timezone) for one in reversed(found.readable))
    pieces = tuple(Piece(md.row(cells), Rank.ROWS, ("journal", "journals")) for cells in rows)
    return Section(pieces, md.head(("Journal", "Began", "Run", "Wrote", "Ended")))


def _cells(journal: Journal, timezone: str | None) -> list[str]:
    told = (words.began(journal, timezone), words.run(journal))
    end = (words.did(journal), words.end(journal))
    return [md.code(journal.name, _LONGEST), *(md.text(one, _LONGEST) for one in (*told, *end))]


def one(journal: Journal, most: int, timezone: str | None = None) -> str:
    """How a journal ended, and a row a write. At most so many bytes."""
    run = f"{words.began(journal, timezone)}, {words.run(journal)}"
    said = md.text(f"{run}: {words.did(journal)}; {words.end(journal)}.")
    return fitted(
        [
            paragraph(f"### flashsync undo: {md.code(journal.name, _LONGEST)}", Rank.VERDICT),
            paragraph(said, Rank.ERRORS),
            _writes(journal),
        ],
        most,
    )


def _writes(journal: Journal) -> Section:
    pieces = []
    for written in journal.writes:
        mark, _, fate = words.FATES[written.fate]
        cells = [f"{mark} {written.action}", words.named(written), fate]
        row = md.row([md.text(cell, _LONGEST) for cell in cells])
        pieces.append(Piece(row, Rank.ROWS, ("write", "writes")))
    return Section(tuple(pieces), md.head(("Write", "Schedule", "What became of it")))
