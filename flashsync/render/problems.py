"""Problems as text and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from flashsync.errors import Level, Problem
from flashsync.model.wording import count, joined
from flashsync.render.screen import Look, Screen
from flashsync.render.words import ReadCount

_LOOKS = {Level.ERROR: Look.ERROR, Level.WARNING: Look.WARNING}


def text(problems: Iterable[Problem], screen: Screen) -> str:
    """One line a problem, never wrapped: editors and grep read them by line."""
    return "".join(f"{_line(problem, screen)}\n" for problem in problems)


def _line(problem: Problem, screen: Screen) -> str:
    """`file:line:column: what; what instead`; the level where it is not an error at a position."""
    said = screen.safe(problem.text)
    level = screen.paint(f"{problem.level}:", _LOOKS[problem.level])
    if problem.position is None:
        return f"{level} {said}"
    place = screen.paint(screen.safe(f"{problem.position}:"), Look.STRONG)
    return f"{place} {said}" if problem.level is Level.ERROR else f"{place} {level} {said}"


def json(problems: Iterable[Problem], read: ReadCount | None = None) -> str:
    """`{"errors": […], "warnings": […]}`, with how much was read, where that is known."""
    from flashsync.plan.json.plan import encode_problem
    from flashsync.render.json_text import dump

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
