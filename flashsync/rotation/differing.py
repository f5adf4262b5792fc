"""Where two sources put different people on call."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from flashsync.state.diagnosis import Stretch
from flashsync.state.schedule import Member
from flashsync.state.shift import Calendar, Shift

_NOBODY = frozenset[Member]()


def differing(platform: Calendar, engine: Calendar) -> tuple[Stretch, ...]:
    """The stretches in which the final shifts differ, in order, each as long as nothing changes."""
    if platform.final == engine.final:
        return ()
    edges = sorted(
        {edge for shift in (*platform.final, *engine.final) for edge in (shift.start, shift.end)}
    )
    found = list[Stretch]()
    ours, theirs = _Walk(engine.final), _Walk(platform.final)
    for start, end in pairwise(edges):
        one, other = theirs.at(start), ours.at(start)
        if one == other:
            continue
        last = found[-1] if found else None
        if last and (last.end, last.platform, last.engine) == (start, one, other):
            found[-1] = Stretch(last.start, end, one, other)
        else:
            found.append(Stretch(start, end, one, other))
    return tuple(found)


class _Walk:
    """Who is on call at instants that only go forward."""

    def __init__(self, shifts: tuple[Shift, ...]) -> None:
        self._rest: Iterator[Shift] = iter(shifts)
        self._shift = next(self._rest, None)

    def at(self, instant: int) -> frozenset[Member]:
        """The members on call; nobody between shifts."""
        while self._shift and self._shift.end <= instant:
            self._shift = next(self._rest, None)
        if self._shift and self._shift.start <= instant:
            return self._shift.members
        return _NOBODY
