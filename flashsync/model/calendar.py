"""Who is on call when, as the platform or the local engine computed it.

All instants are Unix seconds; an end is not included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from flashsync.model.people import Directory
from flashsync.model.schedule import Member

Span = tuple[int, int]
"""A start and an end; the end is not included."""


@dataclass(frozen=True, slots=True)
class Shift:
    """`members` are on call from `start` to `end`.

    `index` is the index of their group in its layer, if the layer is known.
    """

    start: int
    end: int
    members: frozenset[Member]
    index: int | None = field(default=None, compare=False)

    @property
    def people(self) -> frozenset[int]:
        """The ids of the people, in any role."""
        return frozenset(member.person for member in self.members)


@dataclass(frozen=True, slots=True)
class Lane:
    """The shifts of a rotation layer or an override."""

    name: str
    override: bool
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The shifts of one schedule from `start` to `end`.

    `lanes` are in the order of the layers, overrides last. `final` is who is on call, all lanes
    together: in order, without overlaps, merged where nobody changes, never without members.
    """

    start: int
    end: int
    lanes: tuple[Lane, ...] = ()
    final: tuple[Shift, ...] = ()

    def at(self, instant: int) -> Shift | None:
        """The shift at an instant, or None if nobody is on call."""
        return next((shift for shift in self.final if shift.start <= instant < shift.end), None)

    def until(self, instant: int) -> tuple[Shift, ...]:
        """The final shifts, clipped to the time before an instant."""
        shifts = (shift for shift in self.final if shift.start < instant)
        return tuple(replace(shift, end=min(shift.end, instant)) for shift in shifts)

    def after(self, instant: int) -> Shift | None:
        """The first shift that begins after an instant, or None."""
        return next((shift for shift in self.final if shift.start > instant), None)


def merged(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """The shifts in order; neighbours with the same members become one.

    The shifts must not overlap. Shifts without members or without length are left out.
    """
    unbroken: list[Shift] = []
    for shift in sorted(shifts, key=lambda shift: shift.start):
        if not shift.members or shift.start >= shift.end:
            continue
        last = unbroken[-1] if unbroken else None
        if last and last.end == shift.start and last.members == shift.members:
            unbroken[-1] = replace(last, end=shift.end)
        else:
            unbroken.append(shift)
    return tuple(unbroken)


def together(shifts: Sequence[Shift]) -> Sequence[Shift]:
    """The shifts without overlaps: where some overlap, their members are on call together."""
    ordered = sorted(shifts, key=lambda shift: (shift.start, shift.end))
    if all(shift.end <= following.start for shift, following in pairwise(ordered)):
        return ordered
    edges = sorted({edge for shift in ordered for edge in (shift.start, shift.end)})
    parts = []
    for start, end in pairwise(edges):
        present = (shift.members for shift in ordered if shift.start <= start < shift.end)
        parts.append(Shift(start, end, frozenset[Member]().union(*present)))
    return parts


def joined(parts: Sequence[Calendar]) -> Calendar:
    """Joins calendars of one schedule that follow each other, at least one."""
    lanes = zip(*(part.lanes for part in parts), strict=False)
    return Calendar(
        parts[0].start,
        parts[-1].end,
        tuple(
            Lane(
                same[0].name,
                same[0].override,
                tuple(shift for lane in same for shift in lane.shifts),
            )
            for same in lanes
        ),
        merged(shift for part in parts for shift in part.final),
    )


# What `show` and `oncall` are about: schedules with their calendars, a time, and for whom.


class Basis(StrEnum):
    """What a calendar was computed from."""

    LIVE = "live"
    AFTER_APPLY = "after_apply"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class ShownCalendar:
    """A schedule with its calendar, which may reach beyond the shown time.

    `unknown` are layers with shifts that could not be computed; then who is on call is unknown.
    """

    name: str
    calendar: Calendar
    id: int | None = None
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh calendars are that are read again and again.

    They were read at `read_at`. `failure` is why they could not be read since then, empty if they
    could. The next read is `pause` seconds later, which is more than asked for if it is `spared`:
    left to other programs that share the account's rate limit.
    """

    read_at: int
    pause: int
    failure: str = ""
    spared: bool = False


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The window (Unix seconds), zone, moment and basis; with `person` (an id), their part only.

    Calendars that are read once have `freshness` None.
    """

    window: Span
    timezone: str
    now: int
    directory: Directory
    basis: Basis = Basis.LIVE
    person: int | None = None
    freshness: Freshness | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A schedule and its calendar, None if the schedule is declared and not live."""

    name: str
    id: int | None = None
    calendar: Calendar | None = None

    def now(self, instant: int) -> Shift | None:
        """The shift at an instant, or None if nobody is on call."""
        return self.calendar.at(instant) if self.calendar else None

    def next(self, instant: int) -> Shift | None:
        """The next shift, perhaps after a gap."""
        return self.calendar.after(instant) if self.calendar else None


@dataclass(frozen=True, slots=True)
class AskedMoment:
    """The moment to show (Unix seconds), and the present one."""

    at: int
    now: int
    timezone: str
    directory: Directory
