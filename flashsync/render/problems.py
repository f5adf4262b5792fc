"""Problems as text, as JSON, and as annotations of GitHub."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flashsync.errors import Level, Problem
from flashsync.plan.codec import encode_problem
from flashsync.render.words import ReadCount, clean, count


def problems_text(problems: Sequence[Problem], *, color: bool = False) -> str:
    """`file:line:column: what is wrong; what to write instead`, a line each."""
    return "".join(f"{_line(problem, color=color)}\n" for problem in problems)


def _line(problem: Problem, *, color: bool) -> str:
    warning = problem.level is Level.WARNING
    word = "warning: " if warning else "" if problem.position else "error: "
    if color and word:
        word = f"\x1b[{33 if warning else 31}m{word}\x1b[0m"
    place = f"{problem.position}: " if problem.position else ""
    return f"{clean(place)}{word}{clean(problem.text)}"


def problems_json(problems: Sequence[Problem], **more: Any) -> str:
    """`{"errors": […], "warnings": […]}`, with whatever else there is to say."""
    by_level = {
        name: [encode_problem(one) for one in problems if one.level is level]
        for name, level in (("errors", Level.ERROR), ("warnings", Level.WARNING))
    }
    return as_json({**by_level, **more})


def as_json(document: Any) -> str:
    """JSON as all outputs write it; a lone surrogate from the account must not break it."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def problems_github(problems: Sequence[Problem]) -> str:
    """Workflow commands that annotate the lines of a pull request."""
    return "".join(f"{_command(problem)}\n" for problem in problems)


def _command(problem: Problem) -> str:
    at = problem.position
    name = "warning" if problem.level is Level.WARNING else "error"
    place = f" file={_property(at.file)},line={at.line},col={at.column}" if at else ""
    return f"::{name}{place}::{_data(problem.text)}"


def _data(text: str) -> str:
    """GitHub's escapes for a message; nothing else of a name gets to act either."""
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def validated_text(read: ReadCount, problems: Sequence[Problem]) -> str:
    """The last line of `validate`."""
    errors = [problem for problem in problems if problem.level is Level.ERROR]
    warnings = len(problems) - len(errors)
    said = f", {count(warnings, 'warning')}" if warnings else ""
    if not errors:
        return f"{read}: no errors{said}.\n"
    files = {problem.position.file for problem in errors if problem.position}
    where = f" in {count(len(files), 'file')}" if files else ""
    return f"{read}: {count(len(errors), 'error')}{where}{said}.\n"
