"""Where the shifts of a schedule differ between two calendars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashsync.model.calendar import Shift
from flashsync.model.schedule import Member
from flashsync.rotation.sweep import NOBODY, stints, sweep


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
    """The stretches in which the members differ, in order, as long as nothing changes.

    Both lists are the `final` of a calendar, over the same window.
    """
    return tuple(_moves(before, after))


def _moves(before: Sequence[Shift], after: Sequence[Shift]) -> Iterator[Move]:
    start, old, new = 0, NOBODY, NOBODY
    for instant, (was, becomes) in sweep((stints(before), stints(after))):
        if was == old and becomes == new:
            continue
        if old != new:
            yield Move(start, instant, old, new)
        start, old, new = instant, was, becomes
