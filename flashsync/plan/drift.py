"""Drift: alerts and accepted differences, and who wrote a schedule last."""

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
    Plan,
    Reason,
    Unchanged,
    Update,
    Write,
)


@dataclass(frozen=True, slots=True)
class Drift:
    """The plan of what alarms, what is `accepted`, and who wrote last, as far as known."""

    plan: Plan
    accepted: tuple[Accepted, ...] = ()
    written: Mapping[Key, LastWrite] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing alarms: no schedule differs, and none is undeclared."""
        return self.plan.empty and not self.plan.undeclared


# What alarms in drift, and what is accepted until a date.


def filter_accepted(
    plan: Plan, acceptances: Sequence[Acceptance], timezone: str, *, complete: bool
) -> Drift:
    """Splits a plan into what alarms and what is accepted; `timezone` is for showing times.

    A difference with an expired acceptance alarms again, with a note or a warning. A run over all
    files (`complete`) notes each acceptance for which nothing differs any more.
    """
    lookup = _Lookup(plan.created_at, acceptances, timezone)
    actions: list[Action] = []
    accepted: list[Accepted] = []
    for action in plan.actions:
        left, passed = _split(action, lookup)
        actions.append(left)
        accepted += passed
    undeclared: list[str] = []
    notes = list(plan.notes)
    for name in plan.undeclared:
        holding, expired = lookup.find(name)
        if holding:
            accepted.append(Accepted(name, WholeDifference.UNDECLARED, holding))
            continue
        undeclared.append(name)
        if expired:
            notes.append(f"{name}: {lookup.expired_text(expired)}")
    if complete:
        notes += _unused(plan, acceptances)
    left_plan = replace(
        plan, actions=tuple(actions), undeclared=tuple(undeclared), notes=tuple(notes)
    )
    return Drift(left_plan, tuple(accepted))


def warn_of_undoing(plan: Plan, acceptances: Sequence[Acceptance], timezone: str) -> Plan:
    """The plan with a warning at each write that would undo an accepted difference."""
    if not acceptances:
        return plan
    lookup = _Lookup(plan.created_at, acceptances, timezone)
    actions: list[Action] = []
    for action in plan.actions:
        undone: dict[int, Caution] = {}
        if not isinstance(action, Unchanged) and action.reason is not Reason.TIDIED:
            changes = action.changes if isinstance(action, Update) else None
            for path in [None] if changes is None else [change.path for change in changes]:
                if holding := lookup.find(action.name, path)[0]:
                    undone[id(holding)] = Caution(lookup.undone_text(holding))
            action = replace(action, remarks=action.remarks.and_warnings(*undone.values()))
        actions.append(action)
    return replace(plan, actions=tuple(actions))


@dataclass(frozen=True, slots=True)
class _Lookup:
    """The acceptances at a time (`now`: Unix seconds), and the zone in which times are shown."""

    now: int
    acceptances: Sequence[Acceptance]
    timezone: str

    def find(
        self, name: str, path: str | None = None
    ) -> tuple[Acceptance | None, Acceptance | None]:
        """The acceptance that holds for a field, or for a whole schedule; and an expired one."""
        covering = [acceptance for acceptance in self.acceptances if acceptance.covers(name, path)]
        holding = (acceptance for acceptance in covering if acceptance.until > self.now)
        expired = (acceptance for acceptance in covering if acceptance.until <= self.now)
        return next(holding, None), next(expired, None)

    def undone_text(self, acceptance: Acceptance) -> str:
        """What the warning says about a write that undoes what is accepted."""
        return f"accepted in drift until {self._terms(acceptance)}; this plan undoes it"

    def expired_text(self, acceptance: Acceptance) -> str:
        """What is known of an acceptance that expired."""
        return f"was accepted until {self._terms(acceptance)}; that is over"

    def _terms(self, acceptance: Acceptance) -> str:
        until = moment(acceptance.until, self.timezone, self.now)
        return f"{until} ({acceptance.source}): {acceptance.reason}"


def _split(action: Action, lookup: _Lookup) -> tuple[Action, list[Accepted]]:
    """The action with what alarms, and what of it is accepted."""
    if isinstance(action, Unchanged):
        return action, []
    if isinstance(action, Update):
        return _split_update(action, lookup)
    holding, old = lookup.find(action.name)
    if holding:
        missing = isinstance(action, Create)
        difference = WholeDifference.MISSING if missing else WholeDifference.NOT_ABSENT
        return _accept(action), [Accepted(action.name, difference, holding)]
    if old:
        remarks = action.remarks.and_warnings(Caution(lookup.expired_text(old)))
        return replace(action, remarks=remarks), []
    return action, []


def _split_update(update: Update, lookup: _Lookup) -> tuple[Action, list[Accepted]]:
    left: list[Change] = []
    accepted: list[Accepted] = []
    expired: dict[int, Caution] = {}
    for change in update.changes:
        holding, old = lookup.find(update.name, change.path)
        if holding:
            accepted.append(Accepted(update.name, change, holding))
            continue
        left.append(change)
        if old:
            expired[id(old)] = Caution(lookup.expired_text(old))
    if update.changes and not left:
        return _accept(update), accepted
    remarks = update.remarks.and_warnings(*expired.values())
    return replace(update, changes=tuple(left), remarks=remarks), accepted


def _accept(write: Write) -> Unchanged:
    id = None if isinstance(write, Create) else write.id
    return Unchanged(id, write.name, write.source or Position(""), Reason.ACCEPTED, write.remarks)


def _unused(plan: Plan, acceptances: Sequence[Acceptance]) -> Iterator[str]:
    """Notes on acceptances for which nothing differs."""
    differing: list[tuple[str, str | None]] = [(name, None) for name in plan.undeclared]
    for write in plan.writes:
        if isinstance(write, Update):
            differing += [(write.name, change.path) for change in write.changes]
        else:
            differing.append((write.name, None))
    for acceptance in acceptances:
        if not any(acceptance.covers(name, path) for name, path in differing):
            field = f", {acceptance.field}" if acceptance.field else ""
            what = f"{acceptance.source}: accept `{acceptance.schedule}`{field}"
            yield f"{what}: nothing differs there any more, so remove it"


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

    def covers(self, name: str, path: str | None) -> bool:
        """Whether it is about a field of a schedule, or with None about the whole schedule."""
        return self.names(name) and (not self.field if path is None else self.holds(path))

    def holds(self, path: str) -> bool:
        """Whether a field is the field that it names, or below it."""
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
"""A live schedule's id; the name of a schedule that is missing, or that no file declares."""

MOST = 3
"""At most this many writes of a schedule are named; the newest explain the most."""


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

    `own` is whether that is the member of this run's key. `writes` are the newest first; none
    where the audit log may not be read, or says nothing. `gone` is whether the schedule has been
    deleted or renamed after all of these, by nobody knows whom.
    """

    writer: str
    at: int = 0
    own: bool = False
    writes: tuple[Wrote, ...] = ()
    gone: bool = False
