"""Workflow commands, which GitHub shows next to the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from flashsync.errors import Level, Position, Problem
from flashsync.plan.drift import Drift
from flashsync.plan.model import Create, Delete, Plan, Update, Write
from flashsync.plan.outcome import Outcome, WriteStatus
from flashsync.render.plan.changes import differences_text
from flashsync.render.plan.markdown import list_warnings
from flashsync.render.plan.outcome import closing, describe_result
from flashsync.render.plan.text import block_title, lost_rows
from flashsync.render.sanitize import clean

MOST = 10
"""Annotations of one level that GitHub shows for a step."""
_NOTICE = "notice"
_VERBS = {Create: "created", Update: "changed", Delete: "deleted"}


@dataclass(frozen=True, slots=True)
class Annotation:
    """A text at a line; `level` is error, warning or notice."""

    level: str
    text: str
    title: str = ""
    position: Position | None = None

    def __str__(self) -> str:
        properties: dict[str, object] = {}
        if at := self.position:
            properties = {"file": at.file, "line": at.line, "col": at.column}
        if self.title:
            properties["title"] = self.title
        texts = [f"{key}={_escape_property(str(value))}" for key, value in properties.items()]
        space = " " if texts else ""
        return f"::{self.level}{space}{','.join(texts)}::{_escape_data(self.text)}"


def problems(problems: Sequence[Problem]) -> str:
    """An annotation for each problem."""
    return _render(list(map(_annotate_problem, problems)))


def plan(value: Plan, warnings: Sequence[Problem] = ()) -> str:
    """The refusals, the warnings, and a notice at each schedule that changes."""
    problems = [*value.refusals, *list_warnings(value, warnings)]
    writes = sorted(value.writes, key=_importance)
    return _render([*map(_annotate_problem, problems), *map(_annotate_write, writes)])


def drift(value: Drift) -> str:
    """A warning at each schedule that differs, and one for undeclared schedules."""
    marks = [
        Annotation(
            Level.WARNING, _describe_changes(write), f"drift: {block_title(write)}", write.source
        )
        for write in value.plan.writes
    ]
    if value.plan.undeclared:
        names = ", ".join(value.plan.undeclared)
        marks.append(
            Annotation(Level.WARNING, f"in `manage` scope, and in no file: {names}", "drift")
        )
    return _render(marks)


def outcome(value: Outcome) -> str:
    """An error for each write that failed and each other problem, and the verdict."""
    marks = [
        Annotation(Level.ERROR, describe_result(result), result.action.name, result.action.source)
        for result in value.results
        if result.status not in (WriteStatus.CONFIRMED, WriteStatus.NOT_STARTED)
    ]
    marks += (Annotation(Level.ERROR, part.text, "", part.position) for part in value.problems)
    marks += (Annotation(Level.WARNING, text) for text in value.unrestored)
    label, _, text = closing(value)
    return _render([*marks, Annotation(_NOTICE, f"{label} {text}", f"flashsync {value.command}")])


def _annotate_problem(problem: Problem) -> Annotation:
    return Annotation(problem.level, problem.text, "", problem.position)


def _importance(action: Write) -> int:
    """Changes of who is on call now first, then deletes, then updates, then creates."""
    if action.effect and action.effect.now:
        return 0
    if isinstance(action, Delete):
        return 1
    return 3 if isinstance(action, Create) else 2


def _annotate_write(action: Write) -> Annotation:
    title = f"{block_title(action)} is {_VERBS[type(action)]}"
    return Annotation(_NOTICE, _describe_changes(action), title, action.source)


def _describe_changes(action: Write) -> str:
    """The changes in few words."""
    match action:
        case Create():
            return "a schedule that the account lacks"
        case Delete():
            return lost_rows(action).value
        case Update():
            return differences_text(action.changes) or "secrets are sent"
        case _:  # pragma: no cover
            assert_never(action)


def _render(marks: Sequence[Annotation]) -> str:
    """The annotations that GitHub shows of each level; the last counts the others."""
    shown: list[Annotation] = []
    for level in dict.fromkeys(mark.level for mark in marks):
        group = [mark for mark in marks if mark.level == level]
        if len(group) > MOST:
            more = len(group) - MOST + 1
            text = f"{more} more {level}s: the log of this step has all of them"
            group[MOST - 1 :] = [Annotation(level, text)]
        shown += group
    return "".join(f"{mark}\n" for mark in shown)


def _escape_data(text: str) -> str:
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
