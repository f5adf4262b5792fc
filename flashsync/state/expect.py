"""Rota tests: what a file expects of who is on call, once every name has become an id.

`place` is the index of the entry in the file's list. Instants are Unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from flashsync.state.schedule import Unit
from flashsync.state.zone import DAY, HOUR, WEEK

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
