"""A plan as Markdown: a comment on a pull request that is read in ten seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.errors import Level, Problem
from flashsync.model.check_registry import ON_CALL_NOW
from flashsync.model.wording import count, joined, moment
from flashsync.plan.model import Action, Create, Plan, Unchanged, Update
from flashsync.plan.words import Words
from flashsync.render import markdown as md
from flashsync.render.plan import text
from flashsync.render.plan.effects import EffectView, summarise_effects
from flashsync.render.plan.effects_markdown import most_of, sections
from flashsync.render.plan.folded_texts import fold_texts
from flashsync.render.plan.text import SIGNS, block_title, name_holders, split_shared
from flashsync.render.plan.verdict import Mood, judge_plan
from flashsync.render.size_budget import DocumentPiece, Rank, Section, fitted, paragraph
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
    return fitted(
        [
            paragraph(f"### {_verdict(plan, refused=bool(refused))}", Rank.VERDICT),
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
        rows, shared = split_shared([(one, list(_rows(one, plan, words))) for one in plan.writes])
        yield details(rows, links)
        yield _undeclared(plan.undeclared)
        yield notes(plan, [name_holders(row, names) for row, names in shared.items()])
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


def _verdict(plan: Plan, *, refused: bool) -> str:
    verdict = judge_plan(plan, refused=refused)
    return f"{MOOD_SIGNS[verdict.mood]}{verdict.line}"


def _rows(action: Action, plan: Plan, words: Words) -> Iterator[Row]:
    """What changes and when, all moves where the table has not, gaps and load, and notes."""
    yield from text.fields(action, plan, words)
    effect = None if isinstance(action, Unchanged) else action.effect
    view = EffectView.of(plan, words, verbose=True)
    if view and effect and effect.source:
        new = isinstance(action, Create)
        if len(plan.writes) > 1 or len(view.fold(effect, new=new)) > most_of(action):
            rows = view.moves(effect, len(effect.moves), new=new)
            yield from (Row(row.field, f"{row.lead}: {row.value}") for row in rows)
        yield from view.beside(action, effect)
    yield from (Row("note", note) for note in action.remarks.notes)


def _undeclared(names: Sequence[str]) -> Section:
    """Live schedules in `manage` scope that no file declares."""
    verb = "is" if len(names) == 1 else "are"
    schedules = count(len(names), "live schedule")
    title = f"**{schedules} in `manage` scope {verb} declared by no file** "
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

_NOTE = ("note", "notes")


def details(actions: Sequence[tuple[Action, Sequence[Row]]], links: md.Links) -> Section:
    """A fold a schedule, with its rows in a table."""
    return Section(tuple(_detail(one, rows, links) for one, rows in actions), between="\n\n")


def _detail(action: Action, rows: Sequence[Row], links: md.Links) -> DocumentPiece:
    sign, _ = SIGNS[type(action)]
    paths = [one.path for one in action.changes] if isinstance(action, Update) else []
    title = f"<b>{md.text(block_title(action), 120)}</b> {md.text(', '.join(paths), 80)}"
    place = f"{links.place(action.source)}\n\n" if action.source else ""
    table = "\n".join(md.row([_field(row.field), md.prose(row.value)]) for row in rows)
    body = f"{place}{md.head(['Field', 'Change'])}{table}"
    rank = Rank.CREATES if isinstance(action, Create) else Rank.FIELDS
    noun = ("schedule's details", "schedules' details")
    return DocumentPiece(md.fold(f"{md.text(sign)} {title.rstrip()}", body), rank, noun)


def _field(field: str) -> str:
    """A path as a file has it is code, all else plain."""
    return md.code(field) if set("[._") & set(field) else md.text(field.strip())


def list_of(items: Sequence[tuple[str, Rank]], noun: tuple[str, str], head: str) -> Section:
    """A list of markup, with the rank of each item; nothing without items."""
    return Section(tuple(DocumentPiece(f"- {text}", rank, noun) for text, rank in items), head)


def notes(plan: Plan, shared: Sequence[str] = ()) -> Section:
    """Notes on the run, on several schedules, and on unchanged schedules, in one fold."""
    told = [md.prose(note) for note in (*plan.notes, *shared)]
    for action in plan.actions:
        if isinstance(action, Unchanged):
            name = md.text(action.name, 80)
            told += [f"{name}: {md.prose(note)}" for note in action.remarks.notes]
    pieces = tuple(DocumentPiece(f"- {text}", Rank.NOTES, _NOTE) for text in told)
    head = f"<details><summary>{count(len(told), 'note')}</summary>\n\n"
    return Section(pieces, head, tail="\n\n</details>")
