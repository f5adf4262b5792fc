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
    freeing = _Freeing(actions)
    first = [one for level in freeing.levels for one in level]
    others = (one for one in actions if id(one) not in freeing.done)
    return (*first, *sorted(others, key=lambda one: (_PHASES.index(type(one)), one.name)))


def batches(actions: Sequence[Action]) -> tuple[Batch, ...]:
    """The writes, batch after batch; names that go round in a cycle take a temporary one first."""
    freeing = _Freeing(actions)
    others = [one for one in ordered(actions) if id(one) not in freeing.done]
    steps = [
        tuple(Step(one, temporary_name(one.name)) for one in freeing.aside),
        *(tuple(freeing.step(one) for one in level) for level in freeing.levels),
        *(
            tuple(freeing.step(one) for one in others if isinstance(one, kind))
            for kind in (Create, Update, Delete)
        ),
    ]
    return tuple(batch for batch in steps if batch)


class _Freeing:
    """The actions after which a name is free that another one takes.

    `levels` has them in the order in which they can run: an action is a level below the action
    that frees the name which it takes itself. `aside` has one of each cycle of names: it takes a
    temporary name before all others, and its place is the last of its cycle. `done` has all by id.
    """

    def __init__(self, actions: Sequence[Action]) -> None:
        self.levels: list[list[Frees]] = []
        self.aside: list[Update] = []
        self.done: set[int] = set()
        freeing = self._by_name = _by_name_freed(actions)
        before = {id(one): freeing.get(_taken(one)) for one in freeing.values()}
        after = {id(other): one for one in freeing.values() if (other := before[id(one)])}
        for one in freeing.values():
            if before[id(one)] is None:
                self._follow(one, after)
        for one in freeing.values():
            if id(one) not in self.done and isinstance(one, Update):
                self.aside.append(one)
                self._follow(after[id(one)], after)

    def step(self, action: Write) -> Step:
        """The step that gives a schedule the name which the plan wants."""
        takes = isinstance(action, Create) or (isinstance(action, Update) and action.renamed)
        needs = self._by_name.get(canonical_name(action.name)) if takes else None
        return Step(action, needs=needs)

    def _follow(self, first: Frees, after: Mapping[int, Frees]) -> None:
        """Add an action, then the action that takes the name which it frees, and so on."""
        level = 0
        one: Frees | None = first
        while one is not None and id(one) not in self.done:
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(one)
            self.done.add(id(one))
            level, one = level + 1, after.get(id(one))


def _by_name_freed(actions: Sequence[Action]) -> dict[str, Frees]:
    taken = {
        canonical_name(one.name)
        for one in actions
        if isinstance(one, Create) or (isinstance(one, Update) and one.renamed)
    }
    frees = {_freed(one): one for one in actions if isinstance(one, Update | Delete)}
    return {name: frees[name] for name in sorted(frees.keys() & taken)}


def _freed(action: Frees) -> str:
    """The name that the live schedule has before the action."""
    return canonical_name(action.live_name if isinstance(action, Update) else action.name)


def _taken(action: Frees) -> str:
    """The name that the live schedule gets; that of a deleted one is nobody's."""
    return canonical_name(action.name) if isinstance(action, Update) else ""
