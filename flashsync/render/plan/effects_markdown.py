"""The effect of a plan in Markdown: the people, and who is on call when, before and after."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.model.wording import first
from flashsync.plan.model import Action, Create, Effect, Plan, Unchanged, Write
from flashsync.plan.words import Words
from flashsync.render import markdown as md
from flashsync.render.folded_moves import times
from flashsync.render.plan.effects import MOST_MOVES, MOST_NEW, EffectView, affected
from flashsync.render.plan.overview import OverviewRow, balance_lines, overview_rows
from flashsync.render.size_budget import DocumentPiece, Rank, Section, paragraph
from flashsync.rotation.compare import Move

MOST_PEOPLE = 30
"""People who are named above the table."""
_FIRST = 3
"""Rows of each schedule that are cut after all others."""
_CHANGE = ("row of a schedule", "rows of schedules")
_ROW = ("row of who is on call", "rows of who is on call")


def most_of(action: Action) -> int:
    """Rows that the table has of a schedule; its details have the others."""
    return MOST_NEW if isinstance(action, Create) else MOST_MOVES


def sections(plan: Plan, words: Words) -> Iterator[Section]:
    """The people affected, and the table; of one schedule nothing without computed effects."""
    view, several = EffectView.of(plan, words), len(plan.writes) > 1
    if names := affected(plan.effects, words):
        named = first([md.text(name, 80) for name in names], MOST_PEOPLE)
        text = f"**People affected ({len(names)}):** {named}"
        yield paragraph(text, Rank.PEOPLE, ("list of people", "lists of people"))
    for label, people in balance_lines(plan, words) if several else ():
        text = f"**{label.capitalize()}:** {md.text(people)}"
        yield paragraph(text, Rank.PEOPLE, ("list of people", "lists of people"))
    if several:
        yield _table_of_schedules(plan, words, view)
        return
    rows = [piece for action in plan.writes for piece in _rows(action, view)] if view else []
    titles = ("Schedule", f"When ({md.text(words.timezone)})", "On call, before → after")
    yield Section(tuple(rows), md.head(titles))


def _table_of_schedules(plan: Plan, words: Words, view: EffectView | None) -> Section:
    """A row a schedule, with the first of its shifts that moves; its details have the others."""
    rows = [row for row in overview_rows(plan, words) if not isinstance(row.action, Unchanged)]
    cells = [
        [md.strong(md.text(row.action.name, 80)), md.prose(row.what, 120), *_first(row, view)]
        for row in rows
    ]
    titles = ("Schedule", "Change", f"First move ({md.text(words.timezone)})", "Shifts")
    pieces = [DocumentPiece(md.row(one), Rank.ROWS, _CHANGE) for one in cells]
    return Section(tuple(pieces), md.head(titles))


def _first(row: OverviewRow, view: EffectView | None) -> tuple[str, str]:
    """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00: alice → **frank**`, and how many shifts move."""
    effect = None if isinstance(row.action, Unchanged) else row.action.effect
    if view is None or effect is None or isinstance(row.action, Unchanged):
        return "", ""
    if effect.source is None:
        return f"⚠️ {md.prose(f'not known: {effect.remark}')}", ""
    moves = _moves(row.action, effect, view)
    first_move = f"{moves[0][0]}: {moves[0][1]}" if moves else ""
    return first_move, md.text(row.shifts)


def _rows(action: Write, view: EffectView) -> Iterator[DocumentPiece]:
    """A row a move, the first with the name: earlier rows are never cut before later ones."""
    effect, name = action.effect, md.strong(md.text(action.name, 80))
    if effect is None:
        return
    if effect.source is None:
        why = md.prose(f"not known: {effect.remark}")
        yield DocumentPiece(md.row([name, "", f"⚠️ {why}"]), Rank.ROWS, _ROW)
    most = most_of(action)
    moves = _moves(action, effect, view)
    for number, (when, who, _) in enumerate(moves[:most]):
        rank = Rank.LATER_ROWS if number >= _FIRST else Rank.ROWS
        yield DocumentPiece(md.row([name, when, who]), rank, _ROW)
        name = ""
    if left := sum(shifts for _, _, shifts in moves[most:]):
        more = f"… and {left} more, in the details"
        yield DocumentPiece(md.row([name, more, ""]), Rank.LATER_ROWS, _ROW)


def _moves(action: Write, effect: Effect, view: EffectView) -> list[tuple[str, str, int]]:
    """When, who, and of how many shifts, a line each; or of the first move beyond the window."""
    rows = []
    for pattern in view.fold(effect, new=isinstance(action, Create)):
        when = md.text(view.whenever(pattern, effect))
        who = f"{_whom(action, pattern.first, view)}{times(pattern)}"
        shown = f"⚠️ **{when}**" if effect.now in pattern.moves else when
        rows.append((shown, who, len(pattern.moves)))
    if effect.later:
        when = md.text(view.when(effect.later, goes_on=effect.goes_on))
        rows.append((when, _whom(action, effect.later, view), 0))
    return rows


def _whom(action: Write, move: Move, view: EffectView) -> str:
    """`alice → **frank**`."""
    before = "_new_" if isinstance(action, Create) else md.text(view.who(move.before))
    return f"{before} → {md.strong(md.text(view.who(move.after)))}"
