"""What differs between account and files, as Markdown: for the issue that a nightly job keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.plan.drift import Accepted, Drift, Key, key_of
from flashsync.plan.model import Action, Write
from flashsync.plan.words import Words
from flashsync.render import blocks, drift_text
from flashsync.render import markdown as md
from flashsync.render.budget import Piece, Rank, Section, fitted, paragraph
from flashsync.render.details import details, list_of, notes
from flashsync.render.drift_text import Clock
from flashsync.render.layout import Row
from flashsync.render.plan_markdown import footer
from flashsync.render.plan_text import as_they_are

_DIFFERING = ("schedule that differs", "schedules that differ")
_LEGEND = ("legend", "legends")
_MOST_FIELDS = 3
"""Fields of a schedule that the table names."""


def render(drift: Drift, words: Words, links: md.Links, most: int) -> str:
    """The verdict, a row a schedule with who wrote it last, and what differs, folded.

    What is accepted is a list. At most so many bytes.
    """
    plan, when = drift.plan, drift_text.clock(drift, words)
    rows = [(one, list(_rows(one, drift, when))) for one in plan.writes]
    return fitted(
        [
            paragraph(f"### {_verdict(drift)}", Rank.VERDICT),
            _table(drift, when, links),
            *([paragraph(md.prose(drift_text.LEGEND), Rank.PEOPLE, _LEGEND)] if rows else []),
            details(rows, links),
            _accepted(drift.accepted, when),
            notes(plan),
            footer(plan, words),
        ],
        most,
    )


def _verdict(drift: Drift) -> str:
    if drift.empty:
        return f"✅ flashsync: no drift. {as_they_are(drift.plan)}"
    return f"⚠️ flashsync drift: {drift_text.counts(drift.plan)}"


def _rows(action: Action, drift: Drift, when: Clock) -> Iterator[Row]:
    yield from drift_text.body(action)
    yield from drift_text.last_write(action, drift, when)
    yield from blocks.remarks(action)


def _accepted(accepted: Sequence[Accepted], when: Clock) -> Section:
    told = [(md.text(drift_text.accepted_text(one, when)), Rank.NOTES) for one in accepted]
    return list_of(told, ("accepted difference", "accepted differences"), "**Accepted**\n\n")


def _table(drift: Drift, when: Clock, links: md.Links) -> Section:
    """A row a schedule that differs, and a row for each that no file declares."""
    cells = [_cells(one, _writer(drift, key_of(one), when), links) for one in drift.plan.writes]
    said = "in `manage` scope, and no file declares it"
    cells += [
        [md.text(name, 80), said, _writer(drift, name, when), ""] for name in drift.plan.undeclared
    ]
    pieces = tuple(Piece(md.row(one), Rank.ROWS, _DIFFERING) for one in cells)
    return Section(pieces, md.head(("Schedule", "What differs", "Last written", "Declared in")))


def _writer(drift: Drift, key: Key, when: Clock) -> str:
    """Who wrote a schedule last, where that is known."""
    row = next(drift_text.told(drift.written.get(key), when), None)
    return md.prose(row.value) if row else ""


def _cells(action: Write, last: str, links: md.Links) -> list[str]:
    fields = [row for row in drift_text.body(action) if row.field != "reason"]
    shown = [f"{_named(row)}{md.prose(row.value, 120)}" for row in fields[:_MOST_FIELDS]]
    more = f" and {len(fields) - _MOST_FIELDS} more" if len(fields) > _MOST_FIELDS else ""
    place = links.place(action.source) if action.source else ""
    name = md.text(blocks.title(action), 80)
    return [name, "<br>".join(shown) + more, last, place]


def _named(row: Row) -> str:
    return "" if row.field in ("live", "deletes") else f"{md.code(row.field)}: "
