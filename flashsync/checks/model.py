"""What a check looks at, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from flashsync.errors import Level
from flashsync.model.desired import Desired
from flashsync.model.schedule import Schedule
from flashsync.model.timezone import DAY
from flashsync.plan.words import Words

if TYPE_CHECKING:  # `validate` is fast because it loads only what it runs
    from flashsync.model.calendar import Calendar, Span
    from flashsync.model.escalations import Incident, Reference
    from flashsync.plan.model import Effect

Path: TypeAlias = tuple[str | int, ...]


def _unknown(start: int, end: int) -> Calendar | None:
    """A calendar that nobody knows."""
    del start, end
    return None


@dataclass(frozen=True, slots=True)
class Case:
    """One schedule, before and after.

    `desired` is what its file asks for, None where no file declares it. `before` is what is live,
    None for one that is not; `after` is what will be live, with the console's overrides, None for
    one that goes. `timezone` is the account's zone, None where it is not known. `calendar` gives
    the shifts of `after` from one instant (Unix seconds) to another, or None where they are not
    known; `window` is how far ahead they can be asked for. `offline` is for files alone: `after` is
    what they declare, counted from its start. `references` are what escalation rules page, of any
    schedule, and `incidents` those that are open, each read only where a change calls for it.
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
        """What the file declares, its layers in the order of the file; None where it goes."""
        return None if self.desired is None or self.desired.absent else self.desired.schedule

    @property
    def zone(self) -> str:
        """The zone in which shifts are counted; times are told in that of `words`."""
        return self.timezone or self.words.timezone


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One thing that a check says: what is wrong, what to do, and where in the file.

    `level` is set only where it is not the check's own.
    """

    message: str
    remedy: str = ""
    path: Path = ()
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What the configuration says: levels by check id (None is off), and what is short notice."""

    levels: Mapping[str, Level | None] = field(default_factory=dict)
    within: int = DAY


Check: TypeAlias = Callable[[Case, CheckSettings], Iterator[CheckFinding]]


@dataclass(frozen=True, slots=True)
class CheckRule:
    """A check of one schedule, and its level unless the configuration says another (None is off).

    One that `needs_zone` does not run where the account's zone is not known.
    """

    level: Level | None
    check: Check
    needs_zone: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """One finding about one schedule, with the check that made it and how grave it is.

    `path` leads to its place in the declared document.
    """

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
