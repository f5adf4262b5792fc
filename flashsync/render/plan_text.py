"""A plan as text: what a reviewer reads before saying yes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, assert_never

from flashsync.errors import Problem
from flashsync.plan.model import (
    Action,
    Change,
    Create,
    Delete,
    Plan,
    Reason,
    Remarks,
    Summary,
    Unchanged,
    Update,
)
from flashsync.render.screen import Screen, header, line, rows
from flashsync.render.words import count

if TYPE_CHECKING:
    from rich.console import RenderableType

Row = tuple[str, str, str]

REASONS = {
    Reason.ABSENT: "deleted: the file says `absent: true`",
    Reason.PRUNED: "deleted: no file declares it (--prune)",
    Reason.SECRETS: "secrets are sent, since they cannot be compared (--send-secrets)",
    Reason.GONE: "declared absent, and already gone",
}
"""Reasons that are not plain from the changes."""


def plan_text(plan: Plan, screen: Screen, *, verbose: bool = False) -> str:
    """The plan; with `verbose`, unchanged schedules too."""
    parts: list[RenderableType] = []
    for action in plan.actions:
        if verbose or not isinstance(action, Unchanged):
            parts += block(action)
    parts += undeclared(plan.undeclared)
    parts += [line(f"Note: {note}") for note in plan.notes]
    parts.append(line(summary(plan.summary), "bold"))
    parts += uncompared(plan.actions)
    parts += refusals(plan.refusals)
    return screen.text(parts)


def block(action: Action) -> Iterator[RenderableType]:
    """What happens to one schedule: a heading, changes, warnings, notes."""
    sign, style = _sign(action)
    source = f"{action.source.file}:{action.source.line}" if action.source else ""
    yield header(f"  {sign} {_title(action)}", style, source)
    found = [*_rows(action), *remarks(action.remarks)]
    if found:
        yield rows(found)


def _sign(action: Action) -> tuple[str, str]:
    match action:
        case Create():
            return "+", "bold green"
        case Update():
            return "~", "bold yellow"
        case Delete():
            return "-", "bold red"
        case Unchanged():
            return "=", "bold"
        case _:  # pragma: no cover
            assert_never(action)


def _title(action: Action) -> str:
    if isinstance(action, Update) and action.renamed:
        return f"{action.live_name} → {action.name}"
    return action.name


def _rows(action: Action) -> Iterator[Row]:
    if isinstance(action, Create):
        yield from created(action.changes)
    elif isinstance(action, Update):
        for change in action.changes:
            if change.path != "schedule":
                yield change.path, change.text, ""
    if isinstance(action, Delete):
        yield "id", str(action.id), ""
    if action.reason in REASONS:
        yield "reason", REASONS[action.reason], ""


def created(changes: Sequence[Change]) -> Iterator[Row]:
    """A new schedule in few lines: one for each layer, its groups, and the other keys."""
    parts: dict[str, list[str]] = {}
    for change in changes:
        label, key = _label(change.path)
        if key == "groups":
            turns = change.text.removeprefix("[").removesuffix("]")
            parts[f"{label}.{key}"] = [turns]
        else:
            parts.setdefault(label, []).append(f"{key} {change.text}".strip())
    for label, texts in parts.items():
        yield label, ", ".join(texts), ""


def _label(path: str) -> tuple[str, str]:
    """`layers[Primary].rotation` is shown at `layers[Primary]`, as `rotation`."""
    head, dot, key = path.rpartition(".")
    if not dot or "]" in key:
        return path, ""
    return head, key


def remarks(found: Remarks) -> Iterator[Row]:
    """Warnings, then notes."""
    for warning in found.warnings:
        yield "warning", warning, "yellow"
    for note in found.notes:
        yield "note", note, ""


def undeclared(names: Sequence[str]) -> Iterator[RenderableType]:
    """Live schedules in scope that no file declares."""
    if names:
        listed = ", ".join(names)
        yield line(f"Live and in `manage` scope, but declared nowhere: {listed} (see --prune)")


def summary(counts: Summary) -> str:
    """The counts in one line."""
    if not counts.writes:
        if not counts.unchanged:
            return "No changes: no schedule is declared."
        verb = "is as its file says" if counts.unchanged == 1 else "are as the files say"
        return f"No changes. {count(counts.unchanged, 'schedule')} {verb}."
    return (
        f"Plan: {counts.create} to create, {counts.update} to update, {counts.delete} to delete; "
        f"{counts.unchanged} unchanged."
    )


def uncompared(actions: Sequence[Action]) -> Iterator[RenderableType]:
    """How many unchanged schedules have secrets that could not be compared."""
    number = sum(
        isinstance(action, Unchanged)
        and any("was not compared" in note for note in action.remarks.notes)
        for action in actions
    )
    if number:
        verb = "has secrets" if number == 1 else "have secrets"
        yield line(
            f"{count(number, 'unchanged schedule')} {verb} that the platform does not show, so "
            "they were not compared; apply --send-secrets sends them."
        )


def refusals(problems: Sequence[Problem]) -> Iterator[RenderableType]:
    """Why apply would not run the plan."""
    if problems:
        yield line("Apply would refuse this plan:", "bold red")
        for problem in problems:
            yield line(f"  {problem}")
