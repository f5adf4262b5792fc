"""Stretches of time as sorted lists that neither touch nor overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from flashsync.model.calendar import Shift, Span
from flashsync.model.schedule import Member

What = TypeVar("What")


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time, sorted, with those that touch or overlap as one; empty ones are left out."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def common(some: Sequence[Span], others: Sequence[Span]) -> Iterator[Span]:
    """The time that is in both of two lists, in order."""
    one = other = 0
    while one < len(some) and other < len(others):
        start = max(some[one][0], others[other][0])
        end = min(some[one][1], others[other][1])
        if start < end:
            yield start, end
        if some[one][1] < others[other][1]:
            one += 1
        else:
            other += 1


def within(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The time of a list that lies in a window."""
    found = [span for span in spans if span[1] > start and span[0] < end]
    if found:
        found[0] = max(found[0][0], start), found[0][1]
        found[-1] = found[-1][0], min(found[-1][1], end)
    return found


def between(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    """The time of a window that is in none of the stretches."""
    free = start
    for begin, until in spans:
        if begin > free:
            yield free, min(begin, end)
        free = max(free, until)
        if free >= end:
            return
    if free < end:
        yield free, end


def outside(spans: Iterable[Span], others: Sequence[Span]) -> Iterator[Span]:
    """The time of stretches that is in none of the others, which are sorted and do not overlap."""
    for start, end in spans:
        if start < end:
            yield from between(others, start, end)


def clipped(
    pieces: Iterable[tuple[What, int, int]], spans: Sequence[Span]
) -> Iterator[tuple[What, int, int]]:
    """The parts of pieces (what they are, start, end) that lie in a list; they come in order."""
    place = 0
    for what, first, last in pieces:
        while place < len(spans) and spans[place][0] < last:
            opens, closes = spans[place]
            if closes > first:
                yield what, opens if opens > first else first, closes if closes < last else last
            if closes > last:
                break  # the next piece has the rest
            place += 1


# Lists of shifts beside each other, followed from each instant at which one of them changes.

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
