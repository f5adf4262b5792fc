"""Problems as text, JSON and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from flashsync.errors import Level, Problem
from flashsync.model.wording import count, joined
from flashsync.render import markdown as md
from flashsync.render.plan.markdown import list_of
from flashsync.render.sanitize import ReadCount
from flashsync.render.size_budget import Rank, fitted, paragraph
from flashsync.render.terminal import Look, Screen

_LOOKS = {Level.ERROR: Look.ERROR, Level.WARNING: Look.WARNING}


def render_problems(problems: Iterable[Problem], screen: Screen) -> str:
    """One line a problem, never wrapped: editors and grep read them by line."""
    return "".join(f"{_line(problem, screen)}\n" for problem in problems)


def _line(problem: Problem, screen: Screen) -> str:
    """`file:line:column: what; what instead`, with the level.

    Without colours an error at a position has no level: editors and scripts match that form.
    """
    text = screen.safe(problem.text)
    level = screen.paint(f"{problem.level}:", _LOOKS[problem.level])
    if problem.position is None:
        return f"{level} {text}"
    place = screen.paint(screen.safe(f"{problem.position}:"), Look.STRONG)
    plain = problem.level is Level.ERROR and not screen.color
    return f"{place} {text}" if plain else f"{place} {level} {text}"


def problems_json(problems: Iterable[Problem], read: ReadCount | None = None) -> str:
    """`{"errors": […], "warnings": […]}`, with how much was read, where that is known."""
    from flashsync.plan.json.plan import encode_problem
    from flashsync.render.sanitize import dump

    found = list(problems)
    document: dict[str, object] = {
        "errors": [encode_problem(one) for one in found if one.level is Level.ERROR],
        "warnings": [encode_problem(one) for one in found if one.level is Level.WARNING],
    }
    if read is not None:
        document["read"] = asdict(read)
    return dump(document)


def summary(problems: Sequence[Problem], read: ReadCount) -> str:
    """`62 files, 60 schedules, 2 not selected: no problems`, in one line."""
    return f"{read}: {_told(problems)}\n"


def _told(problems: Sequence[Problem]) -> str:
    if not problems:
        return "no problems"
    levels = [problem.level for problem in problems]
    counts = [count(levels.count(level), level.value) for level in Level if levels.count(level)]
    files = {problem.position.file for problem in problems if problem.position}
    where = f" in {count(len(files), 'file')}" if files else ""
    return joined(counts) + where


# Problems as Markdown: why there is no plan, or what is wrong with the files.


def render_problems_markdown(
    problems: Sequence[Problem],
    links: md.Links,
    most: int,
    *,
    what: str = "",
    read: ReadCount | None = None,
) -> str:
    """The verdict, the errors and the warnings, each with its place. At most so many bytes.

    `what` failed: a verdict like "`plan` failed"; `read` is how much was read without failing.
    """
    errors = [one for one in problems if one.level is Level.ERROR]
    warnings = [one for one in problems if one.level is Level.WARNING]
    said = what or f"flashsync validate: {read}"
    return fitted(
        [
            paragraph(f"### {_verdict(said, len(errors), len(warnings))}", Rank.VERDICT),
            list_of([(links.problem(one), Rank.ERRORS) for one in errors], ("error", "errors"), ""),
            list_of(
                [(links.problem(one), Rank.WARNINGS) for one in warnings],
                ("warning", "warnings"),
                "**Warnings**\n\n",
            ),
        ],
        most,
    )


def _verdict(said: str, errors: int, warnings: int) -> str:
    if errors:
        return f"⛔ {said}: {count(errors, 'error')}"
    if warnings:
        return f"⚠️ {said}: {count(warnings, 'warning')}"
    return f"✅ {said}: no problems"
