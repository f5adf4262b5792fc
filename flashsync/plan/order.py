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
    first = [action for level in freeing.levels for action in level]
    others = (action for action in actions if id(action) not in freeing.done)
    return (*first, *sorted(others, key=lambda action: (_PHASES.index(type(action)), action.name)))


def batches(actions: Sequence[Action]) -> tuple[Batch, ...]:
    """The writes, batch after batch; names that go round in a cycle take a temporary one first."""
    freeing = _follow_names(actions)
    others = [action for action in ordered(actions) if id(action) not in freeing.done]
    phases: list[Sequence[Write]] = [
        *freeing.levels,
        *([act for act in others if isinstance(act, kind)] for kind in (Create, Update, Delete)),
    ]
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
    temporary name before all others, and its place is the last of its cycle. `done` has all by id.
    """

    by_name: Mapping[str | None, Frees]
    levels: list[list[Frees]]
    aside: list[Update]
    done: set[int]

    def follow(self, first: Frees, after: Mapping[int, Frees]) -> None:
        """Add an action, then the action that takes the name which it frees, and so on."""
        level = 0
        action: Frees | None = first
        while action is not None and id(action) not in self.done:
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(action)
            self.done.add(id(action))
            level, action = level + 1, after.get(id(action))


def _follow_names(actions: Sequence[Action]) -> _Freeing:
    """From each name that is taken back to the action that frees it."""
    taken = {_taken_name(action) for action in actions}
    frees: dict[str, Frees] = {}
    for action in actions:
        if isinstance(action, Update | Delete):
            name = action.live_name if isinstance(action, Update) else action.name
            frees[canonical_name(name)] = action
    by_name: dict[str | None, Frees] = {name: frees[name] for name in sorted(frees.keys() & taken)}
    freeing = _Freeing(by_name, [], [], set())
    after: dict[int, Frees] = {}
    last: list[Frees] = []
    for action in by_name.values():
        other = by_name.get(canonical_name(action.name)) if isinstance(action, Update) else None
        if other is None:
            last.append(action)
        else:
            after[id(other)] = action
    for action in last:
        freeing.follow(action, after)
    for action in by_name.values():
        if id(action) not in freeing.done and isinstance(action, Update):
            freeing.aside.append(action)
            freeing.follow(after[id(action)], after)
    return freeing


def _taken_name(action: Action) -> str | None:
    """The name that a schedule gets, if it does not have it already."""
    takes = isinstance(action, Create) or (isinstance(action, Update) and action.renamed)
    return canonical_name(action.name) if takes else None
