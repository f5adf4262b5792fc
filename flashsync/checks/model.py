"""What a check reads and reports, and how it writes people, times and lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from flashsync.errors import Level
from flashsync.model import wording
from flashsync.model.check_registry import CHECKS
from flashsync.model.desired import Desired
from flashsync.model.schedule import Layer, Member, Schedule, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK
from flashsync.model.wording import count, joined
from flashsync.plan.words import Words

if TYPE_CHECKING:  # `validate` is fast because it loads only what it runs
    from flashsync.model.account_records import Incident, Reference
    from flashsync.model.calendar import Calendar, Span
    from flashsync.plan.model import Effect
    from flashsync.rotation.compare import Move

Path: TypeAlias = tuple[str | int, ...]


SHORTEST = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: WEEK, Unit.MONTH: 28 * DAY}
"""The seconds of each unit; of a month the fewest."""


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
            levels = dict(desired.checks)
            match path:
                case ("layers", int(index), *_) if index < len(desired.intents):
                    levels |= desired.intents[index].checks
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


# How checks write people, times and lists.

NOBODY = "nobody"


def who(members: Iterable[Member], case: Case) -> str:
    """`alice`, `alice and bob (backup)`, `nobody`."""
    directory = case.words.directory
    ordered = wording.sort_members(members, directory)
    return joined([wording.member(member, directory) for member in ordered]) or NOBODY


def change_of_hands(move: Move, case: Case) -> str:
    """`alice → frank`."""
    return f"{who(move.before, case)} → {who(move.after, case)}"


def people(ids: Iterable[int], case: Case, last: str = "and") -> str:
    """`alice`, `alice and bob`."""
    return joined(sorted(case.words.directory.person(id) for id in ids), last)


def when(instant: int, case: Case) -> str:
    """`Mon 7 Dec 10:00`, in the zone that the user asked to see."""
    return wording.moment(instant, case.words.timezone, case.now)


def on_the_clock(instant: int, case: Case) -> str:
    """`Mon 7 Dec 10:00`, in the account's zone, as a file writes it."""
    return wording.moment(instant, case.zone, case.now)


def between(span: Span, case: Case, horizon: int | None = None) -> str:
    """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00`, in the zone that the user asked to see.

    A span that reaches the horizon (Unix seconds) is `from Mon 7 Dec 10:00 on`.
    """
    if horizon is not None:
        from flashsync.plan.model import endless  # only plans have a horizon

        if span[0] < horizon <= span[1] or endless(span, horizon):
            return f"from {when(span[0], case)} on"
    return wording.span(span, case.words.timezone, case.now)


def quoted(name: str) -> str:
    """A name of the account as `` `name` ``; it cannot end the quote itself."""
    return "`" + name.replace("`", "'") + "`"


def more(number: int, noun: str) -> str:
    """`, and 2 more gaps`; "" for 0."""
    return f", and {count(number, f'more {noun}')}" if number else ""


def listed(parts: Sequence[str], most: int, noun: str) -> str:
    """`a, b and c`, or `a, b, and 2 more rules` where there are more than `most`."""
    if len(parts) <= most:
        return joined(parts)
    return ", ".join(parts[:most]) + more(len(parts) - most, noun)


def hours(seconds: int) -> str:
    """`24 h`, `90 min`."""
    return f"{seconds // HOUR} h" if seconds % HOUR == 0 else f"{seconds // 60} min"


def time_of_day(seconds: int) -> str:
    """`10:00`, from seconds of the wall clock."""
    minutes = seconds // 60 % (24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
