"""Problems, and whether a saved plan would still be applied, as a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flashsync import __version__
from flashsync.errors import Level, Problem
from flashsync.model.wording import count
from flashsync.plan.saved.staleness import SavedPlanVerdict
from flashsync.render.html.page import render_page
from flashsync.render.html.prose import Remark, RemarkList, split_prose
from flashsync.render.markdown import Links
from flashsync.render.plan.verdict import Headline, Mood
from flashsync.render.problems import sentence


def render_problems_html(problems: Sequence[Problem], links: Links, *, what: str = "") -> str:
    """What failed, and why, with places in the files."""
    errors = [problem for problem in problems if problem.level is Level.ERROR]
    warnings = [problem for problem in problems if problem.level is Level.WARNING]
    mood = Mood.STOPPED if errors else Mood.UNEASY if warnings else Mood.GOOD
    said = count(len(errors), "error") if errors else count(len(warnings), "warning")
    lists = [
        RemarkList("Errors", _remarks(errors, links), "error"),
        RemarkList("Warnings", _remarks(warnings, links), "warning"),
    ]
    return _render(Headline(mood, what or "flashsync", said), lists)


def render_saved_check_html(verdict: SavedPlanVerdict, links: Links) -> str:
    """Whether a saved plan would still be applied, and why not."""
    mood = Mood.GOOD if verdict.applies else Mood.STOPPED
    reasons = RemarkList("Reasons", _remarks(verdict.problems, links), "error")
    return _render(Headline(mood, "flashsync plan --check", sentence(verdict)), [reasons])


def _remarks(problems: Iterable[Problem], links: Links) -> tuple[Remark, ...]:
    return tuple(Remark.of(problem, links) for problem in problems)


def _render(verdict: Headline, lists: Sequence[RemarkList]) -> str:
    return render_page(
        "problems.html",
        sheets=("plan.css",),
        title=verdict.subject,
        mood=verdict.mood.value,
        subject=split_prose(verdict.subject),
        headline=split_prose(verdict.text),
        lists=[one for one in lists if one.remarks],
        version=__version__,
    )
