"""Where the shifts of a schedule differ between two calendars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from flashsync.state.schedule import Member
from flashsync.state.shift import Shift

_NOBODY = frozenset[Member]()


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
    return tuple(_merged(_stretches(before, after)))


def _stretches(before: Sequence[Shift], after: Sequence[Shift]) -> Iterator[Move]:
    edges = sorted({edge for one in (*before, *after) for edge in (one.start, one.end)})
    old, new = _Walk(before), _Walk(after)
    for start, end in pairwise(edges):
        some, others = old.at(start), new.at(start)
        if some != others:
            yield Move(start, end, some, others)


class _Walk:
    """Who is on call at instants that only go forward."""

    def __init__(self, shifts: Sequence[Shift]) -> None:
        self._rest = iter(shifts)
        self._shift = next(self._rest, None)

    def at(self, instant: int) -> frozenset[Member]:
        while self._shift and self._shift.end <= instant:
            self._shift = next(self._rest, None)
        if self._shift and self._shift.start <= instant:
            return self._shift.members
        return _NOBODY


def _merged(found: Iterator[Move]) -> Iterator[Move]:
    last: Move | None = None
    for move in found:
        if last and _continues(last, move):
            last = replace(last, end=move.end)
            continue
        if last:
            yield last
        last = move
    if last:
        yield last


def _continues(last: Move, move: Move) -> bool:
    return (last.end, last.before, last.after) == (move.start, move.before, move.after)
