"""Problems as text, JSON and Markdown, and what a check of a saved plan finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from flashsync.errors import Level, Problem
from flashsync.model.wording import count, joined

if TYPE_CHECKING:
    from flashsync.plan.saved.staleness import SavedPlanVerdict
from flashsync.render import markdown as md
from flashsync.render.sanitize import dump
from flashsync.render.size_budget import Rank, fitted, list_of, paragraph
from flashsync.render.terminal import Look, Screen


@dataclass(frozen=True, slots=True)
class ReadCount:
    """How much a run has read; `str()` gives `62 files, 60 schedules, 2 not selected`.

    `not_run` counts expectations that need the account, `past` expectations that are past.
    """

    files: int
    schedules: int
    not_selected: int = 0
    not_run: int = 0
    past: int = 0

    def __str__(self) -> str:
        parts = [count(self.files, "file"), count(self.schedules, "schedule")]
        if self.not_selected:
            parts.append(f"{self.not_selected} not selected")
        return ", ".join(parts)


_LOOKS = {Level.ERROR: Look.ERROR, Level.WARNING: Look.WARNING}


def render_problems(
    problems: Iterable[Problem], screen: Screen, *, read: ReadCount | None = None
) -> str:
    """One line for each problem, never wrapped: editors and grep read lines.

    With `read`, the last line has the counts: `62 files, 60 schedules: no problems`.
    """
    problems = list(problems)
    text = "".join(f"{_line(problem, screen)}\n" for problem in problems)
    if read is None:
        return text
    levels = [problem.level for problem in problems]
    counts = [count(levels.count(level), level.value) for level in Level if levels.count(level)]
    files = {problem.position.file for problem in problems if problem.position}
    where = f" in {count(len(files), 'file')}" if files else ""
    return f"{text}{read}: {joined(counts) or 'no problems'}{where}\n"


def _line(problem: Problem, screen: Screen) -> str:
    """`file:line:column: message; remedy`, with the level.

    Without colours an error with a position has no level: editors and scripts match that form.
    """
    text = screen.safe(problem.text)
    level = screen.paint(f"{problem.level}:", _LOOKS[problem.level])
    if problem.position is None:
        return f"{level} {text}"
    place = screen.paint(screen.safe(f"{problem.position}:"), Look.STRONG)
    plain = problem.level is Level.ERROR and not screen.color
    return f"{place} {text}" if plain else f"{place} {level} {text}"


def problems_json(problems: Iterable[Problem], read: ReadCount | None = None) -> str:
    """`{"errors": […], "warnings": […]}`, with how much was read, if that is known."""
    errors, warnings = _split_levels(problems)
    document: dict[str, object] = {"errors": _documents(errors), "warnings": _documents(warnings)}
    if read is not None:
        document["read"] = asdict(read)
    return dump(document)


def _split_levels(problems: Iterable[Problem]) -> tuple[list[Problem], list[Problem]]:
    """The errors and the warnings."""
    given = list(problems)
    return (
        [problem for problem in given if problem.level is Level.ERROR],
        [problem for problem in given if problem.level is Level.WARNING],
    )


def _documents(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    from flashsync.plan.json.document import ProblemDocument  # slow to import

    return [ProblemDocument.of(problem).plain() for problem in problems]


def render_problems_markdown(
    problems: Sequence[Problem],
    links: md.Links,
    most: int,
    *,
    what: str = "",
    read: ReadCount | None = None,
) -> str:
    """The verdict, the errors and the warnings with their positions, in at most `most` bytes.

    `what` is what failed, like "`plan` failed"; without it, `read` is how much was read.
    """
    errors, warnings = _split_levels(problems)
    subject = what or f"flashsync validate: {read}"
    verdict = f"✅ {subject}: no problems"
    if errors:
        verdict = f"⛔ {subject}: {count(len(errors), 'error')}"
    elif warnings:
        verdict = f"⚠️ {subject}: {count(len(warnings), 'warning')}"
    failures = [(links.problem(problem), Rank.ERRORS) for problem in errors]
    cautions = [(links.problem(problem), Rank.WARNINGS) for problem in warnings]
    return fitted(
        [
            paragraph(f"### {verdict}", Rank.VERDICT),
            list_of(failures, ("error", "errors"), ""),
            list_of(cautions, ("warning", "warnings"), "**Warnings**\n\n"),
        ],
        most,
    )


# Whether a saved plan would still be carried out.


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
        "errors": _documents(verdict.problems),
        "warnings": [],
    }
    return dump(document)


def sentence(verdict: SavedPlanVerdict) -> str:
    """`plan.json would still be applied: 0 to create, 1 to update, 0 to delete.`"""
    if not verdict.applies:
        reasons = count(len(verdict.problems), "reason")
        return f"{verdict.name} can no longer be applied, for {reasons}."
    plan = verdict.plan
    if plan is None or plan.empty:
        return f"{verdict.name} has nothing to do."
    found = plan.summary
    counts = f"{found.create} to create, {found.update} to update, {found.delete} to delete"
    return f"{verdict.name} would still be applied: {counts}."
