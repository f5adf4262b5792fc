"""The journals of earlier runs, as text, JSON and Markdown."""

from __future__ import annotations

from collections import Counter

from flashsync.model import wording
from flashsync.model.timezone import rfc3339
from flashsync.model.wording import count
from flashsync.plan.journal.codec import Fate, Journal, Journals, Written
from flashsync.plan.json.document import ProblemDocument
from flashsync.render import markdown as md
from flashsync.render.plan.outcome import DONE
from flashsync.render.problems import render_problems
from flashsync.render.sanitize import dump
from flashsync.render.size_budget import DocumentPiece, Rank, Section, fitted, list_of, paragraph
from flashsync.render.terminal import Look, Page, Screen

FATES = {
    Fate.DONE: ("✓", Look.ADDED, "done"),
    Fate.NOT_DONE: ("-", Look.PLAIN, "not done"),
    Fate.UNKNOWN: ("?", Look.ERROR, "unknown: it may or may not have been written"),
}
"""The mark of each fate, its look, and its words."""


def render_journals(found: Journals, screen: Screen, timezone: str | None = None) -> str:
    """Problems, then one line for each journal, the latest first.

    Times are in `timezone`, else in the account's zone.
    """
    page = Page(screen)
    for journal in reversed(found.readable):
        _add_line(page, journal, timezone)
    if not found.readable:
        page.text("No journals.")
    return render_problems(found.broken, screen) + str(page)


def render_journal(journal: Journal, screen: Screen, timezone: str | None = None) -> str:
    """A journal and the fate of each write."""
    page = Page(screen)
    _add_line(page, journal, timezone)
    for written in journal.writes:
        mark, look, fate = FATES[written.fate]
        page.labelled(
            mark, look, f"{written.action} {name_schedule(written)}: {fate}", indent=2, hang=2
        )
    return str(page)


def _add_line(page: Page, journal: Journal, timezone: str | None) -> None:
    """`20261121T020000Z-a1b2c3  2026-11-21 10:00  apply of Acme Corp: 1 updated; finished`."""
    run = f"{run_name(journal)}: {count_writes(journal)}; {describe_end(journal)}"
    page.labelled(journal.name, Look.STRONG, f" {start_time(journal, timezone)}  {run}")


def start_time(journal: Journal, timezone: str | None) -> str:
    """The start, in `timezone` or in the account's zone."""
    return wording.time(journal.started_at, timezone or journal.account.timezone)


def run_name(journal: Journal) -> str:
    """`apply of Acme Corp`."""
    if journal.undo_of:
        return f"undo of {journal.undo_of}, {journal.account.name}"
    return f"{journal.command} of {journal.account.name}"


def count_writes(journal: Journal) -> str:
    """`1 created, 2 updated`."""
    done = Counter(DONE[written.action] for written in journal.having(Fate.DONE))
    parts = [f"{done[verb]} {verb}" for verb in DONE.values() if done[verb]]
    if unknown := journal.having(Fate.UNKNOWN):
        parts.append(f"{len(unknown)} unknown")
    return ", ".join(parts) or "nothing written"


def describe_end(journal: Journal) -> str:
    """`finished`, `not finished` or `it was killed`, with the writes not done."""
    left = journal.having(Fate.NOT_DONE)
    rest = f", {count(len(left), 'write')} not done" if left else ""
    if journal.exit_code is None:
        return f"it was killed{rest}"
    return f"{'finished' if journal.exit_code == 0 else 'not finished'}{rest}"


def name_schedule(written: Written) -> str:
    """The schedule, with its id if that is known."""
    return f"{written.name} (id {written.id})" if written.id else written.name


def journals_json(found: Journals) -> str:
    """`{"journals": […], "errors": [], "warnings": […]}`, the latest journal first."""
    return dump(
        {
            "journals": [_document(journal) for journal in reversed(found.readable)],
            "errors": [],
            "warnings": [ProblemDocument.of(problem).plain() for problem in found.broken],
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


_LONGEST = 80
"""Characters of a name in a table."""


def render_journals_markdown(
    found: Journals, links: md.Links, most: int, timezone: str | None = None
) -> str:
    """Problems, and a row for each journal, the latest first; at most `most` bytes."""
    verdict = f"flashsync undo: {count(len(found.readable), 'journal')}"
    if found.broken:
        verdict = f"⚠️ {verdict}, {len(found.broken)} that cannot be read"
    broken = [(links.problem(problem), Rank.ERRORS) for problem in found.broken]
    return fitted(
        [
            paragraph(f"### {verdict}", Rank.VERDICT),
            list_of(broken, ("warning", "warnings"), ""),
            _table(found, timezone),
        ],
        most,
    )


def _table(found: Journals, timezone: str | None) -> Section:
    pieces = []
    for journal in reversed(found.readable):
        texts = (
            start_time(journal, timezone),
            run_name(journal),
            count_writes(journal),
            describe_end(journal),
        )
        cells = [md.code(journal.name, _LONGEST), *(md.text(text, _LONGEST) for text in texts)]
        pieces.append(DocumentPiece(md.row(cells), Rank.ROWS, ("journal", "journals")))
    return Section(tuple(pieces), md.head(("Journal", "Began", "Run", "Wrote", "Ended")))


def render_journal_markdown(journal: Journal, most: int, timezone: str | None = None) -> str:
    """How a journal ended, and a row for each write; at most `most` bytes."""
    run = f"{start_time(journal, timezone)}, {run_name(journal)}"
    summary = md.text(f"{run}: {count_writes(journal)}; {describe_end(journal)}.")
    return fitted(
        [
            paragraph(f"### flashsync undo: {md.code(journal.name, _LONGEST)}", Rank.VERDICT),
            paragraph(summary, Rank.ERRORS),
            _writes(journal),
        ],
        most,
    )


def _writes(journal: Journal) -> Section:
    pieces = []
    for written in journal.writes:
        mark, _, fate = FATES[written.fate]
        cells = [f"{mark} {written.action}", name_schedule(written), fate]
        row = md.row([md.text(cell, _LONGEST) for cell in cells])
        pieces.append(DocumentPiece(row, Rank.ROWS, ("write", "writes")))
    return Section(tuple(pieces), md.head(("Write", "Schedule", "What became of it")))
