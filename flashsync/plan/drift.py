"""Drift: alerts and accepted differences, parted, and who wrote a schedule last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from fnmatch import fnmatchcase
from typing import TypeAlias

from flashsync.errors import Position
from flashsync.model.wording import moment
from flashsync.plan.model import (
    Action,
    Caution,
    Change,
    Create,
    Delete,
    Plan,
    Reason,
    Unchanged,
    Update,
    Write,
)


@dataclass(frozen=True, slots=True)
class Drift:
    """The plan of what alarms, what is `accepted`, and who wrote last, as far as it is known."""

    plan: Plan
    accepted: tuple[Accepted, ...] = ()
    written: Mapping[Key, LastWrite] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing alarms: no schedule differs, and none is undeclared."""
        return self.plan.empty and not self.plan.undeclared


# What alarms in drift, parted from what is accepted until its time is over.


def sifted(
    plan: Plan, acceptances: Sequence[Acceptance], timezone: str, *, complete: bool
) -> Drift:
    """Part what is accepted from what alarms; times are told in `timezone`.

    An acceptance that has expired is told at what alarms again; in a run over all files
    (`complete`), so is one for which nothing differs any more.
    """
    work = _Sieve(plan, acceptances, timezone)
    actions = tuple(map(work.action, plan.actions))
    undeclared = tuple(name for name in plan.undeclared if work.undeclared(name))
    notes = (*plan.notes, *work.notes, *(work.idle() if complete else ()))
    left = replace(plan, actions=actions, undeclared=undeclared, notes=notes)
    return Drift(left, tuple(work.accepted))


def warned(plan: Plan, acceptances: Sequence[Acceptance], timezone: str) -> Plan:
    """The plan with a warning at each write that would undo what is accepted."""
    work = _Sieve(plan, acceptances, timezone)
    actions = tuple(one if isinstance(one, Unchanged) else work.undone(one) for one in plan.actions)
    return replace(plan, actions=actions)


class _Sieve:
    """Goes through a plan, and keeps what is accepted and which acceptances that took."""

    def __init__(self, plan: Plan, acceptances: Sequence[Acceptance], timezone: str) -> None:
        self._now, self._all = plan.created_at, acceptances
        self._timezone = timezone
        self._used: set[int] = set()
        self.accepted: list[Accepted] = []
        self.notes: list[str] = []

    def action(self, action: Action) -> Action:
        """The action with what alarms; one that is accepted whole is no write any more."""
        match action:
            case Unchanged():
                return action
            case Update():
                return self._update(action)
            case Create():
                return self._whole(action, WholeDifference.MISSING)
            case Delete():
                return self._whole(action, WholeDifference.NOT_ABSENT)

    def undeclared(self, name: str) -> bool:
        """Whether a live schedule that no file declares alarms."""
        accepted, expired = self._found(name, None)
        if accepted:
            self.accepted.append(Accepted(name, WholeDifference.UNDECLARED, accepted))
        elif expired:
            self.notes.append(f"{name}: {self._expired(expired)}")
        return accepted is None

    def idle(self) -> Iterator[str]:
        """Acceptances for which nothing differs."""
        for one in self._all:
            if id(one) not in self._used:
                what = f"`{one.schedule}`" + (f", {one.field}" if one.field else "")
                yield f"{one.source}: accept {what}: nothing differs there any more, so remove it"

    def undone(self, write: Write) -> Write:
        """The write with a warning for each acceptance that it takes no notice of."""
        if write.reason is Reason.TIDIED:
            return write
        paths = [one.path for one in write.changes] if isinstance(write, Update) else [None]
        found = {id(one): one for path in paths if (one := self._found(write.name, path)[0])}
        said = [self._overruled(one) for one in found.values()]
        return replace(write, remarks=write.remarks.and_warnings(*said)) if said else write

    def _update(self, update: Update) -> Action:
        left, expired = [], {}
        for change in update.changes:
            taken, old = self._found(update.name, change.path)
            if taken:
                self.accepted.append(Accepted(update.name, change, taken))
                continue
            left.append(change)
            if old:
                expired[id(old)] = Caution(self._expired(old))
        if update.changes and not left:
            return _accepted(update, update.id)
        remarks = update.remarks.and_warnings(*expired.values())
        return replace(update, changes=tuple(left), remarks=remarks)

    def _whole(self, action: Create | Delete, difference: WholeDifference) -> Action:
        taken, old = self._found(action.name, None)
        if taken:
            self.accepted.append(Accepted(action.name, difference, taken))
            return _accepted(action, action.id if isinstance(action, Delete) else None)
        if old:
            remarks = action.remarks.and_warnings(Caution(self._expired(old)))
            return replace(action, remarks=remarks)
        return action

    def _found(self, name: str, path: str | None) -> tuple[Acceptance | None, Acceptance | None]:
        """The acceptance that holds for a field, or for a whole schedule; else one that did."""
        meant = [
            one
            for one in self._all
            if one.names(name) and (not one.field if path is None else one.holds(path))
        ]
        self._used |= {id(one) for one in meant}
        holding = [one for one in meant if one.until > self._now]
        expired = [one for one in meant if one.until <= self._now]
        return next(iter(holding), None), next(iter(expired), None)

    def _overruled(self, one: Acceptance) -> Caution:
        until = f"accepted in drift until {self._until(one)}"
        return Caution(f"{until} ({one.source}): {one.reason}; this plan undoes it")

    def _expired(self, one: Acceptance) -> str:
        return f"was accepted until {self._until(one)} ({one.source}): {one.reason}; that is over"

    def _until(self, one: Acceptance) -> str:
        return moment(one.until, self._timezone, self._now)


