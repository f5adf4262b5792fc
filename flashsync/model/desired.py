"""What the files ask for, once every name has become an id: schedules, rollout, expectations."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from flashsync.errors import Position
from flashsync.model.schedule import Schedule, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK

# When an edit of rotation layers takes effect.


class RolloutKind(StrEnum):
    """The ways that a file, or `--rollout`, can ask for."""

    NEXT_HANDOFF = "next_handoff"
    NOW = "now"
    EXACT = "exact"
    AT = "at"


@dataclass(frozen=True, slots=True)
class Rollout:
    """When an edit takes effect; `at` (Unix seconds) is set for AT only."""

    kind: RolloutKind = RolloutKind.NEXT_HANDOFF
    at: int | None = None

    @property
    def exact(self) -> bool:
        """Whether the file's `start` and order decide everything at once."""
        return self.kind is RolloutKind.EXACT


@dataclass(frozen=True, slots=True)
class LayerIntent:
    """What a file says about a layer beside the layer itself."""

    rollout: Rollout = field(default_factory=Rollout)
    renamed_from: str | None = None


@dataclass(frozen=True, slots=True)
class Desired:
    """A schedule as a file wants it.

    `schedule.id` is the `id` that the file pins, or None. Its layers may leave open what the live
    layer decides: a group's name, a weekly handoff. With `whole` they are all that there shall be,
    and are written as they stand, the links of chains too. `intents` has one entry for each layer;
    `expect` are the file's rota tests.
    """

    schedule: Schedule
    source: Position
    renamed_from: str | None = None
    absent: bool = False
    rollout: Rollout = field(default_factory=Rollout)
    intents: tuple[LayerIntent, ...] = ()
    expect: tuple[Expectation, ...] = ()
    whole: bool = False

    @property
    def name(self) -> str:
        """The name that the schedule shall have."""
        return self.schedule.name


# Rota tests: what a file expects of who is on call, once every name has become an id.
#
# `place` is the index of the entry in the file's list. Instants are Unix seconds.

_SECONDS = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: WEEK}


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call at an instant; with `role`, who is in that role.

    `exactly` these and nobody else, or None where any may be; at least one of `any_of`, where
    there are any; and none of `none_of`.
    """

    at: int
    exactly: frozenset[int] | None = None
    any_of: frozenset[int] = frozenset()
    none_of: frozenset[int] = frozenset()
    role: int | None = None
    place: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Covered:
    """Somebody is on call at every moment from `start` to `end`, which is not included."""

    start: int
    end: int
    place: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AtMost:
    """Nobody is on call for longer than this without a break.

    Hours are elapsed time. Days and weeks are the wall clock's, so that a week in which clocks
    change is a week.
    """

    value: int
    unit: Unit
    place: int = field(default=0, compare=False)

    @property
    def seconds(self) -> int:
        """The length, in seconds of its clock."""
        return self.value * _SECONDS[self.unit]


Expectation: TypeAlias = OnCall | Covered | AtMost
