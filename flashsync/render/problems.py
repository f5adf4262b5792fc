"""Problems as text, JSON and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from flashsync.errors import Level, Problem
from flashsync.model.wording import count, joined
from flashsync.render import markdown as md
from flashsync.render.plan.markdown import list_of
from flashsync.render.size_budget import Rank, fitted, paragraph
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
    from flashsync.plan.json.document import ProblemDocument
    from flashsync.render.sanitize import dump

    given = list(problems)
    document: dict[str, object] = {
        "errors": [ProblemDocument.of(item).plain() for item in given if item.level is Level.ERROR],
        "warnings": [
            ProblemDocument.of(item).plain() for item in given if item.level is Level.WARNING
        ],
    }
    if read is not None:
        document["read"] = asdict(read)
    return dump(document)


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
    errors = [problem for problem in problems if problem.level is Level.ERROR]
    warnings = [problem for problem in problems if problem.level is Level.WARNING]
    subject = what or f"flashsync validate: {read}"
    return fitted(
        [
            paragraph(f"### {_verdict(subject, len(errors), len(warnings))}", Rank.VERDICT),
            list_of(
                [(links.problem(problem), Rank.ERRORS) for problem in errors],
                ("error", "errors"),
                "",
            ),
            list_of(
                [(links.problem(problem), Rank.WARNINGS) for problem in warnings],
                ("warning", "warnings"),
                "**Warnings**\n\n",
            ),
        ],
        most,
    )


def _verdict(subject: str, errors: int, warnings: int) -> str:
    if errors:
        return f"⛔ {subject}: {count(errors, 'error')}"
    if warnings:
        return f"⚠️ {subject}: {count(warnings, 'warning')}"
    return f"✅ {subject}: no problems"
