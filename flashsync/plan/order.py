"""The order of writes: names are free before somebody takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flashsync.plan.identity import temporary_name
from flashsync.plan.model import Action, Create, Delete, Unchanged, Update, Write
from flashsync.state import canonical


@dataclass(frozen=True, slots=True)
class Step:
    """One write. With `name`, the live schedule only gets that name, for a moment."""

    action: Write
    name: str | None = None


Batch: TypeAlias = tuple[Step, ...]
"""Steps that do not depend on each other, so that they may run side by side."""


def ordered(actions: Sequence[Action]) -> tuple[Action, ...]:
    """Frees first, then creates, updates, the other deletes, and what does not change.

    A rename into a name that another action frees comes after it.
    """
    frees = _chains(actions)
    rank = {id(action): place for place, action in enumerate(frees)}
    return tuple(
        sorted(
            actions,
            key=lambda one: (*_phase(one, id(one) in rank), rank.get(id(one), 0), one.name),
        )
    )


def _phase(action: Action, frees: bool) -> tuple[int]:
    if frees:
        return (0,)
    match action:
        case Create():
            return (1,)
        case Update():
            return (2,)
        case Delete():
            return (3,)
        case Unchanged():
            return (4,)


def _frees(actions: Sequence[Action]) -> dict[str, Update | Delete]:
    """The actions after which a name is free that another action wants, by that name."""
    wanted = {
        canonical.name(one.name)
        for one in actions
        if isinstance(one, Create) or (isinstance(one, Update) and one.renamed)
    }
    found: dict[str, Update | Delete] = {}
    for one in actions:
        if isinstance(one, Delete) and canonical.name(one.name) in wanted:
            found[canonical.name(one.name)] = one
        elif isinstance(one, Update) and one.renamed and canonical.name(one.live_name) in wanted:
            found[canonical.name(one.live_name)] = one
    return found


def _chains(actions: Sequence[Action]) -> list[Update | Delete]:
    """The freeing actions, each after the one that frees the name it takes itself."""
    frees = _frees(actions)
    done: list[Update | Delete] = []

    def place(action: Update | Delete, path: tuple[int, ...]) -> None:
        if id(action) in path or any(action is one for one in done):
            return
        before = frees.get(canonical.name(action.name)) if isinstance(action, Update) else None
        if before is not None:
            place(before, (*path, id(action)))
        done.append(action)

    for name in sorted(frees):
        place(frees[name], ())
    return done


def batches(actions: Sequence[Action]) -> tuple[Batch, ...]:
    """The writes, batch after batch; names that go round in a cycle take a temporary one first."""
    frees = _chains(actions)
    first = [*_temporary(frees), *((Step(action),) for action in frees)]
    rest: list[Batch] = []
    for kind in (Create, Update, Delete):
        steps = tuple(
            Step(one)
            for one in ordered(actions)
            if isinstance(one, kind) and not any(one is free for free in frees)
        )
        rest.append(steps)
    return tuple(batch for batch in (*first, *rest) if batch)


def _temporary(frees: Sequence[Update | Delete]) -> list[Batch]:
    """For each cycle, a step that moves one schedule out of the way.

    In the order of `frees`, an update that takes a name which is freed only later closes a cycle.
    """
    free_after = {canonical.name(_frees_name(one)): place for place, one in enumerate(frees)}
    found: list[Batch] = []
    for place, one in enumerate(frees):
        if isinstance(one, Update) and free_after.get(canonical.name(one.name), -1) > place:
            last = frees[free_after[canonical.name(one.name)]]
            if isinstance(last, Update):
                found.append((Step(last, temporary_name(last.name)),))
    return found


def _frees_name(action: Update | Delete) -> str:
    return action.live_name if isinstance(action, Update) else action.name
