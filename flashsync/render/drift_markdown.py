"""What differs between account and files, as Markdown: for the issue that a nightly job keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from flashsync.plan.model import Action, Plan, Write
from flashsync.plan.view import Words
from flashsync.render import blocks, drift_text
from flashsync.render import markdown as md
from flashsync.render.budget import Piece, Rank, Section, fitted, paragraph
from flashsync.render.details import details, notes
from flashsync.render.drift_text import LastWrite
from flashsync.render.layout import Row
from flashsync.render.plan_markdown import footer
from flashsync.render.plan_text import as_they_are
from flashsync.state.clock_words import moment

_DIFFERING = ("schedule that differs", "schedules that differ")
_MOST_FIELDS = 3
"""Fields of a schedule that the table names."""


def render(
    plan: Plan, written: Mapping[int, LastWrite], words: Words, links: md.Links, most: int
) -> str:
    """The verdict, a row a schedule with who wrote it last, and what differs, folded.

    `written` is by schedule id. At most so many bytes.
    """
    rows = {one.name: list(_rows(one, written, plan, words)) for one in plan.writes}
    folds = [(one, rows[one.name]) for one in plan.writes]
    return fitted(
        [
            paragraph(f"### {_verdict(plan)}", Rank.VERDICT),
            _table(plan, rows, links),
            details(folds, links),
            notes(plan),
            footer(plan, words),
        ],
        most,
    )


def _verdict(plan: Plan) -> str:
    if plan.empty and not plan.undeclared:
        return f"✅ flashsync: no drift. {as_they_are(plan)}"
    return f"⚠️ flashsync drift: {drift_text.counts(plan)}"


def _rows(
    action: Action, written: Mapping[int, LastWrite], plan: Plan, words: Words
) -> Iterator[Row]:
    when = partial(moment, timezone=words.timezone, now=plan.created_at)
    yield from drift_text.body(action)
    yield from drift_text.last_write(action, written, when)
    yield from blocks.remarks(action)


def _table(plan: Plan, rows: Mapping[str, list[Row]], links: md.Links) -> Section:
    """A row a schedule that differs, and a row for each that no file declares."""
    cells = [_cells(one, rows[one.name], links) for one in plan.writes]
    cells += [
        [md.text(name, 80), "in `manage` scope, and no file declares it", "", ""]
        for name in plan.undeclared
    ]
    pieces = tuple(Piece(md.row(one), Rank.ROWS, _DIFFERING) for one in cells)
    return Section(pieces, md.head(("Schedule", "What differs", "Last written", "Declared in")))


def _cells(action: Write, rows: list[Row], links: md.Links) -> list[str]:
    said = ("last written", "warning", "note", "reason")
    fields = [row for row in rows if row.field not in said]
    shown = [f"{_named(row)}{md.prose(row.value, 120)}" for row in fields[:_MOST_FIELDS]]
    more = f" and {len(fields) - _MOST_FIELDS} more" if len(fields) > _MOST_FIELDS else ""
    last = next((row.value for row in rows if row.field == "last written"), "")
    place = links.place(action.source) if action.source else ""
    name = md.text(blocks.title(action), 80)
    return [name, "<br>".join(shown) + more, md.prose(last), place]


def _named(row: Row) -> str:
    return "" if row.field in ("live", "deletes") else f"{md.code(row.field)}: "
