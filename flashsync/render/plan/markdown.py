"""A plan as Markdown: a comment on a pull request that is read in ten seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flashsync.errors import Level, Problem
from flashsync.model.check_registry import ON_CALL_NOW
from flashsync.model.wording import count, first, joined, moment
from flashsync.plan.model import Action, Create, Delete, Effect, Plan, Unchanged, Update, Write
from flashsync.plan.words import Words
from flashsync.render import markdown as md
from flashsync.render.folding import Handover, fold_texts, times
from flashsync.render.plan import text
from flashsync.render.plan.effects import (
    MOST_MOVES,
    MOST_NEW,
    EffectView,
    affected,
    summarise_effects,
)
from flashsync.render.plan.overview import OverviewRow, balance_lines, overview_rows
from flashsync.render.plan.text import SIGNS, block_title, name_holders, split_shared
from flashsync.render.plan.verdict import Mood, judge_plan
from flashsync.render.size_budget import DocumentPiece, Rank, Section, fitted, list_of, paragraph
from flashsync.render.terminal import Row

MOOD_SIGNS = {Mood.GOOD: "✅ ", Mood.PLAIN: "", Mood.UNEASY: "⚠️ ", Mood.STOPPED: "⛔ "}
"""How the first line begins."""


def render_plan_markdown(
    plan: Plan,
    words: Words,
    links: md.Links,
    most: int,
    *,
    warnings: Sequence[Problem] = (),
    refusals: bool = True,
    summary: bool = False,
) -> str:
    """The verdict, who is affected and when, what to know, and the details of each schedule.

    `warnings` are of the files, with their places; a `summary` has no details. At most `most`
    bytes.
    """
    refused = plan.refusals if refusals else ()
    verdict = judge_plan(plan, refused=bool(refused))
    return fitted(
        [
            paragraph(f"### {MOOD_SIGNS[verdict.mood]}{verdict.line}", Rank.VERDICT),
            refusal_list(refused, links),
            *body(plan, words, links, warnings, summary=summary),
        ],
        most,
    )


def body(
    plan: Plan,
    words: Words,
    links: md.Links,
    warnings: Sequence[Problem] = (),
    *,
    summary: bool = False,
) -> Iterator[Section]:
    """All below the verdict that a plan and an apply's outcome share; in a `summary`, no folds."""
    if not plan.empty and (said := summarise_effects(plan, words, names=False)):
        yield paragraph(md.prose(said), Rank.ERRORS)
    yield from sections(plan, words)
    told = [links.problem(one) for one in list_warnings(plan, warnings, together=True)]
    items = [(text, Rank.WARNINGS) for text in told]
    yield list_of(items, ("warning", "warnings"), "**Warnings**\n\n")
    if not summary:
        writes = [row.action for row in _table_rows(plan, words)]
        rows, shared = split_shared([(one, list(_detail_rows(one, plan, words))) for one in writes])
        yield details(rows, links)
        yield _undeclared(plan.undeclared)
        yield notes(plan, shared)
    yield footer(plan, words)


def list_warnings(
    plan: Plan, found: Sequence[Problem] = (), *, together: bool = False
) -> list[Problem]:
    """All warnings: those `found` in the files at their own places, others at their schedule's.

    That somebody else is on call now is left out: every view of a plan says it first. What holds
    for several schedules in the same words is one warning without a place if they are `together`.
    """
    said = {problem.text for problem in found}
    holders: dict[str, list[Action]] = {}
    for action in plan.actions:
        texts = [one.text for one in action.remarks.warnings if one.check != ON_CALL_NOW]
        for warning in fold_texts([one for one in texts if one not in said]):
            holders.setdefault(warning, []).append(action)
    problems = list(found)
    for warning, actions in holders.items():
        names = joined([f"`{action.name}`" for action in actions])
        if together and len(actions) > 1:
            problems.append(Problem(f"{names}: {warning}", level=Level.WARNING))
            continue
        for action in actions:
            message = f"`{action.name}`: {warning}"
            problems.append(Problem(message, "", action.source, Level.WARNING))
    return problems


def refusal_list(refusals: Sequence[Problem], links: md.Links) -> Section:
    """Why apply would not run a plan."""
    items = [(links.problem(one), Rank.ERRORS) for one in refusals]
    return list_of(items, ("refusal", "refusals"), "**`apply` would refuse this plan:**\n\n")


def _detail_rows(action: Action, plan: Plan, words: Words) -> Iterator[Row]:
    """What changes and when, all moves where the table has not, gaps and load, and notes."""
    yield from text.fields(action, plan, words)
    effect = None if isinstance(action, Unchanged) else action.effect
    view = EffectView.of(plan, words, verbose=True)
    if view and effect and effect.source:
        new = isinstance(action, Create)
        if len(plan.writes) > 1 or len(view.fold(effect, new=new)) > most_of(action):
            forever = isinstance(action, Delete)
            rows = view.moves(effect, len(effect.moves), new=new, forever=forever)
            yield from (Row(row.field, f"{row.lead}: {row.value}") for row in rows)
        yield from view.beside(action, effect)
    yield from (Row("note", note) for note in action.remarks.notes)


