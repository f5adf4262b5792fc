"""What the files ask for, once every name has become an id: the planner's input."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flashsync.errors import Position
from flashsync.state.rollout import Rollout
from flashsync.state.schedule import Schedule

if TYPE_CHECKING:
    from flashsync.state.expect import Expectation


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
