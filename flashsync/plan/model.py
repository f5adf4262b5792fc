"""A plan: one action a schedule, each with its reason, in the order in which apply runs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal, TypeAlias

from flashsync.errors import Position, Problem
from flashsync.model.calendar import Span
from flashsync.model.desired import Rollout
from flashsync.model.people import Account, Directory
from flashsync.model.schedule import Stamp
from flashsync.plan.caution import Caution
from flashsync.plan.effect import Effect
from flashsync.plan.target import Target
from flashsync.rotation.rollout.model import Cut


class Reason(StrEnum):
    """Why a schedule gets its action: a closed set, for people and for scripts."""

    NEW = "new"
    CHANGED = "changed"
    RENAMED = "renamed"
    SECRETS = "secrets_sent"
    ABSENT = "declared_absent"
    PRUNED = "not_declared"
    SAME = "same"
    GONE = "already_absent"
    TIDIED = "tidied"
    UNDONE = "undone"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs, in the file's words.

    `path` is like `layers[Primary].groups`; `before` and `after` are the values as a file would
    write them, None where there is none; `text` is the change in one line.
    """

    path: str
    before: str | None
    after: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a plan says about a schedule beside its changes.

    `uncompared` are the paths of secrets that were not compared; each has its note.
    """

    notes: tuple[str, ...] = ()
    warnings: tuple[Caution, ...] = ()
    uncompared: tuple[str, ...] = ()

    def and_notes(self, *notes: str) -> Remarks:
        """These, and more notes."""
        return replace(self, notes=(*self.notes, *notes))

    def and_warnings(self, *warnings: Caution) -> Remarks:
        """These, and more warnings."""
        return replace(self, warnings=(*self.warnings, *warnings))


@dataclass(frozen=True, slots=True)
class Create:
    """A schedule that is not live yet. `effect` is None where it was not asked for."""

    target: Target
    source: Position
    changes: tuple[Change, ...]
    remarks: Remarks = field(default_factory=Remarks)
    reason: Reason = Reason.NEW
    effect: Effect | None = None

    @property
    def name(self) -> str:
        """The name that it gets."""
        return self.target.schedule.name


@dataclass(frozen=True, slots=True)
class Update:
    """A live schedule that becomes `target`.

    `live_name` is its name now. `kept` identifies the console's overrides that were there: apply
    keeps any that came later too, and says so. `cuts` are when edits of layers take effect. `parts`
    are the fingerprints of the live one's fields, and `stamp` says who had written it last.
    """

    id: int
    live_name: str
    fingerprint: str
    target: Target
    source: Position
    changes: tuple[Change, ...]
    reason: Reason = Reason.CHANGED
    remarks: Remarks = field(default_factory=Remarks)
    kept: tuple[str, ...] = ()
    effect: Effect | None = None
    cuts: tuple[Cut, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    stamp: Stamp = field(default_factory=Stamp)

    @property
    def name(self) -> str:
        """The name that it gets."""
        return self.target.schedule.name

    @property
    def renamed(self) -> bool:
        """Whether its name changes."""
        return self.live_name != self.name


@dataclass(frozen=True, slots=True)
class Delete:
    """A live schedule that goes. `source` is None for one that no file declares.

    `parts` are the fingerprints of its fields, and `stamp` says who had written it last.
    """

    id: int
    name: str
    fingerprint: str
    reason: Reason
    source: Position | None = None
    remarks: Remarks = field(default_factory=Remarks)
    effect: Effect | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    stamp: Stamp = field(default_factory=Stamp)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A schedule that is as its file wants it, or that may differ as it does for a time.

    `id` is None for one that is not live.
    """

    id: int | None
    name: str
    source: Position
    reason: Reason = Reason.SAME
    remarks: Remarks = field(default_factory=Remarks)


Action: TypeAlias = Create | Update | Delete | Unchanged
Write: TypeAlias = Create | Update | Delete

Verb: TypeAlias = Literal["create", "update", "delete"]
VERBS: Mapping[type[Write], Verb] = {Create: "create", Update: "update", Delete: "delete"}
"""What a write does, in one word."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How many schedules get which action, and what moves; None where that was not computed.

    `shifts_moved` counts the stretches of the window in which other people are on call,
    `on_call_now_changes` the schedules on which somebody else is on call at this moment.
    """

    create: int
    update: int
    delete: int
    unchanged: int
    shifts_moved: int | None = None
    on_call_now_changes: int | None = None

    @property
    def writes(self) -> int:
        """How many are written."""
        return self.create + self.update + self.delete


@dataclass(frozen=True, slots=True)
class Basis:
    """What a saved plan was made from, beside the account.

    `declared` has marks of the declared fields, by schedule and path; for a schedule that is not
    written, one mark of all. `rollout` is the one of the command line.
    """

    declared: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rollout: Rollout | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What apply does, or nothing. `created_at` is in Unix seconds.

    `window` is the time for which effects were computed, None where they were not. `refusals` are
    why apply would not run it. `undeclared` are names of live schedules in `manage` scope that no
    file declares. `notes` are about the run as a whole. `directory` is how a saved plan names the
    people whom it is about, and `basis` what it was made from.
    """

    account: Account
    created_at: int
    actions: tuple[Action, ...]
    undeclared: tuple[str, ...] = ()
    refusals: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    window: Span | None = None
    directory: Directory = field(default_factory=Directory, compare=False)
    basis: Basis | None = field(default=None, compare=False)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The effects of the writes, as far as they were computed."""
        return tuple(action.effect for action in self.writes if action.effect is not None)

    @property
    def writes(self) -> tuple[Write, ...]:
        """The actions that write, in their order."""
        return tuple(action for action in self.actions if not isinstance(action, Unchanged))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.writes

    @property
    def summary(self) -> Summary:
        """The counts."""
        counts = Summary(*(self._count(kind) for kind in (Create, Update, Delete, Unchanged)))
        if self.window is None:
            return counts
        return replace(
            counts,
            shifts_moved=sum(len(effect.moves) for effect in self.effects),
            on_call_now_changes=sum(effect.now is not None for effect in self.effects),
        )

    def _count(self, kind: type[Action]) -> int:
        return sum(isinstance(action, kind) for action in self.actions)
