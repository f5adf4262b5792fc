"""A plan: one action a schedule, each with its reason, in the order in which apply runs them."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal, TypeAlias

from flashsync.errors import Position, Problem
from flashsync.model.calendar import Calendar, Span
from flashsync.model.desired import Ignorable, Rollout
from flashsync.model.duty_load import Load
from flashsync.model.people import Account, Directory
from flashsync.model.schedule import Schedule, Stamp
from flashsync.model.timezone import DAY
from flashsync.plan.words import Words
from flashsync.rotation.compare import Gap, Move
from flashsync.rotation.rollout.model import Cut

# What a plan is made from, next to the matching.


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the account.

    `live` has at least the schedules of `wanted_ids`. `now` is in Unix seconds. `warnings` came up
    while names were resolved, by schedule name. `computed` are the shifts that the platform
    computed from `now` on, by id, for schedules with fair layers. `journaled` reads the values of
    secrets that journals give by reference: it is called where a secret would be lost.
    """

    account: Account
    live: Mapping[int, Schedule]
    words: Words
    now: int
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    computed: Mapping[int, Calendar] = field(default_factory=dict)
    journaled: Callable[[], Container[str]] = frozenset


# What apply writes for one schedule, before the live one's own share is merged in.


@dataclass(frozen=True, slots=True)
class Target:
    """A schedule with nothing left open.

    Its `overrides` are the file's only: the console's are merged in right before the write.
    `origins` has one entry a layer: the place among the live rotation layers, counted from 0, of
    the layer that it takes undeclared fields (`hidden`, `weight`, …) over from, or None. Overrides
    of ours that ended by `forgotten` (Unix seconds) are dropped; others that have passed stay. The
    fields of `ignored` are empty here, and keep their live value in the write.
    """

    schedule: Schedule
    origins: tuple[int | None, ...] = ()
    forgotten: int | None = None
    ignored: tuple[Ignorable, ...] = ()


# One warning of a plan, and the check that gives it.


@dataclass(frozen=True, slots=True)
class Caution:
    """What to know before a write; `check` is the id of the check that says so, if one does."""

    message: str
    check: str = ""

    @property
    def text(self) -> str:
        """As people and scripts see it: what a check says ends with its id."""
        return f"{self.message} ({self.check})" if self.check else self.message


# The effect of an action: who is on call before and after it, and where the two differ.

FOLLOWED = 44 * DAY
"""Seconds for which a stretch beyond the window is followed."""


class EffectSource(StrEnum):
    """Who computed both sides of an effect."""

    SERVER = "server"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Burden:
    """How much one person (an id) is on call before and after."""

    person: int
    before: Load
    after: Load


@dataclass(frozen=True, slots=True)
class Effect:
    """What one action does to the shifts of its schedule, within the plan's window.

    Without a `source` the effect is not known; `remark` then says why, and else why it was
    computed locally, or what is not known of it. Moves are clipped to the window. `later` is the
    first move beyond it, where nothing moves in it. Where it `goes_on`, the last of all these moves
    does not end when it says. `now` is the move that changes who is on call at this moment. `gaps`
    are introduced by the action; `old_gaps` were there before, `left_gaps` are there after it. The
    calendars are missing for a schedule that is not there, and in a plan read from a file;
    they reach a little beyond the window. Such a plan has the `burdens` instead.
    """

    source: EffectSource | None
    remark: str = ""
    moves: tuple[Move, ...] = ()
    goes_on: bool = False
    later: Move | None = None
    now: Move | None = None
    gaps: tuple[Gap, ...] = ()
    old_gaps: tuple[Gap, ...] = ()
    left_gaps: tuple[Gap, ...] = ()
    before: Calendar | None = None
    after: Calendar | None = None
    burdens: tuple[Burden, ...] = ()


def endless(span: Span, horizon: int) -> bool:
    """Whether a stretch was followed only to the horizon (Unix seconds), and may go on.

    The horizon is the end of the window; what begins later is followed for `FOLLOWED`.
    """
    start, end = span
    return end == horizon or end - start >= FOLLOWED


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


class ChangeKind(StrEnum):
    """How a field differs: a closed set, for people and for scripts.

    A field of a new schedule is `set`. `turns` are the groups of a layer in their order, `entries`
    a list without an order. A layer is `renamed`; with `group_names` only groups are. A `secret`
    differs or is not there on one side. `ended_link` is a link that is dropped. `unnamed` differs
    in what no file can say.
    """

    SET = "set"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    TURNS = "turns"
    ENTRIES = "entries"
    RENAMED = "renamed"
    GROUP_NAMES = "group_names"
    SECRET = "secret"  # noqa: S105 - a word, and not one
    ENDED_LINK = "ended_link"
    UNNAMED = "unnamed"


FileValue: TypeAlias = str | tuple[str, ...] | Mapping[str, str | tuple[str, ...]]
"""A value as a file would write it: a text, a list, or a part with keys of its own."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs, in the file's words.

    `path` is like `layers[Primary].groups`; None is a side without the field. A secret
    is `***`, or the reference by which the file gives it.
    """

    path: str
    kind: ChangeKind
    before: FileValue | None = None
    after: FileValue | None = None


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a plan says about a schedule next to its changes.

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
    """A schedule that is not live yet. It has no `effect` where none was asked for."""

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
    """A live schedule that goes. Without a `source`, no file declares it.

    `parts` are the fingerprints of its fields, and `stamp` says who had written it last. `taken`
    identifies the console's overrides that were there: apply says which others went with it.
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
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A schedule that is as its file wants it, or that may differ as it does for a time.

    Without an `id` it is not live.
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
class PlanBasis:
    """What a saved plan was made from, next to the account.

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
    basis: PlanBasis | None = field(default=None, compare=False)

    @property
    def names(self) -> dict[int, str]:
        """How a saved plan names people, by id."""
        people = self.directory.people.values()
        return {**self.directory.short_names, **{person.id: person.name for person in people}}

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
        counts = Summary(
            *(
                sum(isinstance(action, kind) for action in self.actions)
                for kind in (Create, Update, Delete, Unchanged)
            )
        )
        if self.window is None:
            return counts
        return replace(
            counts,
            shifts_moved=sum(len(effect.moves) for effect in self.effects),
            on_call_now_changes=sum(effect.now is not None for effect in self.effects),
        )
