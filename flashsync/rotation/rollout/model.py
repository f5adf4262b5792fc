"""The values of a rollout: its situation, the edit, links, the cut, notes, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flashsync.model.calendar import Shift
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.schedule import Group, Layer
from flashsync.model.timezone import MINUTE
from flashsync.rotation.rollout.handoffs import half_hour, next_half_hour

EARLIEST = 10 * MINUTE
"""Seconds between now and the handoff of a cut, so that a plan can be read and written before."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The time of a rollout (Unix seconds), the account's zone, and what the platform computed.

    `computed` has the platform's shifts of the chain's layers from `now` on, which show the turns
    of a fair layer; None where they were not read.
    """

    now: int
    timezone: str
    earliest: int = EARLIEST
    computed: Sequence[Shift] | None = None

    def moment(self, rollout: Rollout) -> int | None:
        """The moment that a rollout names, on the half-hour; None for the next handoff."""
        if rollout.kind is RolloutKind.NOW:
            return half_hour(self.now, self.timezone)
        if rollout.at is not None and rollout.at > self.now:
            return next_half_hour(rollout.at, self.timezone)
        return None


@dataclass(frozen=True, slots=True)
class Edit:
    """A file's layer and the live chain that it changes.

    `completed` is the file's layer in the place of the last link: with that link's start and name,
    what the file leaves open, and the groups in the order of the link where that is the same cycle.
    """

    chain: tuple[Layer, ...]
    layer: Layer
    completed: Layer
    rollout: Rollout
    at: Situation


@dataclass(frozen=True, slots=True)
class Cut:
    """The moment at which an edit of a layer takes effect; all instants are Unix seconds.

    `comes` is the group on call from then on, None where the layer ends. `bridge` is the end of a
    bridge that begins at the cut. `first_turn` is the end of the first turn in a new cadence,
    where that is not as long as the later ones. A cut at or after the layer's end is not
    `effective`. `how` says what set the moment: a date that has passed counts as the next handoff.
    Of a `fair` layer only the platform knows who comes on: `comes` is then any group of it. With
    `past_end` the file's `end` had passed: the layer ends at the half-hour after the write.
    """

    layer: str
    at: int
    comes: Group | None
    bridge: int | None = None
    first_turn: int | None = None
    effective: bool = True
    how: RolloutKind = RolloutKind.NEXT_HANDOFF
    fair: bool = False
    past_end: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A layer to write.

    `origin` is the index of the live link that gives its undeclared fields.
    """

    layer: Layer
    origin: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for the plan; `group` is on call now, where the sentence ends with that."""

    text: str
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a rollout cannot be carried out, and what to do."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Rolled:
    """What becomes of one chain.

    `shown` is the layer before and after as a plan shows the edit: the last live link, if a link
    runs, and the file's layer, both in the file's order as far as they agree. It is missing where
    the links speak for themselves.
    """

    links: tuple[Link, ...]
    cuts: tuple[Cut, ...] = ()
    notes: tuple[Note, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    shown: tuple[Layer | None, Layer] | None = None
    cadences: tuple[Layer, Layer] | None = None
