"""The order of writes: names are free before somebody takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flashsync.model.schedule import canonical_name
from flashsync.plan.match import temporary_name
from flashsync.plan.model import Action, Create, Delete, Unchanged, Update, Write

Frees: TypeAlias = Update | Delete
"""What can free a name."""


@dataclass(frozen=True, slots=True)
class Step:
    """One write. With `name`, the live schedule only gets that name, for a moment.

    `needs` is the action that frees the name which this one takes.
    """

    action: Write
    name: str | None = None
    needs: Frees | None = None


Batch: TypeAlias = tuple[Step, ...]
"""Steps that do not depend on each other, so that they may run side by side."""

_PHASES = (Create, Update, Delete, Unchanged)
"""After what frees names: the order of all other actions."""


def ordered(actions: Sequence[Action]) -> tuple[Action, ...]:
    """Frees first, then creates, updates, the other deletes, and what does not change.

    A rename into a name that another action frees comes after it.
    """
    freeing = _follow_names(actions)
    return (*(action for level in freeing.levels for action in level), *freeing.others)


def batches(actions: Sequence[Action]) -> tuple[Batch, ...]:
    """The writes, batch after batch; names that go round in a cycle take a temporary one first."""
    freeing = _follow_names(actions)
    others = (
        [action for action in freeing.others if isinstance(action, kind)]
        for kind in (Create, Update, Delete)
    )
    phases: tuple[Sequence[Write], ...] = (*freeing.levels, *others)
    aside = tuple(Step(action, temporary_name(action.name)) for action in freeing.aside)
    steps = (
        tuple(Step(action, needs=freeing.by_name.get(_taken_name(action))) for action in phase)
        for phase in phases
    )
    return tuple(batch for batch in (aside, *steps) if batch)


@dataclass(frozen=True, slots=True)
class _Freeing:
    """The actions after which a name is free that another one takes, `by_name`.

    `levels` has them in the order in which they can run: an action is a level below the action
    that frees the name which it takes itself. `aside` has one of each cycle of names: it takes a
    temporary name before all others, and its place is the last of its cycle. `others` are all other
    actions, in their order.
    """

    by_name: Mapping[str | None, Frees]
    levels: Sequence[Sequence[Frees]]
    aside: Sequence[Update]
    others: Sequence[Action]


def _follow_names(actions: Sequence[Action]) -> _Freeing:
    """From each name that is freed to the action that takes it, which may free another one."""
    taken = {_taken_name(action) for action in actions}
    frees: dict[str, Frees] = {}
    for action in actions:
        if isinstance(action, Update | Delete):
            name = action.live_name if isinstance(action, Update) else action.name
            frees[canonical_name(name)] = action
    by_name: dict[str | None, Frees] = {name: frees[name] for name in sorted(frees.keys() & taken)}
    after: dict[int, Frees] = {}
    starts: list[Frees] = []
    for action in by_name.values():
        other = by_name.get(canonical_name(action.name)) if isinstance(action, Update) else None
        if other is None:
            starts.append(action)
        else:
            after[id(other)] = action
    done: set[int] = set()
    runs = [_follow(start, after, done) for start in starts]
    aside: list[Update] = []
    for action in by_name.values():
        if id(action) not in done and isinstance(action, Update):
            aside.append(action)
            runs.append(_follow(after[id(action)], after, done))
    depth = max(map(len, runs), default=0)
    levels = [[run[level] for run in runs if level < len(run)] for level in range(depth)]
    others = (action for action in actions if id(action) not in done)
    in_order = sorted(others, key=lambda action: (_PHASES.index(type(action)), action.name))
    return _Freeing(by_name, levels, aside, in_order)


def _follow(first: Frees, after: Mapping[int, Frees], done: set[int]) -> list[Frees]:
    """An action, then the action that takes the name which it frees, and so on."""
    run: list[Frees] = []
    action: Frees | None = first
    while action is not None and id(action) not in done:
        run.append(action)
        done.add(id(action))
        action = after.get(id(action))
    return run


def _taken_name(action: Action) -> str | None:
    """The name that a schedule gets, if it does not have it already."""
    takes = isinstance(action, Create) or (isinstance(action, Update) and action.renamed)
    return canonical_name(action.name) if takes else None
