"""One action of a plan as a block: a heading, and rows of what changes, why, and what to know."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import assert_never

from flashsync.plan.model import Action, Change, Create, Delete, Reason, Unchanged, Update
from flashsync.render.creates import created
from flashsync.render.layout import Page, Row
from flashsync.render.screen import Look

SIGNS = {
    Create: ("+", Look.ADDED),
    Update: ("~", Look.CHANGED),
    Delete: ("-", Look.REMOVED),
    Unchanged: ("=", Look.PLAIN),
}
_REASONS = {
    Reason.ABSENT: "the file says `absent: true`",
    Reason.PRUNED: "not declared by any file (--prune)",
    Reason.SECRETS: "secrets that cannot be compared are sent (--send-secrets)",
    Reason.TIDIED: "it is over, and of no use any more",
    Reason.UNDONE: "back to what it was before",
    Reason.GONE: "the file says `absent: true`, and it is gone",
}
"""Why, where the heading and the changes do not say it."""


def show(page: Page, action: Action, rows: Sequence[Row]) -> None:
    """The block; headings without rows stand close together."""
    _heading(page, action)
    page.rows(rows)
    if rows:
        page.blank()


def _heading(page: Page, action: Action) -> None:
    """The sign, the name or both names, and where it is declared."""
    sign, look = SIGNS[type(action)]
    place = f"{action.source.file}:{action.source.line}" if action.source else ""
    page.heading(sign, look, title(action), place)


def title(action: Action) -> str:
    """The name, or both names of one that is renamed."""
    if isinstance(action, Update) and action.renamed:
        return f"{action.live_name} → {action.name}"
    return action.name


def body(action: Action) -> Iterator[Row]:
    """What happens to a schedule, and why."""
    yield from why(action)
    match action:
        case Create():
            yield from created(action.changes)
        case Update():
            yield from changes(action)
        case Delete():
            yield lost(action)
        case Unchanged():
            pass
        case _:  # pragma: no cover
            assert_never(action)


def why(action: Action) -> Iterator[Row]:
    """The reason, where it is not obvious."""
    if action.reason in _REASONS:
        yield Row("reason", _REASONS[action.reason])


def changes(action: Update) -> Iterator[Row]:
    """The fields that differ; the name stands in the heading."""
    for change in action.changes:
        if change.path != "schedule":
            yield changed(change)


def changed(change: Change) -> Row:
    """One field that differs."""
    return Row(change.path, change.text)


def lost(action: Delete) -> Row:
    """What a delete takes away."""
    return Row("deletes", f"id {action.id}, with its rotation and all its overrides")


def remarks(action: Action, said: Container[str] = ()) -> Iterator[Row]:
    """Warnings and notes; those of the checks in `said` stand in other rows already."""
    for warning in action.remarks.warnings:
        if warning.check not in said:
            yield Row("warning", warning.text, Look.WARNING)
    for note in action.remarks.notes:
        yield Row("note", note)
