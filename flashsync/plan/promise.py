"""What a plan promised about shifts, held against what the platform computes after the write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from flashsync.plan.view import Words
from flashsync.rotation.moves import Move, moves
from flashsync.state import notation
from flashsync.state.clock_words import span
from flashsync.state.schedule import Member
from flashsync.state.shift import Calendar, Shift, Span, merged

_NOBODY = frozenset[Member]()


def broken(
    promised: Sequence[Move], before: Calendar, after: Calendar, later: Sequence[Span] = ()
) -> tuple[Move, ...]:
    """Where the shifts after a write are not what the plan said: promised, and what they are.

    `before` was computed right before the write, `after` right after it, both to the end of the
    plan's window. `later` is when overrides hold that came after the plan: nothing moves there.
    """
    start, end = after.start, min(before.end, after.end)
    expected = merged(_moved(before.final, promised, later))
    return moves(_cut(expected, start, end), _cut(after.final, start, end))


def told(found: Sequence[Move], words: Words, now: int) -> str:
    """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00: frank was promised, and alice is on call`."""
    first = found[0]
    when = span((first.start, first.end), words.timezone, now)
    promised, actual = (_who(side, words) for side in (first.before, first.after))
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{when}: {promised} was promised, and {actual} is on call{more}"


def _who(members: frozenset[Member], words: Words) -> str:
    return notation.members(members, words.directory) if members else "nobody"


def _moved(shifts: Sequence[Shift], promised: Sequence[Move], later: Sequence[Span]) -> list[Shift]:
    """The shifts with the moves of the plan made, but for what overrides took since."""
    spans = [(one.start, one.end) for one in shifts]
    spans += [(one.start, one.end) for one in promised]
    edges = sorted({edge for one in (*spans, *later) for edge in one})
    return [
        Shift(start, end, _at(start, shifts, promised, later)) for start, end in pairwise(edges)
    ]


def _at(
    instant: int, shifts: Sequence[Shift], promised: Sequence[Move], later: Sequence[Span]
) -> frozenset[Member]:
    if not any(start <= instant < end for start, end in later):
        for move in promised:
            if move.start <= instant < move.end:
                return move.after
    found = (one.members for one in shifts if one.start <= instant < one.end)
    return next(found, _NOBODY)


def _cut(shifts: Sequence[Shift], start: int, end: int) -> tuple[Shift, ...]:
    found = (one for one in shifts if one.start < end and start < one.end)
    return tuple(replace(one, start=max(one.start, start), end=min(one.end, end)) for one in found)