def _undeclared(names: Sequence[str]) -> Section:
    """Live schedules in `manage` scope that no file declares."""
    title = f"**{text.count_undeclared(names)}** "
    items = [(md.text(name, 80), Rank.FIELDS) for name in names]
    noun = ("undeclared schedule", "undeclared schedules")
    return list_of(items, noun, f"{title}(`plan --prune` shows what deleting would mean):\n\n")


def footer(plan: Plan, words: Words) -> Section:
    """Which account, and when: a comment may be older than it looks."""
    at = moment(plan.created_at, words.timezone, plan.created_at)
    account = f"{md.text(plan.account.name, 80)} (id {plan.account.id})"
    text = f"<sub>Account {account}; planned {at}, {md.text(words.timezone)}.</sub>"
    return paragraph(text, Rank.PEOPLE, ("footer", "footers"))


# Parts that Markdown documents share: a fold a schedule, lists, and folded notes.


def details(actions: Sequence[tuple[Action, Sequence[Row]]], links: md.Links) -> Section:
    """A fold a schedule, with its rows in a table."""
    return Section(tuple(_detail(one, rows, links) for one, rows in actions), between="\n\n")


def _detail(action: Action, rows: Sequence[Row], links: md.Links) -> DocumentPiece:
    sign, _ = SIGNS[type(action)]
    paths = [one.path for one in action.changes] if isinstance(action, Update) else []
    title = f"<b>{md.text(block_title(action), 120)}</b> {md.text(', '.join(paths), 80)}"
    place = f"{links.place(action.source)}\n\n" if action.source else ""
    fields = [  # a path as a file has it is code
        md.code(row.field) if set("[._") & set(row.field) else md.text(row.field.strip())
        for row in rows
    ]
    values = [md.prose(row.value) for row in rows]
    table = "\n".join(map(md.row, zip(fields, values, strict=True)))
    body = f"{place}{md.head(['Field', 'Change'])}{table}" if rows else place.rstrip()
    rank = Rank.CREATES if isinstance(action, Create) else Rank.FIELDS
    noun = ("schedule's details", "schedules' details")
    return DocumentPiece(md.fold(f"{md.text(sign)} {title.rstrip()}", body), rank, noun)


def notes(plan: Plan, shared: Mapping[Row, Sequence[str]]) -> Section:
    """Notes on the run, rows that several schedules share, and notes on unchanged schedules."""
    told = [md.prose(note) for note in plan.notes]
    for row, names in shared.items():
        subject = "" if row.field == "note" else f"{row.field}: "
        told.append(f"{subject}{md.prose(name_holders(row, names))}")
    for action in plan.actions:
        if isinstance(action, Unchanged):
            name = md.text(action.name, 80)
            told += [f"{name}: {md.prose(note)}" for note in action.remarks.notes]
    pieces = tuple(DocumentPiece(f"- {text}", Rank.NOTES, ("note", "notes")) for text in told)
    head = f"<details><summary>{count(len(told), 'note')}</summary>\n\n"
    return Section(pieces, head, tail="\n\n</details>")


# The effect: the people, and who is on call when, before and after.

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
    rows = [piece for action in plan.writes for piece in _move_rows(action, view)] if view else []
    titles = ("Schedule", f"When ({md.text(words.timezone)})", "On call, before → after")
    yield Section(tuple(rows), md.head(titles))


def _table_of_schedules(plan: Plan, words: Words, view: EffectView | None) -> Section:
    """A row a schedule, with the first of its shifts that moves; its details have the others."""
    cells = [
        [md.strong(md.text(row.action.name, 80)), _what(row), *_first(row, view)]
        for row in _table_rows(plan, words)
    ]
    titles = ("Schedule", "Change", f"First move ({md.text(words.timezone)})", "Shifts")
    pieces = [DocumentPiece(md.row(one), Rank.ROWS, _CHANGE) for one in cells]
    return Section(tuple(pieces), md.head(titles))


def _table_rows(plan: Plan, words: Words) -> list[OverviewRow]:
    """The writes in the order of the text: what changes now is first."""
    return [row for row in overview_rows(plan, words) if not isinstance(row.action, Unchanged)]


def _what(row: OverviewRow) -> str:
    """`rotation 1 day → 2 days`, and below it what nobody may miss."""
    alarms = [f"⚠️ {md.strong(md.prose(alarm))}" for alarm in row.alarms]
    return "<br>".join([md.prose(row.what, 120), *alarms])


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


def _move_rows(action: Write, view: EffectView) -> Iterator[DocumentPiece]:
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
        who = f"{_whom(action, pattern.people, view)}{times(pattern)}"
        now = effect.now and pattern.first.start <= effect.now.start < pattern.first.end
        rows.append((f"⚠️ **{when}**" if now else when, who, len(pattern.handovers)))
    if effect.later:
        when = md.text(view.when(effect.later, goes_on=effect.goes_on))
        rows.append((when, _whom(action, Handover.of(effect.later), view), 0))
    return rows


def _whom(action: Write, handover: Handover, view: EffectView) -> str:
    """`alice → **frank**`, or `**+ frank**, with erin`."""
    if isinstance(action, Create):
        return f"_new_ → {md.strong(md.text(view.who(handover.comes)))}"
    parts = view.difference(handover)
    before = f"{md.text(parts.before)} → " if parts.before else ""
    return f"{before}{md.strong(md.text(parts.after))}{md.text(parts.rest)}"
