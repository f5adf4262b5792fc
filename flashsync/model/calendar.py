"""Who is on call when, as somebody computed it: the platform, or the local engine.

All instants are Unix seconds; an end is not included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from flashsync.model.schedule import Member

Span = tuple[int, int]
"""A stretch of time: its start, and its end, which is not included."""


@dataclass(frozen=True, slots=True)
class Shift:
    """`members` are on call from `start` to `end`.

    `index` is the place of their group among the layer's, where a layer's shifts are told apart.
    """

    start: int
    end: int
    members: frozenset[Member]
    index: int | None = field(default=None, compare=False)

    @property
    def people(self) -> frozenset[int]:
        """The persons' ids, whatever their roles."""
        return frozenset(member.person for member in self.members)


@dataclass(frozen=True, slots=True)
class Lane:
    """The shifts of one layer within a calendar: of a rotation, or of an override."""

    name: str
    override: bool
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The shifts of one schedule from `start` to `end`.

    `lanes` are in the order of the layers, overrides last. `final` is what counts: all lanes taken
    together, in order, apart from each other, merged where nobody changes, never without members.
    """

    start: int
    end: int
    lanes: tuple[Lane, ...] = ()
    final: tuple[Shift, ...] = ()

    def at(self, instant: int) -> Shift | None:
        """The shift of that moment, or None where nobody is on call."""
        return next((one for one in self.final if one.start <= instant < one.end), None)

    def until(self, instant: int) -> tuple[Shift, ...]:
        """The final shifts, clipped to what lies before that moment."""
        found = (one for one in self.final if one.start < instant)
        return tuple(replace(one, end=min(one.end, instant)) for one in found)

    def after(self, instant: int) -> Shift | None:
        """The first shift that begins after that moment, or None."""
        return next((one for one in self.final if one.start > instant), None)


def merged(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """The shifts in their order, those that touch and have the same members as one.

    They do not overlap. One without members or without length is left out.
    """
    return tuple(_merged(sorted(shifts, key=lambda one: one.start)))


def _merged(shifts: Sequence[Shift]) -> Iterator[Shift]:
    last: Shift | None = None
    for shift in shifts:
        if not shift.members or shift.start >= shift.end:
            continue
        if last and last.end == shift.start and last.members == shift.members:
            last = replace(last, end=shift.end)
            continue
        if last:
            yield last
        last = shift
    if last:
        yield last


def together(shifts: Sequence[Shift]) -> Sequence[Shift]:
    """The shifts apart from each other: where some overlap, their members are on call together."""
    ordered = sorted(shifts, key=lambda one: (one.start, one.end))
    if all(one.end <= other.start for one, other in pairwise(ordered)):
        return ordered
    edges = sorted({edge for one in ordered for edge in (one.start, one.end)})
    return [
        Shift(start, end, frozenset[Member]().union(*_members(ordered, start)))
        for start, end in pairwise(edges)
    ]


def _members(shifts: Sequence[Shift], instant: int) -> Iterator[frozenset[Member]]:
    return (one.members for one in shifts if one.start <= instant < one.end)


def joined(parts: Sequence[Calendar]) -> Calendar:
    """Calendars of one schedule that follow each other, at least one, as one."""
    lanes = zip(*(part.lanes for part in parts), strict=False)
    return Calendar(
        parts[0].start,
        parts[-1].end,
        tuple(
            Lane(same[0].name, same[0].override, tuple(one for lane in same for one in lane.shifts))
            for same in lanes
        ),
        merged(shift for part in parts for shift in part.final),
    )
