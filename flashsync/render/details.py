"""Parts that Markdown documents share: a fold a schedule, lists, and folded notes."""

from __future__ import annotations

from collections.abc import Sequence

from flashsync.model.wording import count
from flashsync.plan.model import Action, Create, Plan, Unchanged, Update
from flashsync.render import blocks
from flashsync.render import markdown as md
from flashsync.render.budget import Piece, Rank, Section
from flashsync.render.layout import Row

_NOTE = ("note", "notes")


def details(actions: Sequence[tuple[Action, Sequence[Row]]], links: md.Links) -> Section:
    """A fold a schedule, with its rows in a table."""
    return Section(tuple(_detail(one, rows, links) for one, rows in actions), between="\n\n")


def _detail(action: Action, rows: Sequence[Row], links: md.Links) -> Piece:
    sign, _ = blocks.SIGNS[type(action)]
    paths = [one.path for one in action.changes] if isinstance(action, Update) else []
    title = f"<b>{md.text(blocks.title(action), 120)}</b> {md.text(', '.join(paths), 80)}"
    place = f"{links.place(action.source)}\n\n" if action.source else ""
    table = "\n".join(md.row([_field(row.field), md.prose(row.value)]) for row in rows)
    body = f"{place}{md.head(['Field', 'Change'])}{table}"
    rank = Rank.CREATES if isinstance(action, Create) else Rank.FIELDS
    noun = ("schedule's details", "schedules' details")
    return Piece(md.fold(f"{md.text(sign)} {title.rstrip()}", body), rank, noun)


def _field(field: str) -> str:
    """A path as a file has it is code, all else plain."""
    return md.code(field) if set("[._") & set(field) else md.text(field.strip())


def list_of(items: Sequence[tuple[str, Rank]], noun: tuple[str, str], head: str) -> Section:
    """A list of markup, with the rank of each item; nothing without items."""
    return Section(tuple(Piece(f"- {text}", rank, noun) for text, rank in items), head)


def notes(plan: Plan) -> Section:
    """Notes on the run, and on schedules that stay as they are, in one fold."""
    told = [md.prose(note) for note in plan.notes]
    for action in plan.actions:
        if isinstance(action, Unchanged):
            name = md.text(action.name, 80)
            told += [f"{name}: {md.prose(note)}" for note in action.remarks.notes]
    pieces = tuple(Piece(f"- {text}", Rank.NOTES, _NOTE) for text in told)
    head = f"<details><summary>{count(len(told), 'note')}</summary>\n\n"
    return Section(pieces, head, tail="\n\n</details>")
