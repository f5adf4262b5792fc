"""A plan as Markdown: a comment on a pull request that is read in ten seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.errors import Problem
from flashsync.model.wording import count, moment
from flashsync.plan.model import Action, Create, Plan, Unchanged
from flashsync.plan.words import Words
from flashsync.render import effect_table, plan_text
from flashsync.render import markdown as md
from flashsync.render.budget import Rank, Section, fitted, paragraph
from flashsync.render.details import details, list_of, notes
from flashsync.render.effects import View, summary
from flashsync.render.layout import Row
from flashsync.render.plan_problems import warned


def render(
    plan: Plan,
    words: Words,
    links: md.Links,
    most: int,
    *,
    warnings: Sequence[Problem] = (),
    refusals: bool = True,
) -> str:
    """The verdict, who is affected and when, what to know, and the details of each schedule.

    `warnings` are those of the files, with their places. At most so many bytes.
    """
    refused = plan.refusals if refusals else ()
    return fitted(
        [
            paragraph(f"### {_verdict(plan, refused=bool(refused))}", Rank.VERDICT),
            refusal_list(refused, links),
            *body(plan, words, links, warnings),
        ],
        most,
    )


def body(
    plan: Plan, words: Words, links: md.Links, warnings: Sequence[Problem] = ()
) -> Iterator[Section]:
    """All below the verdict that a plan and an apply's outcome share."""
    if not plan.empty and (said := summary(plan, words, names=False)):
        yield paragraph(md.prose(said), Rank.ERRORS)
    yield from effect_table.sections(plan, words)
    told = [(links.problem(one), Rank.WARNINGS) for one in warned(plan, warnings)]
    yield list_of(told, ("warning", "warnings"), "**Warnings**\n\n")
    yield details([(one, list(_rows(one, plan, words))) for one in plan.writes], links)
    yield _undeclared(plan.undeclared)
    yield notes(plan)
    yield footer(plan, words)


def refusal_list(refusals: Sequence[Problem], links: md.Links) -> Section:
    """Why apply would not run a plan."""
    items = [(links.problem(one), Rank.ERRORS) for one in refusals]
    return list_of(items, ("refusal", "refusals"), "**`apply` would refuse this plan:**\n\n")


def _verdict(plan: Plan, *, refused: bool) -> str:
    """The first line; it holds no names, so that it always fits."""
    if plan.empty:
        sign = "⛔" if refused else "✅"
        return f"{sign} flashsync plan: no changes. {plan_text.as_they_are(plan)}"
    counts = plan_text.counts(plan)
    if refused:
        return f"⛔ flashsync plan, which `apply` would refuse: {counts}"
    uneasy = any(one.remarks.warnings for one in plan.actions)
    uneasy = uneasy or any(effect.now or effect.gaps for effect in plan.effects)
    return f"{'⚠️ ' if uneasy else ''}flashsync plan: {counts}"


def _rows(action: Action, plan: Plan, words: Words) -> Iterator[Row]:
    """What changes and when, all moves where the table has not, gaps and load, and notes."""
    yield from plan_text.fields(action, plan, words)
    effect = None if isinstance(action, Unchanged) else action.effect
    view = View.of(plan, words, verbose=True)
    if view and effect and effect.source:
        if len(effect.moves) > effect_table.most_of(action):
            rows = view.moves(effect, len(effect.moves), new=isinstance(action, Create))
            yield from (Row(row.field, row.value.replace("   ", ": ")) for row in rows)
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
