"""Workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from flashsync.errors import Level, Position, Problem
from flashsync.plan.drift import Drift
from flashsync.plan.model import Create, Delete, Plan, Update, Write
from flashsync.plan.outcome import Outcome, WriteStatus
from flashsync.render.plan.outcome import closing, told
from flashsync.render.plan.problems import warned
from flashsync.render.plan.text import block_title, lost_rows
from flashsync.render.sanitize import clean

MOST = 10
"""Marks of one level that GitHub shows of one step."""
_NOTICE = "notice"
_VERBS = {Create: "created", Update: "changed", Delete: "deleted"}


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is shown at a line: `level` is error, warning or notice."""

    level: str
    text: str
    title: str = ""
    position: Position | None = None

    def __str__(self) -> str:
        return f"::{self.level}{self._properties()}::{_data(self.text)}"

    def _properties(self) -> str:
        given: dict[str, object] = {}
        if at := self.position:
            given = {"file": at.file, "line": at.line, "col": at.column}
        if self.title:
            given["title"] = self.title
        listed = ",".join(f"{key}={_property(str(value))}" for key, value in given.items())
        return f" {listed}" if listed else ""


def problems(found: Sequence[Problem]) -> str:
    """A mark a problem."""
    return _commands([_problem(one) for one in found])


def plan(value: Plan, warnings: Sequence[Problem] = ()) -> str:
    """Why apply would refuse it, the warnings, and a notice at each schedule that changes."""
    told = [*value.refusals, *warned(value, warnings)]
    first = sorted(value.writes, key=_importance)
    return _commands([*map(_problem, told), *(_change(one) for one in first)])


def drift(value: Drift) -> str:
    """A warning at each schedule that differs, and one for those that no file declares."""
    marks = [
        Annotation(Level.WARNING, _changes(one), f"drift: {block_title(one)}", one.source)
        for one in value.plan.writes
    ]
    if value.plan.undeclared:
        names = ", ".join(value.plan.undeclared)
        marks.append(
            Annotation(Level.WARNING, f"in `manage` scope, and in no file: {names}", "drift")
        )
    return _commands(marks)


def outcome(value: Outcome) -> str:
    """An error for each write that did not go well and all else that did not, and the verdict."""
    marks = [
        Annotation(Level.ERROR, told(one), one.action.name, one.action.source)
        for one in value.results
        if one.status not in (WriteStatus.CONFIRMED, WriteStatus.NOT_STARTED)
    ]
    marks += (Annotation(Level.ERROR, one.text, "", one.position) for one in value.problems)
    marks += (Annotation(Level.WARNING, one) for one in value.unrestored)
    label, _, text = closing(value)
    return _commands([*marks, Annotation(_NOTICE, f"{label} {text}", f"flashsync {value.command}")])


def _problem(problem: Problem) -> Annotation:
    return Annotation(problem.level, problem.text, "", problem.position)


def _importance(action: Write) -> int:
    """Who is on call now first, then deletes, then shifts that move, and new ones last."""
    if action.effect and action.effect.now:
        return 0
    if isinstance(action, Delete):
        return 1
    return 3 if isinstance(action, Create) else 2


def _change(action: Write) -> Annotation:
    title = f"{block_title(action)} is {_VERBS[type(action)]}"
    return Annotation(_NOTICE, _changes(action), title, action.source)


def _changes(action: Write) -> str:
    """What differs, in few words."""
    match action:
        case Create():
            return "a schedule that the account lacks"
        case Delete():
            return lost_rows(action).value
        case Update():
            shown = [f"{one.path}: {one.text}" for one in action.changes]
            return "; ".join(shown) or "secrets are sent"
        case _:  # pragma: no cover
            assert_never(action)


def _commands(marks: Sequence[Annotation]) -> str:
    """As many of each level as are shown; the last then says how many more there are."""
    levels = dict.fromkeys(mark.level for mark in marks)
    found = [_shown([one for one in marks if one.level == level], level) for level in levels]
    return "".join(f"{mark}\n" for some in found for mark in some)


def _shown(marks: Sequence[Annotation], level: str) -> Iterator[Annotation]:
    if len(marks) <= MOST:
        yield from marks
        return
    yield from marks[: MOST - 1]
    more = len(marks) - MOST + 1
    yield Annotation(level, f"{more} more {level}s: the log of this step has all of them")


def _data(text: str) -> str:
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
