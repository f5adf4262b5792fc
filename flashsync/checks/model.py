"""What a check reads, and what it reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from flashsync.errors import Level
from flashsync.model.check_registry import CHECKS
from flashsync.model.desired import Desired
from flashsync.model.schedule import Layer, Schedule
from flashsync.model.timezone import DAY, WEEK
from flashsync.plan.words import Words

if TYPE_CHECKING:  # `validate` is fast because it loads only what it runs
    from flashsync.model.account_records import Incident, Reference
    from flashsync.model.calendar import Calendar, Span
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

    @property
    def has_exceptions(self) -> bool:
        """Whether the file sets levels of checks."""
        desired = self.desired
        return desired is not None and bool(
            desired.checks or any(intent.checks for intent in desired.intents)
        )

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
        """The end of one full cycle of the rota, two weeks from now or later.

        The window's end where the platform decides about turns.
        """
        from flashsync.rotation.turns import computable_layer, cycle_end

        layers = self.after.layers if self.after else ()
        if not all(map(computable_layer, layers)):
            return self.window[1]
        return max(self.now + 2 * WEEK, cycle_end(layers, self.now))

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
    """Levels that differ from the defaults, by check id (None is off); `within` in seconds.

    `levels` come from flashsync.yaml, and `run` from the command line, which wins over all.
    """

    levels: Mapping[str, Level | None] = field(default_factory=dict)
    within: int = DAY
    run: Mapping[str, Level | None] = field(default_factory=dict)

    def level(self, id: str, desired: Desired | None = None, path: Path = ()) -> Level | None:
        """The level of a check for a path of a schedule's file.

        That is what the command line says, else the layer, the schedule, flashsync.yaml, or the
        default.
        """
        if id in self.run:
            return self.run[id]
        if desired is not None:
            for levels in _list_exceptions(desired, path):
                if id in levels:
                    return levels[id]
        return self.levels[id] if id in self.levels else CHECKS[id].level

    def runs(self, id: str, desired: Desired | None = None) -> bool:
        """Whether a check has to be run: its level is not off, or not off for a layer."""
        if self.level(id, desired) is not None:
            return True
        intents = desired.intents if desired and id not in self.run else ()
        return any(level for intent in intents for own, level in intent.checks if own == id)

    def is_set(self, id: str) -> bool:
        """Whether flashsync.yaml or the command line sets the level."""
        return id in self.levels or id in self.run


def _list_exceptions(desired: Desired, path: Path) -> Iterator[Mapping[str, Level | None]]:
    """The levels that a file gives, first for the layer of a path."""
    match path:
        case ("layers", int(index), *_) if index < len(desired.intents):
            yield dict(desired.intents[index].checks)
    if desired.checks:
        yield dict(desired.checks)


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
