"""Schedule, layer, group, override: one type for live and for desired state.

Times are Unix seconds; wall-clock values (`handoff`, `hours`) are seconds of the account's zone.
Every value is in its canonical form (see `canonical_name`), so `==` compares meanings. `carried`
has the fields that users cannot declare and a write must send back unchanged (api.md, A schedule on
the wire); comparisons ignore it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

from flashsync.model.notify import Notify
from flashsync.model.timezone import DAY, WEEK, time_of_week

PRIMARY = 0
BACKUP = 1
NO_TEAM = 0
MARK = " [flashsync]"
"""The end of the name of a declared override; all other overrides are the console's."""

_IDENTITY = re.compile(r"(.*) (-?[0-9]{1,19})-(-?[0-9]{1,19}) ([0-9,]*)", re.DOTALL)

Carried = Mapping[str, Any]


class Unit(StrEnum):
    """The unit of a turn's length; a month is a calendar month."""

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
        """Whether a handoff works: with 1 week or 7 days (api.md, `handoff_time`)."""
        return (self.value, self.unit) in ((1, Unit.WEEK), (7, Unit.DAY))


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of duty, the same every day or every week.

    `windows` are pairs of seconds from 00:00 (day) or from Monday 00:00 (week); an end at or before
    its start lies in the next day or week.
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
    """The people who share a turn. Without a `name`, the file leaves it to the platform."""

    members: frozenset[Member]
    name: str | None = None
    carried: Carried = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Layer:
    """A rotation: groups take turns from `start` (Unix seconds) until `end`, or for ever (None).

    `handoff` is in seconds from Monday 00:00, and None if the rotation is not weekly, if a file
    leaves it open, or if a live layer that `cuts_days` lacks it. Other live layers without one use
    the time of week of their start. `days` are the days of duty, Sunday 0; None for no mask.
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
        """Whether days are cut at 00:00: then no handoff and a handoff at the time of week of
        `start` differ (api.md, `handoff_time`)."""
        return self.days is not None and not self.continuous

    def begun(self, now: int) -> bool:
        """Whether the rotation has begun at `now` (Unix seconds)."""
        return self.start <= now

    def ended(self, now: int) -> bool:
        """Whether the layer has ended at `now` (Unix seconds)."""
        return self.end is not None and self.end <= now


@dataclass(frozen=True, slots=True)
class Override:
    """Replaces all rotation layers from `start` to `end` (Unix seconds).

    An override of a file has its people in the primary role. `group` is the name of its one group.
    Where overrides overlap, the highest `weight` decides; files cannot declare it. `carried` is the
    whole live layer as the platform sent it: an override is written back untouched. It is empty for
    a declared override; for an override of a journal it has what the journal kept.
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
        """The ids of the people, in any role."""
        return frozenset(member.person for member in self.members)

    @property
    def ours(self) -> bool:
        """Whether a file declares it."""
        return self.name.endswith(MARK)

    @property
    def identity(self) -> str:
        """Distinguishes it from all others; the same in every zone and every run."""
        people = ",".join(str(person) for person in sorted(self.people))
        return f"{self.name} {self.start}-{self.end} {people}"

    def past(self, now: int) -> bool:
        """Whether it is past at `now` (Unix seconds): never created, removed or compared."""
        return self.end <= now


def override_of(identity: str) -> Override | None:
    """The override of an `Override.identity`, its people as primaries."""
    found = _IDENTITY.fullmatch(identity)
    if found is None:
        return None
    members = frozenset(Member(int(id)) for id in found[4].split(",") if id)
    return Override(found[1], int(found[2]), int(found[3]), members)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who wrote a schedule last (person id) and when (Unix seconds); 0 if unknown."""

    by: int = 0
    at: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule: rotation layers, overrides, and notify.

    A schedule that is not live yet has no `id`. `disabled` is a deprecated switch of the platform,
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
        """The declared overrides."""
        return tuple(override for override in self.overrides if override.ours)

    @property
    def console_overrides(self) -> tuple[Override, ...]:
        """The console overrides, which are never changed."""
        return tuple(override for override in self.overrides if not override.ours)


def without_fields(schedule: Schedule, fields: Collection[str]) -> Schedule:
    """The schedule without a value in these of its fields (`IGNORABLE`)."""
    return replace(schedule, **{field: _EMPTY[field] for field in fields}) if fields else schedule


def with_fields_of(schedule: Schedule, live: Schedule, fields: Collection[str]) -> Schedule:
    """The schedule with the live values of these fields (`IGNORABLE`)."""
    return replace(schedule, **{field: getattr(live, field) for field in fields})


_EMPTY: Mapping[str, Any] = {"description": "", "team": NO_TEAM, "notify": Notify()}

PERIOD = {"day": DAY, "week": WEEK}
"""Seconds after which hours of duty repeat."""


def canonical_name(text: str) -> str:
    """A name as identity compares it: Unicode NFC, stripped."""
    return unicodedata.normalize("NFC", text).strip()


def canonical_description(text: str) -> str:
    """A description with one kind of line end, stripped.

    A YAML block ends with a line end that nobody means. **Guess**: the platform may cut it.
    """
    return text.replace("\r\n", "\n").strip()


def canonical_hours(
    every: Literal["day", "week"], windows: Iterable[tuple[int, int]]
) -> Hours | None:
    """Hours of duty, sorted, each window once; None without a window.

    api.md, `restrict_periods`: the end of a window over midnight is at or before its start, or
    beyond the period; both mean the same. An end at 00:00 is the end of the period.
    """
    period = PERIOD[every]
    unique = {(start, _end(end, period)) for start, end in windows}
    return Hours(every, tuple(sorted(unique))) if unique else None


def _end(end: int, period: int) -> int:
    return end % period or period if end > period or end == 0 else end


def canonical_handoff(
    rotation: Rotation, sent: int | None, start: int, timezone: str, *, cuts_days: bool = False
) -> int | None:
    """The effective handoff of a live layer, in seconds from Monday 00:00; None if not weekly.

    api.md, `handoff_time`: 0 means no handoff, which is the same as a handoff at the time of week
    of `start` (Unix seconds), except if a mask cuts days at 00:00: then it stays None.
    """
    if not rotation.weekly:
        return None
    return sent or (None if cuts_days else time_of_week(start, timezone))


def canonical_days(repeat: Iterable[int] | None) -> frozenset[int] | None:
    """The days of a mask, Sunday 0; None without a mask (null and empty alike)."""
    return frozenset(repeat or ()) or None
