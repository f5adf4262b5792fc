"""The effect of a plan as a table: who is on call when, before and after."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.model.wording import first
from flashsync.plan.model import Action, Create, Effect, Plan, Write
from flashsync.plan.words import Words
from flashsync.render import markdown as md
from flashsync.render.budget import Piece, Rank, Section
from flashsync.render.effects import MOST_MOVES, MOST_NEW, View, affected

MOST_PEOPLE = 30
"""People who are named above the table."""
_FIRST = 3
"""Rows of each schedule that are cut after all others."""
_ROW = ("row of who is on call", "rows of who is on call")


def most_of(action: Action) -> int:
    """Rows that the table has of a schedule; its details have the others."""
    return MOST_NEW if isinstance(action, Create) else MOST_MOVES


def sections(plan: Plan, words: Words) -> Iterator[Section]:
    """The people affected, and the table; nothing where effects were not computed."""
    view = View.of(plan, words)
    if view is None:
        return
    if names := affected(plan.effects, words):
        yield _people(names)
    rows = [piece for action in sorted(plan.writes, key=_urgency) for piece in _rows(action, view)]
    titles = ("Schedule", f"When ({md.text(words.timezone)})", "On call, before → after")
    yield Section(tuple(rows), md.head(titles))


def _urgency(action: Write) -> int:
    """Who is on call right now comes first, and what is new comes last."""
    if action.effect and action.effect.now:
        return 0
    return 2 if isinstance(action, Create) else 1


def _people(names: list[str]) -> Section:
    named = first([md.text(name, 80) for name in names], MOST_PEOPLE)
    text = f"**People affected ({len(names)}):** {named}"
    return Section((Piece(text, Rank.PEOPLE, ("list of people", "lists of people")),))


def _rows(action: Write, view: View) -> Iterator[Piece]:
    """A row a move, the first with the name: earlier rows are never cut before later ones."""
    effect, name = action.effect, md.strong(md.text(action.name, 80))
    if effect is None:
        return
    if effect.source is None:
        why = md.prose(f"not known: {effect.remark}")
        yield Piece(md.row([name, "", f"⚠️ {why}"]), Rank.ROWS, _ROW)
    most = most_of(action)
    for number, (when, who) in enumerate(_moves(action, effect, view)[:most]):
        rank = Rank.LATER_ROWS if number >= _FIRST else Rank.ROWS
        yield Piece(md.row([name, when, who]), rank, _ROW)
        name = ""
    if len(effect.moves) > most:
        more = f"… and {len(effect.moves) - most} more, in the details"
        yield Piece(md.row([name, more, ""]), Rank.LATER_ROWS, _ROW)


def _moves(action: Write, effect: Effect, view: View) -> list[tuple[str, str]]:
    """When, and who, of each move; of the first one beyond the window, where none is in it."""
    moves = (*effect.moves, *([effect.later] if effect.later else []))
    rows = []
    for left, move in zip(range(len(moves) - 1, -1, -1), moves, strict=True):
        when = md.text(view.when(move, goes_on=effect.goes_on and not left))
        before = "_new_" if isinstance(action, Create) else md.text(view.who(move.before))
        who = f"{before} → {md.strong(md.text(view.who(move.after)))}"
        rows.append((f"⚠️ **{when}**", who) if move == effect.now else (when, who))
    return rows
