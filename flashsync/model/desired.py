"""The desired state of the files, with ids for names: schedules, rollout, expectations."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

from flashsync.errors import Level, Position
from flashsync.model.schedule import Schedule, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK

Ignorable: TypeAlias = Literal["description", "team", "notify"]
IGNORABLE: tuple[Ignorable, ...] = ("description", "team", "notify")
"""Fields of a schedule that can be left to the console, in the order of a file."""
CheckLevels: TypeAlias = tuple[tuple[str, Level | None], ...]
"""Levels of checks by their ids, None for off."""


class RolloutKind(StrEnum):
    """The rollouts of files and `--rollout`."""

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
    """What a file says about the edit of a layer."""

    rollout: Rollout = field(default_factory=Rollout)
    renamed_from: str | None = None
    checks: CheckLevels = ()


@dataclass(frozen=True, slots=True)
class Desired:
    """A schedule as a file declares it.

    `schedule.id` is the `id` in the file, or None. Its layers may leave open what the live layer
    decides: a group's name, a weekly handoff. With `whole` they replace all live layers exactly,
    links of chains included. `intents` has an entry for each layer; `expect` has the rota tests,
    `checks` has the file's own levels. The fields of `ignored` are left to the console, and empty
    here.
    """

    schedule: Schedule
    source: Position
    renamed_from: str | None = None
    absent: bool = False
    rollout: Rollout = field(default_factory=Rollout)
    intents: tuple[LayerIntent, ...] = ()
    expect: tuple[Expectation, ...] = ()
    checks: CheckLevels = ()
    whole: bool = False
    ignored: tuple[Ignorable, ...] = ()

    @property
    def name(self) -> str:
        """The desired name."""
        return self.schedule.name


# Rota tests. `place` is the index of the entry in the file's list. Instants are Unix seconds.

_SECONDS = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: WEEK}


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call at an instant; with `role`, in that role.

    `exactly` these people (None allows any), at least one of `any_of` if it is not empty, and none
    of `none_of`.
    """

    at: int
    exactly: frozenset[int] | None = None
    any_of: frozenset[int] = frozenset()
    none_of: frozenset[int] = frozenset()
    role: int | None = None
    place: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Covered:
    """Somebody is on call all the time from `start` to `end` (not included); with `role`, in it.

    Without times, from now on, for one full cycle of the rota.
    """

    start: int | None = None
    end: int | None = None
    role: int | None = None
    place: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AtMost:
    """Nobody is on call for longer than this without a break.

    Hours are elapsed time. Days and weeks follow the wall clock: a week with a change of clocks
    is a week.
    """

    value: int
    unit: Unit
    place: int = field(default=0, compare=False)

    @property
    def seconds(self) -> int:
        """The length in seconds, elapsed or of the wall clock."""
        return self.value * _SECONDS[self.unit]


Expectation: TypeAlias = OnCall | Covered | AtMost
