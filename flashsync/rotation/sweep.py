"""Lists of shifts beside each other, followed from each instant at which one of them changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flashsync.state.schedule import Member
from flashsync.state.shift import Shift

Members = frozenset[Member]

Stint = tuple[int, int, Members]
"""A shift in the making, as it is cheapest: its start, its end, and who is on call."""

Side = Members | None
"""The members of one list's shift; None where no shift runs, which is not one without members."""


def stints(shifts: Iterable[Shift]) -> Iterator[Stint]:
    """What of the shifts counts here."""
    return ((one.start, one.end, one.members) for one in shifts)


def sweep(tracks: Sequence[Iterable[Stint]]) -> Iterator[tuple[int, tuple[Side, ...]]]:
    """Each instant at which anything changes, in order, and who is on call from then on, by list.

    The shifts of each list are in order, and do not overlap. With the last instant all have ended.
    """
    running: list[Side] = [None] * len(tracks)
    # No list changes twice at one instant, so that members are never compared.
    changes = sorted(
        (instant, place, members)
        for place, track in enumerate(tracks)
        for instant, members in _changes(track)
    )
    last = changes[0][0] if changes else 0
    for instant, place, members in changes:
        if instant != last:
            yield last, tuple(running)
            last = instant
        running[place] = members
    yield last, tuple(running)


def _changes(track: Iterable[Stint]) -> Iterator[tuple[int, Side]]:
    """Each instant at which the members change; where shifts touch, that is one and not two."""
    until = None
    for start, end, members in track:
        if until is not None and until != start:
            yield until, None
        yield start, members
        until = end
    if until is not None:
        yield until, None
