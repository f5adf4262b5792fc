"""Two calendars side by side: shifts that move, gaps, and streaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flashsync.model.calendar import Shift, Span
from flashsync.model.schedule import PRIMARY, Member
from flashsync.rotation.intervals import NOBODY, between, common, outside, stints, sweep


@dataclass(frozen=True, slots=True)
class Move:
    """From `start` to `end` (Unix seconds) `after` are on call, and no longer `before`.

    Members differ by their roles, too; an empty set is nobody.
    """

    start: int
    end: int
    before: frozenset[Member]
    after: frozenset[Member]


def moves(before: Sequence[Shift], after: Sequence[Shift]) -> tuple[Move, ...]:
    """The stretches in which the members differ, in order; each ends where either side changes.

    Both lists are the `final` of a calendar, over the same window.
    """
    differing = []
    start, old, new = 0, NOBODY, NOBODY
    for instant, (was, becomes) in sweep((stints(before), stints(after))):
        if was == old and becomes == new:
            continue
        if old != new:
            differing.append(Move(start, instant, old, new))
        start, old, new = instant, was, becomes
    return tuple(differing)


# When nobody is on call, or nobody in a role.


class Gap(NamedTuple):
    """A stretch in which nobody is on call; with a `role`, others are, but nobody in that role."""

    start: int
    end: int
    role: int | None = None

    @property
    def span(self) -> Span:
        """The stretch without the role."""
        return self.start, self.end


def gaps(final: Sequence[Shift], start: int, end: int, role: int | None = None) -> tuple[Span, ...]:
    """The stretches of a window (Unix seconds) in which nobody is on call, in order.

    With a role, in which nobody is on call in it. `final` is that of a calendar of this window.
    """
    covered = (
        (shift.start, shift.end)
        for shift in final
        if role is None or any(member.role == role for member in shift.members)
    )
    return tuple(between(covered, start, end))


def find_gaps(final: Sequence[Shift], start: int, end: int) -> tuple[Gap, ...]:
    """The gaps of a rota, in order: nobody on call, or no primary where the rota has primaries."""
    free = gaps(final, start, end)
    found = [Gap(*span) for span in free]
    roles = _list_roles(final)
    if PRIMARY in roles and len(roles) > 1:
        leaderless = outside(gaps(final, start, end, PRIMARY), free)
        found = sorted([*found, *(Gap(*span, PRIMARY) for span in leaderless)])
    return tuple(found)


def opened_gaps(
    before: Sequence[Shift], after: Sequence[Shift], start: int, end: int
) -> tuple[Gap, ...]:
    """The gaps that a change opens: what somebody did before, nobody does after it.

    The gravest first where two begin at once: nobody at all, then roles by number.
    """
    free = gaps(after, start, end)
    found = [Gap(*span) for span in introduced(gaps(before, start, end), free)]
    for role in _list_roles(before):
        old, new = (gaps(side, start, end, role) for side in (before, after))
        found += [Gap(*span, role) for span in outside(introduced(old, new), free)]
    return tuple(sorted(found, key=lambda gap: (gap.start, -1 if gap.role is None else gap.role)))


class ComparedGaps(NamedTuple):
    """The gaps that a change opens, and the gaps of each side."""

    opened: tuple[Gap, ...]
    before: tuple[Gap, ...]
    after: tuple[Gap, ...]


def compare_gaps(
    before: Sequence[Shift], after: Sequence[Shift], start: int, end: int
) -> ComparedGaps:
    """All of them at once, in half the time for rotas with primaries alone (`make bench`)."""
    if (_list_roles(before) | _list_roles(after)) <= {PRIMARY}:
        old, new = (gaps(side, start, end) for side in (before, after))
        opened = introduced(old, new)
        return ComparedGaps(*(tuple(Gap(*span) for span in spans) for spans in (opened, old, new)))
    sides = (find_gaps(side, start, end) for side in (before, after))
    return ComparedGaps(opened_gaps(before, after, start, end), *sides)


def _list_roles(final: Sequence[Shift]) -> set[int]:
    return {member.role for shift in final for member in shift.members}


def introduced(before: Sequence[Span], after: Sequence[Span]) -> tuple[Span, ...]:
    """The parts of gaps that were covered before, so that the change opens them."""
    if not after:
        return ()
    covered = list(between(before, after[0][0], after[-1][1]))
    return tuple(common(covered, after))


# How long people are on call without a break.


def longest(final: Sequence[Shift]) -> dict[int, Span]:
    """The longest unbroken stretch of each person (by id) in a calendar's `final`.

    Shifts that touch are one stretch, in any role; of equally long stretches it is the first.
    """
    running: dict[int, Span] = {}
    longest_yet: dict[int, Span] = {}
    for shift in final:
        for person in shift.people:
            last = running.get(person)
            start = last[0] if last and last[1] == shift.start else shift.start
            running[person] = (start, shift.end)
            best = longest_yet.get(person, (0, 0))
            if shift.end - start > best[1] - best[0]:
                longest_yet[person] = (start, shift.end)
    return longest_yet
