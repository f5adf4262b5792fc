"""Stretches of time, as sorted lists that neither touch nor overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from flashsync.model.calendar import Shift, Span
from flashsync.model.schedule import Member

What = TypeVar("What")


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time, sorted, with stretches that touch or overlap as one, and none empty."""
    apart: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if apart and start <= apart[-1][1]:
            if end > apart[-1][1]:
                apart[-1] = (apart[-1][0], end)
        else:
            apart.append((start, end))
    return apart


def common(some: Sequence[Span], others: Sequence[Span]) -> Iterator[Span]:
    """The time that is in both of two lists, in order."""
    left = right = 0
    while left < len(some) and right < len(others):
        start = max(some[left][0], others[right][0])
        end = min(some[left][1], others[right][1])
        if start < end:
            yield start, end
        if some[left][1] < others[right][1]:
            left += 1
        else:
            right += 1


def within(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The time of a list that lies in a window."""
    if start >= end:
        return []
    inside = [span for span in spans if span[1] > start and span[0] < end]
    if inside:
        inside[0] = max(inside[0][0], start), inside[0][1]
        inside[-1] = inside[-1][0], min(inside[-1][1], end)
    return inside


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
    """The time of stretches that is in none of the others, which are sorted and apart."""
    for start, end in spans:
        if start < end:
            yield from between(others, start, end)


def clipped(
    pieces: Iterable[tuple[What, int, int]], spans: Sequence[Span]
) -> Iterator[tuple[What, int, int]]:
    """The parts of pieces (what they are, start, end) that lie in a list; they come in order."""
    index = 0
    for what, first, last in pieces:
        while index < len(spans) and spans[index][0] < last:
            opens, closes = spans[index]
            if closes > first:
                yield what, opens if opens > first else first, closes if closes < last else last
            if closes > last:
                break  # the next piece has the rest
            index += 1


# Lists of shifts next to each other, followed from each instant at which one of them changes.

Members = frozenset[Member]
NOBODY = Members()

Stint = tuple[int, int, Members]
"""A shift as a plain tuple, which is cheapest: its start, its end, and who is on call."""


def stints(shifts: Iterable[Shift]) -> list[Stint]:
    """The shifts as stints."""
    return [(shift.start, shift.end, shift.members) for shift in shifts]


def sweep(tracks: Sequence[Sequence[Stint]]) -> Iterator[tuple[int, Sequence[Members]]]:
    """Each instant at which anything changes, in order, and who is on call from then on, by track.

    The stints of a track are in order, and do not overlap. With the last instant all have ended.
    The list of members is the same one at each step, and changes with it.
    """
    changes: list[tuple[int, int, Members]] = []
    for index, track in enumerate(tracks):
        until = None
        for start, end, members in track:
            if until is not None and until != start:
                changes.append((until, index, NOBODY))
            changes.append((start, index, members))
            until = end
        if until is not None:
            changes.append((until, index, NOBODY))
    changes.sort()  # instant and track differ from all others, so members are never compared
    running = [NOBODY] * len(tracks)
    last = changes[0][0] if changes else 0
    for instant, index, members in changes:
        if instant != last:
            yield last, running
            last = instant
        running[index] = members
    yield last, running
