"""The journals of earlier runs: what each did, and how it ended."""

from __future__ import annotations

from collections import Counter

from flashsync.model import wording
from flashsync.model.timezone import rfc3339
from flashsync.model.wording import count
from flashsync.plan.journal.model import Fate, Journal, Journals, Written
from flashsync.plan.json.plan import encode_problem
from flashsync.render import problems
from flashsync.render.json_text import dump
from flashsync.render.layout import Page
from flashsync.render.outcome_text import DONE
from flashsync.render.screen import Look, Screen

FATES = {
    Fate.DONE: ("✓", Look.ADDED, "done"),
    Fate.NOT_DONE: ("-", Look.PLAIN, "not done"),
    Fate.UNKNOWN: ("?", Look.ERROR, "unknown: it may or may not have been written"),
}
"""How each is told: its mark, how that looks, and the words."""


def text(found: Journals, screen: Screen, timezone: str | None = None) -> str:
    """What cannot be read; then one line a journal, the latest first.

    Times are those of `timezone`, or of the account.
    """
    page = Page(screen)
    for journal in reversed(found.readable):
        _line(page, journal, timezone)
    if not found.readable:
        page.text("No journals.")
    return problems.text(found.broken, screen) + str(page)


def one(journal: Journal, screen: Screen, timezone: str | None = None) -> str:
    """A journal, and what became of each of its writes."""
    page = Page(screen)
    _line(page, journal, timezone)
    for written in journal.writes:
        mark, look, fate = FATES[written.fate]
        page.labelled(mark, look, f"{written.action} {named(written)}: {fate}", indent=2, hang=2)
    return str(page)


def _line(page: Page, journal: Journal, timezone: str | None) -> None:
    """`20261121T020000Z-a1b2c3  2026-11-21 10:00  apply of Acme Corp: 1 updated; finished`."""
    said = f" {began(journal, timezone)}  {run(journal)}: {did(journal)}; {end(journal)}"
    page.labelled(journal.name, Look.STRONG, said)


def began(journal: Journal, timezone: str | None) -> str:
    """When it began, in a zone or in that of its account."""
    return wording.time(journal.started_at, timezone or journal.account.timezone)


def run(journal: Journal) -> str:
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


def end(journal: Journal) -> str:
    """`finished`, or how it ended instead."""
    left = journal.having(Fate.NOT_DONE)
    rest = f", {count(len(left), 'write')} not done" if left else ""
    if journal.exit_code is None:
        return f"it was killed{rest}"
    return f"{'finished' if journal.exit_code == 0 else 'not finished'}{rest}"


def named(written: Written) -> str:
    """The schedule, with its id where that is known."""
    return f"{written.name} (id {written.id})" if written.id else written.name


def json(found: Journals) -> str:
    """`{"journals": […], "errors": [], "warnings": […]}`, the latest journal first."""
    return dump(
        {
            "journals": [_document(journal) for journal in reversed(found.readable)],
            "errors": [],
            "warnings": [encode_problem(one) for one in found.broken],
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
