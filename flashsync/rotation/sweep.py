"""Lists of shifts beside each other, followed from each instant at which one of them changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flashsync.model.calendar import Shift
from flashsync.model.schedule import Member

Members = frozenset[Member]
NOBODY = Members()

Stint = tuple[int, int, Members]
"""A shift in the making, as it is cheapest: its start, its end, and who is on call."""


def stints(shifts: Iterable[Shift]) -> list[Stint]:
    """What of the shifts counts here."""
    return [(one.start, one.end, one.members) for one in shifts]


def sweep(tracks: Sequence[Sequence[Stint]]) -> Iterator[tuple[int, Sequence[Members]]]:
    """Each instant at which anything changes, in order, and who is on call from then on, by track.

    The stints of a track are in order, and do not overlap. With the last instant all have ended.
    What is given of the members holds until the next step.
    """
    running = [NOBODY] * len(tracks)
    changes = _changes(tracks)
    last = changes[0][0] if changes else 0
    for instant, place, members in changes:
        if instant != last:
            yield last, running
            last = instant
        running[place] = members
    yield last, running


def _changes(tracks: Sequence[Sequence[Stint]]) -> list[tuple[int, int, Members]]:
    """Each instant at which the members of a track change, sorted: where stints touch, one of them.

    So a change is told from all others by its first two parts, and members are never compared.
    """
    found: list[tuple[int, int, Members]] = []
    for place, track in enumerate(tracks):
        until = None
        for start, end, members in track:
            if until is not None and until != start:
                found.append((until, place, NOBODY))
            found.append((start, place, members))
            until = end
        if until is not None:
            found.append((until, place, NOBODY))
    found.sort()
    return found
