"""Schedule, layer, group, override: what the platform runs and what a file asks for, in one type.

Times are Unix seconds; wall-clock values (`handoff`, `hours`) are seconds of the account's zone.
Every value is in its one canonical form (see `canonical_name`), so `==` means "means the same".
`carried` holds what users cannot declare and a write must give back as it was (api.md, A schedule
on the wire); it takes no part in comparisons.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from flashsync.model.notify import Notify
from flashsync.model.timezone import DAY, WEEK, time_of_week

PRIMARY = 0
BACKUP = 1
NO_TEAM = 0
MARK = " [flashsync]"
"""The end of the name of an override layer that came from a file; all others are the console's."""

_IDENTITY = re.compile(r"(.*) (-?[0-9]{1,19})-(-?[0-9]{1,19}) ([0-9,]*)", re.DOTALL)

Carried = Mapping[str, Any]


class Unit(StrEnum):
    """What a turn's length is counted in; a month is a calendar month."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Rotation:
    """How long a turn lasts: `value` (1 to 30) units."""

    value: int
    unit: Unit

    @property
    def weekly(self) -> bool:
        """Whether a handoff has a meaning: 1 week, or 7 days (api.md, `handoff_time`)."""
        return (self.value, self.unit) in ((1, Unit.WEEK), (7, Unit.DAY))


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of duty, the same every day or every week.

    `windows` are pairs of seconds from 00:00 (day) or from Monday 00:00 (week); an end that is not
    after its start lies in the next day or week.
    """

    every: Literal["day", "week"]
    windows: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One person in a group, in one role (0 primary, 1 backup, others the account's own)."""

    person: int
    role: int = PRIMARY


@dataclass(frozen=True, slots=True)
class Group:
    """The people who share one turn. `name` is None where a file leaves it to the platform."""

    members: frozenset[Member]
    name: str | None = None
    carried: Carried = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Layer:
    """A rotation: groups take turns from `start` (Unix seconds) until `end`, or for ever (None).

    `handoff` is in seconds from Monday 00:00, and None where the rotation is not weekly, where a
    file leaves it open, and where a live layer that `cuts_days` has none. Other live layers without
    one have that of their start. `days` are the days of duty, Sunday 0; None is no mask.
    """

    name: str
    start: int
    end: int | None
    rotation: Rotation
    groups: tuple[Group, ...]
    handoff: int | None = None
    days: frozenset[int] | None = None
    continuous: bool = False
    hours: Hours | None = None
    fair: bool = False
    carried: Carried = field(default_factory=dict, compare=False, repr=False)

    @property
    def cuts_days(self) -> bool:
        """Whether days are cut at 00:00: there a handoff that is not set and one at the time of
        week of `start` differ (api.md, `handoff_time`)."""
        return self.days is not None and not self.continuous

    def begun(self, now: int) -> bool:
        """Whether the rotation runs, or ran, at `now` (Unix seconds)."""
        return self.start <= now

    def ended(self, now: int) -> bool:
        """Whether it is over at `now` (Unix seconds)."""
        return self.end is not None and self.end <= now


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody else's duty from `start` to `end` (Unix seconds), instead of all rotation layers.

    An override of a file has its people in the primary role. `group` is the name of its one group.
    Where overrides overlap, the highest `weight` decides; files cannot declare it. `carried` is the
    live layer as the platform sent it, whole: an override is written back untouched. For an
    override of a file it is empty, for one of a journal it has what the journal kept.
    """

    name: str
    start: int
    end: int
    members: frozenset[Member]
    carried: Carried = field(default_factory=dict, compare=False, repr=False)
    group: str | None = field(default=None, compare=False)
    weight: int = field(default=0, compare=False)

    @property
    def people(self) -> frozenset[int]:
        """The persons' ids, whatever their roles."""
        return frozenset(member.person for member in self.members)

    @property
    def ours(self) -> bool:
        """Whether it came from a file."""
        return self.name.endswith(MARK)

    @property
    def identity(self) -> str:
        """What tells it from all others, the same in every zone and in every run."""
        people = ",".join(str(person) for person in sorted(self.people))
        return f"{self.name} {self.start}-{self.end} {people}"

    def past(self, now: int) -> bool:
        """Whether it is history at `now` (Unix seconds): never created, removed or compared."""
        return self.end <= now


def override_of(identity: str) -> Override | None:
    """The override of an `Override.identity`, its people as primaries."""
    found = _IDENTITY.fullmatch(identity)
    if found is None:
        return None
    members = frozenset(Member(int(one)) for one in found[4].split(",") if one)
    return Override(found[1], int(found[2]), int(found[3]), members)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who wrote a schedule last (person id) and when (Unix seconds); 0 where not known."""

    by: int = 0
    at: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule: rotation layers, overrides, and who is told.

    `id` is None for one that is not live yet. `disabled` is the deprecated switch of the platform:
    read only.
    """

    name: str
    description: str = ""
    team: int = NO_TEAM
    layers: tuple[Layer, ...] = ()
    overrides: tuple[Override, ...] = ()
    notify: Notify = field(default_factory=Notify)
    id: int | None = None
    stamp: Stamp = field(default=Stamp(), compare=False)
    disabled: bool = field(default=False, compare=False)
    carried: Carried = field(default_factory=dict, compare=False, repr=False)

    @property
    def our_overrides(self) -> tuple[Override, ...]:
        """The overrides that came from files."""
        return tuple(override for override in self.overrides if override.ours)

    @property
    def console_overrides(self) -> tuple[Override, ...]:
        """The overrides that people made in the console: never changed."""
        return tuple(override for override in self.overrides if not override.ours)


# One form per meaning, so that a file and the platform compare equal where they agree.

PERIOD = {"day": DAY, "week": WEEK}
"""Seconds after which hours of duty repeat."""


def canonical_name(text: str) -> str:
    """A name as identity compares it: Unicode NFC, outer blanks cut."""
    return unicodedata.normalize("NFC", text).strip()


def canonical_description(text: str) -> str:
    """A description with one kind of line end and no outer blanks.

    A YAML block ends with a line end that nobody means. **Guess**: that the platform may cut it.
    """
    return text.replace("\r\n", "\n").strip()


def canonical_hours(
    every: Literal["day", "week"], windows: Iterable[tuple[int, int]]
) -> Hours | None:
    """Hours of duty, sorted, each window once; None where there is no window.

    api.md, `restrict_periods`: a window over midnight has an end that is not after its start, or
    one beyond the period: both mean the same. An end at 00:00 is the end of the period.
    """
    period = PERIOD[every]
    unique = {(start, _end(end, period)) for start, end in windows}
    return Hours(every, tuple(sorted(unique))) if unique else None


def _end(end: int, period: int) -> int:
    return end % period or period if end > period or end == 0 else end


def canonical_handoff(
    rotation: Rotation, sent: int | None, start: int, timezone: str, *, cuts_days: bool = False
) -> int | None:
    """The handoff that a live layer really has, in seconds from Monday 00:00; None if not weekly.

    api.md, `handoff_time`: 0 or nothing is no handoff. That means the same as one at the time of
    week of `start` (Unix seconds), but where a mask cuts days at 00:00: there it stays None.
    """
    if not rotation.weekly:
        return None
    return sent or (None if cuts_days else time_of_week(start, timezone))


def canonical_days(repeat: Iterable[int] | None) -> frozenset[int] | None:
    """The days of a mask, Sunday 0; None where there is no mask (null and empty alike)."""
    return frozenset(repeat or ()) or None