def _accepted(write: Write, id: int | None) -> Unchanged:
    source = write.source or Position("")
    return Unchanged(id, write.name, source, Reason.ACCEPTED, write.remarks)


# Differences that are accepted for a time: which ones, why, and until when.

_BELOW_A_NAME = re.compile(r"(\.[a-z_]+)*")
"""What follows `layers[Primary]` in a path: keys, and no name that looks like one."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What is accepted, why, and until when (Unix seconds; that moment is not included).

    `schedule` is a name or a glob; `field` is a path of a change, or what it begins with, and empty
    for the whole schedule.
    """

    schedule: str
    field: str
    reason: str
    until: int
    source: Position

    def names(self, name: str) -> bool:
        """Whether it is about a schedule of this name."""
        return name == self.schedule or fnmatchcase(name, self.schedule)

    def holds(self, path: str) -> bool:
        """Whether a field is the one that it names, or below it."""
        if not self.field:
            return True
        rest = path.removeprefix(self.field)
        if not path.startswith(self.field) or (rest and rest[0] not in ".["):
            return False
        return not self.field.endswith("]") or _BELOW_A_NAME.fullmatch(rest) is not None


class WholeDifference(Enum):
    """How a whole schedule differs from its files."""

    UNDECLARED = auto()
    MISSING = auto()
    NOT_ABSENT = auto()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A difference of a schedule that does not alarm, of one field or of the whole."""

    schedule: str
    difference: Change | WholeDifference
    by: Acceptance

    @property
    def path(self) -> str:
        """The path of the field; empty for a whole schedule."""
        return self.difference.path if isinstance(self.difference, Change) else ""


# Who wrote a live schedule last, for drift.

Key: TypeAlias = int | str
"""A live schedule's id; the name of one that is missing, or that no file declares."""

MOST = 3
"""So many writes of one schedule are named; the newest explain the most."""


def key_of(write: Write) -> Key:
    """Under what its last write is kept."""
    return write.name if isinstance(write, Create) else write.id


@dataclass(frozen=True, slots=True)
class Wrote:
    """One write, as the audit log tells it: by whom, when (Unix seconds), by which request."""

    writer: str
    at: int
    operation: str
    request_id: str


@dataclass(frozen=True, slots=True)
class LastWrite:
    """Who wrote a live schedule last, and when (Unix seconds; 0 where not known).

    `own` is whether that is the member whose key this run uses. `writes` are the newest first; none
    where the audit log may not be read, or says nothing. `gone` is whether the schedule has been
    deleted or renamed after all of these, by nobody knows whom.
    """

    writer: str
    at: int = 0
    own: bool = False
    writes: tuple[Wrote, ...] = ()
    gone: bool = False
