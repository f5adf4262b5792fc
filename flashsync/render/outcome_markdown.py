"""What became of a plan, as Markdown: what did not go well comes first."""

from __future__ import annotations

from collections.abc import Sequence

from flashsync.errors import Problem
from flashsync.plan.outcome import Outcome, Result, Status
from flashsync.plan.words import Words
from flashsync.render import markdown as md
from flashsync.render import outcome_text, plan_markdown
from flashsync.render.budget import Rank, Section, fitted, paragraph
from flashsync.render.details import list_of
from flashsync.render.plan_text import as_they_are

_WRITE = ("write", "writes")


def render(
    outcome: Outcome,
    words: Words,
    links: md.Links,
    most: int,
    *,
    saved_plan: bool = False,
    warnings: Sequence[Problem] = (),
) -> str:
    """The verdict, what became of each write, and then the plan. At most so many bytes."""
    return fitted(
        [
            paragraph(f"### {_verdict(outcome, saved_plan=saved_plan)}", Rank.VERDICT),
            _results(outcome),
            *plan_markdown.body(outcome.plan, words, links, warnings),
        ],
        most,
    )


def _verdict(outcome: Outcome, *, saved_plan: bool) -> str:
    if outcome.plan.empty:
        return f"✅ flashsync {outcome.command}: nothing to do. {as_they_are(outcome.plan)}"
    label, _, text = outcome_text.closing(outcome, saved_plan=saved_plan)
    return f"{'✅' if outcome.complete else '⛔'} flashsync {outcome.command}. {label} {text}"


def _results(outcome: Outcome) -> Section:
    """What else went wrong; then each write: failures, doubts, not started, and done."""
    ordered = sorted(outcome.results, key=_order)
    wrong = [
        (md.strong(md.prose(one.text, 2 * md.LONGEST)), Rank.ERRORS) for one in outcome.problems
    ]
    wrong += [(md.prose(one, 2 * md.LONGEST), Rank.ERRORS) for one in outcome.unrestored]
    return list_of([*wrong, *((_told(one), _rank(one)) for one in ordered)], _WRITE, "")


def _order(result: Result) -> int:
    return (Status.NOT_STARTED, Status.CONFIRMED).index(result.status) + 1 if _calm(result) else 0


def _calm(result: Result) -> bool:
    return result.status in (Status.NOT_STARTED, Status.CONFIRMED)


def _rank(result: Result) -> Rank:
    return Rank.PEOPLE if _calm(result) else Rank.ERRORS


def _told(result: Result) -> str:
    mark, _ = outcome_text.MARKS[result.status]
    said = md.prose(outcome_text.told(result), 2 * md.LONGEST)
    marked = f"{md.text(mark)} {said if _calm(result) else md.strong(said)}"
    return "<br>".join([marked, *(md.prose(note) for note in result.notes)])
