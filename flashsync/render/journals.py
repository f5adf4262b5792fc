"""The journals of earlier runs, as text, JSON and Markdown."""

from __future__ import annotations

from collections import Counter

from flashsync.model import wording
from flashsync.model.timezone import rfc3339
from flashsync.model.wording import count
from flashsync.plan.journal.model import Fate, Journal, Journals, Written
from flashsync.plan.json.document import ProblemDocument
from flashsync.render import markdown as md
from flashsync.render.plan.markdown import list_of
from flashsync.render.plan.outcome import DONE
from flashsync.render.problems import render_problems
from flashsync.render.sanitize import dump
from flashsync.render.size_budget import DocumentPiece, Rank, Section, fitted, paragraph
from flashsync.render.terminal import Look, Page, Screen

FATES = {
    Fate.DONE: ("✓", Look.ADDED, "done"),
    Fate.NOT_DONE: ("-", Look.PLAIN, "not done"),
    Fate.UNKNOWN: ("?", Look.ERROR, "unknown: it may or may not have been written"),
}
"""How each is told: its mark, how that looks, and the words."""


def render_journals(found: Journals, screen: Screen, timezone: str | None = None) -> str:
    """What cannot be read; then one line a journal, the latest first.

    Times are those of `timezone`, or of the account.
    """
    page = Page(screen)
    for journal in reversed(found.readable):
        _line(page, journal, timezone)
    if not found.readable:
        page.text("No journals.")
    return render_problems(found.broken, screen) + str(page)


def render_journal(journal: Journal, screen: Screen, timezone: str | None = None) -> str:
    """A journal, and what became of each of its writes."""
    page = Page(screen)
    _line(page, journal, timezone)
    for written in journal.writes:
        mark, look, fate = FATES[written.fate]
        page.labelled(mark, look, f"{written.action} {named(written)}: {fate}", indent=2, hang=2)
    return str(page)


def _line(page: Page, journal: Journal, timezone: str | None) -> None:
    """`20261121T020000Z-a1b2c3  2026-11-21 10:00  apply of Acme Corp: 1 updated; finished`."""
    said = f" {began(journal, timezone)}  {run_name(journal)}: {did(journal)}; {ending(journal)}"
    page.labelled(journal.name, Look.STRONG, said)


def began(journal: Journal, timezone: str | None) -> str:
    """When it began, in a zone or in that of its account."""
    return wording.time(journal.started_at, timezone or journal.account.timezone)


def run_name(journal: Journal) -> str:
    """`apply of Acme Corp`."""
    if journal.undo_of:
        return f"undo of {journal.undo_of}, {journal.account.name}"
    return f"{journal.command} of {journal.account.name}"


def did(journal: Journal) -> str:
    """`1 created, 2 updated`."""
    done = Counter(DONE[written.action] for written in journal.having(Fate.DONE))
    parts = [f"{done[verb]} {verb}" for verb in DONE.values() if done[verb]]
    if unknown := journal.having(Fate.UNKNOWN):
        parts.append(f"{len(unknown)} unknown")
    return ", ".join(parts) or "nothing written"


def ending(journal: Journal) -> str:
    """`finished`, or how it ended instead."""
    left = journal.having(Fate.NOT_DONE)
    rest = f", {count(len(left), 'write')} not done" if left else ""
    if journal.exit_code is None:
        return f"it was killed{rest}"
    return f"{'finished' if journal.exit_code == 0 else 'not finished'}{rest}"


def named(written: Written) -> str:
    """The schedule, with its id where that is known."""
    return f"{written.name} (id {written.id})" if written.id else written.name


def journals_json(found: Journals) -> str:
    """`{"journals": […], "errors": [], "warnings": […]}`, the latest journal first."""
    return dump(
        {
            "journals": [_document(journal) for journal in reversed(found.readable)],
            "errors": [],
            "warnings": [ProblemDocument.of(one).plain() for one in found.broken],
        }
    )


def _document(journal: Journal) -> dict[str, object]:
    return {
        "id": journal.id,
        "name": journal.name,
        "file": journal.shown_as,
        "account": {"id": journal.account.id, "name": journal.account.name},
        "started_at": rfc3339(journal.started_at),
        "command": journal.command,
        "undo_of": journal.undo_of,
        "exit_code": journal.exit_code,
        "writes": [
            {
                "action": written.action,
                "schedule": written.name,
                "schedule_id": written.id,
                "fate": written.fate.value,
                "request_ids": list(written.requests),
            }
            for written in journal.writes
        ],
    }


# The journals of earlier runs as Markdown: a table of them, or what one of them wrote.

_LONGEST = 80
"""Characters of a name in a table."""


def render_journals_markdown(
    found: Journals, links: md.Links, most: int, timezone: str | None = None
) -> str:
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
    pieces = tuple(
        DocumentPiece(md.row(cells), Rank.ROWS, ("journal", "journals")) for cells in rows
    )
    return Section(pieces, md.head(("Journal", "Began", "Run", "Wrote", "Ended")))


def _cells(journal: Journal, timezone: str | None) -> list[str]:
    told = (began(journal, timezone), run_name(journal))
    end = (did(journal), ending(journal))
    return [md.code(journal.name, _LONGEST), *(md.text(one, _LONGEST) for one in (*told, *end))]


def render_journal_markdown(journal: Journal, most: int, timezone: str | None = None) -> str:
    """How a journal ended, and a row a write. At most so many bytes."""
    run = f"{began(journal, timezone)}, {run_name(journal)}"
    said = md.text(f"{run}: {did(journal)}; {ending(journal)}.")
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
        mark, _, fate = FATES[written.fate]
        cells = [f"{mark} {written.action}", named(written), fate]
        row = md.row([md.text(cell, _LONGEST) for cell in cells])
        pieces.append(DocumentPiece(row, Rank.ROWS, ("write", "writes")))
    return Section(tuple(pieces), md.head(("Write", "Schedule", "What became of it")))
