"""What a check reads, and what it reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from flashsync.errors import Level
from flashsync.model.check_registry import CHECKS
from flashsync.model.desired import Desired
from flashsync.model.schedule import Layer, Schedule
from flashsync.model.timezone import DAY
from flashsync.plan.words import Words

if TYPE_CHECKING:  # `validate` is fast because it loads only what it runs
    from flashsync.model.calendar import Calendar, Span
    from flashsync.model.escalations import Incident, Reference
    from flashsync.plan.model import Effect

Path: TypeAlias = tuple[str | int, ...]


def _unknown(start: int, end: int) -> Calendar | None:
    return None


@dataclass(frozen=True, slots=True)
class Case:
    """A schedule before and after a change.

    `desired` is missing (None) where no file declares the schedule, `before` where it is not live,
    `after` where the change deletes it; `after` includes console overrides. `timezone` is the zone
    of the account, if it is known. `calendar` gives the shifts of `after` between two instants
    (Unix seconds), or None where they are unknown; `window` is how far ahead it reaches. With
    `offline`, `after` is what the file declares, counted from its `start`. `references` (what
    escalation rules page, of any schedule) and `incidents` (open) are read only where a change
    calls for them.
    """

    name: str
    desired: Desired | None
    before: Schedule | None
    after: Schedule | None
    words: Words
    now: int
    timezone: str | None
    effect: Effect | None = None
    calendar: Callable[[int, int], Calendar | None] = _unknown
    window: Span = (0, 0)
    offline: bool = False
    references: Sequence[Reference] = ()
    incidents: Sequence[Incident] = ()

    @property
    def wanted(self) -> Schedule | None:
        """The schedule of the file, layers in the file's order; None where it is to be deleted."""
        return None if self.desired is None or self.desired.absent else self.desired.schedule

    def running_layers(self) -> Iterator[tuple[int, Layer]]:
        """The file's layers that have not ended, each with its index in the file."""
        for index, layer in enumerate(self.wanted.layers if self.wanted else ()):
            if not layer.ended(self.now):
                yield index, layer

    def declared_people(self) -> dict[int, Path]:
        """The people whom the file puts on call from now on, each with the first path."""
        people: dict[int, Path] = {}
        for index, layer in self.running_layers():
            for turn, group in enumerate(layer.groups):
                for member in group.members:
                    people.setdefault(member.person, ("layers", index, "groups", turn))
        for index, override in enumerate(self.wanted.overrides if self.wanted else ()):
            if not override.past(self.now):
                for id in override.people:
                    people.setdefault(id, ("overrides", index, "people"))
        return people

    def cycle_end(self) -> int:
        """The end of one full cycle of the rota; the window's end where the platform decides."""
        from flashsync.rotation.cycle import cycle_end  # few files need it
        from flashsync.rotation.turns import computable_layer

        layers = self.after.layers if self.after else ()
        if not all(map(computable_layer, layers)):
            return self.window[1]
        return max(self.window[1], cycle_end(layers, self.now))

    @property
    def zone(self) -> str:
        """The zone in which shifts are counted; texts show times in the zone of `words`."""
        return self.timezone or self.words.timezone


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """A problem, its remedy, and its path in the file. `level` overrides the check's own."""

    message: str
    remedy: str = ""
    path: Path = ()
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """Levels that differ from the defaults, by check id (None is off); `within` in seconds."""

    levels: Mapping[str, Level | None] = field(default_factory=dict)
    within: int = DAY

    def level(self, id: str) -> Level | None:
        """The level of a check: as configured, else its default."""
        return self.levels[id] if id in self.levels else CHECKS[id].level


Check: TypeAlias = Callable[[Case, CheckSettings], Iterator[CheckFinding]]
"""A check of one schedule."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A finding about a schedule, with the id and level of its check."""

    check: str
    level: Level
    schedule: str
    message: str
    remedy: str = ""
    path: Path = ()

    @property
    def text(self) -> str:
        """The message with its remedy."""
        return f"{self.message}; {self.remedy}" if self.remedy else self.message
