"""Whether a saved plan would still be carried out, as text, Markdown, JSON and annotations."""

from __future__ import annotations

from flashsync.model.wording import count
from flashsync.plan.json.document import ProblemDocument
from flashsync.plan.saved.staleness import SavedPlanVerdict
from flashsync.render import markdown as md
from flashsync.render.plan.markdown import list_of
from flashsync.render.problems import render_problems
from flashsync.render.sanitize import dump
from flashsync.render.size_budget import Rank, fitted, paragraph
from flashsync.render.terminal import Look, Screen


def render_saved_check(verdict: SavedPlanVerdict, screen: Screen) -> str:
    """The reasons, a line each, and the verdict."""
    label, look = ("yes:", Look.ADDED) if verdict.applies else ("no:", Look.ERROR)
    said = screen.safe(sentence(verdict))
    return f"{render_problems(verdict.problems, screen)}{screen.paint(label, look)} {said}\n"


def render_saved_check_markdown(verdict: SavedPlanVerdict, links: md.Links, most: int) -> str:
    """The verdict, and the reasons as a list. At most `most` bytes."""
    sign = "✅" if verdict.applies else "⛔"
    reasons = [(links.problem(one), Rank.ERRORS) for one in verdict.problems]
    return fitted(
        [
            paragraph(f"### {sign} {md.text(sentence(verdict))}", Rank.VERDICT),
            list_of(reasons, ("reason", "reasons"), ""),
        ],
        most,
    )


def saved_check_json(verdict: SavedPlanVerdict) -> str:
    """`{"applies": …, "plan": …, "empty": …, "errors": […], "warnings": []}`."""
    plan = verdict.plan
    document = {
        "applies": verdict.applies,
        "plan": verdict.name,
        "empty": None if plan is None else plan.empty,
        "errors": [ProblemDocument.of(one).plain() for one in verdict.problems],
        "warnings": [],
    }
    return dump(document)


def sentence(verdict: SavedPlanVerdict) -> str:
    """`plan.json would still be applied: 0 to create, 1 to update, 0 to delete.`"""
    if not verdict.applies:
        reasons = count(len(verdict.problems), "reason")
        return f"{verdict.name} would not be applied any more, for {reasons}."
    plan = verdict.plan
    if plan is None or plan.empty:
        return f"{verdict.name} has nothing to do."
    found = plan.summary
    counts = f"{found.create} to create, {found.update} to update, {found.delete} to delete"
    return f"{verdict.name} would still be applied: {counts}."
