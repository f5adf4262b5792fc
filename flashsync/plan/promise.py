"""What a plan promised about shifts, held against what the platform computes after the write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from flashsync.plan.view import Words
from flashsync.rotation.moves import Move, moves
from flashsync.rotation.spans import between
from flashsync.state import notation
from flashsync.state.clock_words import span
from flashsync.state.schedule import Member
from flashsync.state.shift import Calendar, Shift, Span, merged

_NOBODY = frozenset[Member]()


def broken(
    promised: Sequence[Move],
    before: Calendar,
    after: Calendar,
    until: int,
    since: Sequence[Span] = (),
) -> tuple[Move, ...]:
    """Where the shifts after a write are not what the plan said: promised, and what they are.

    `before` was computed right before the write, `after` right after it; `until` is the end of the
    plan's window. `since` is when overrides hold that came after the plan: there, nothing was
    promised.
    """
    start, end = after.start, min(before.end, after.end, until)
    if start >= end:
        return ()
    expected = _cut(merged(_moved(before.final, promised)), start, end, since)
    return moves(expected, _cut(after.final, start, end, since))


def told(found: Sequence[Move], words: Words, now: int) -> str:
    """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00: frank was promised, and alice is on call`."""
    first = found[0]
    when = span((first.start, first.end), words.timezone, now)
    promised, actual = (_who(side, words) for side in (first.before, first.after))
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{when}: {promised} was promised, and {actual} is on call{more}"


def _who(members: frozenset[Member], words: Words) -> str:
    return notation.members(members, words.directory) if members else "nobody"


def _moved(shifts: Sequence[Shift], promised: Sequence[Move]) -> list[Shift]:
    """The shifts with the moves of the plan made."""
    spans = (*map(_edges, shifts), *map(_edges, promised))
    edges = sorted({edge for span in spans for edge in span})
    return [Shift(start, end, _at(start, shifts, promised)) for start, end in pairwise(edges)]


def _edges(one: Shift | Move) -> Span:
    return one.start, one.end


def _at(instant: int, shifts: Sequence[Shift], promised: Sequence[Move]) -> frozenset[Member]:
    for move in promised:
        if move.start <= instant < move.end:
            return move.after
    found = (one.members for one in shifts if one.start <= instant < one.end)
    return next(found, _NOBODY)


def _cut(
    shifts: Sequence[Shift], start: int, end: int, left_out: Sequence[Span]
) -> tuple[Shift, ...]:
    """The shifts within a time, without what lies in stretches that are left out."""
    kept = list(between(sorted(left_out), start, end))
    return tuple(
        replace(one, start=max(one.start, opens), end=min(one.end, closes))
        for one in shifts
        for opens, closes in kept
        if one.start < closes and opens < one.end
    )
