"""What a plan promised about shifts, held against what a write would do, and against what the
platform computes after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from flashsync.model import wording
from flashsync.model.calendar import Calendar, Shift, Span, merged
from flashsync.model.schedule import Layer, Member, Schedule
from flashsync.model.timezone import DAY
from flashsync.model.wording import span
from flashsync.plan.effects import LONGEST_WINDOW, local
from flashsync.plan.model import EffectSource, Update
from flashsync.plan.words import Words
from flashsync.rotation.calendar import computable
from flashsync.rotation.compare import Move, moves
from flashsync.rotation.intervals import between

__all__ = [
    "Move",
    "Window",
    "against",
    "broken",
    "describe_broken",
    "describe_move",
    "find_unshown",
    "judged_here",
]

PAST = 60 * DAY
"""Seconds: so much of the calendar's past is held to be as it was."""

_NOBODY = frozenset[Member]()


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which a plan says what happens to shifts (Unix seconds): from `now` to `until`,
    None where it says nothing. It was made at `since`, which may lie ahead of this machine's clock.
    """

    now: int
    until: int | None
    since: int


def judged_here(action: Update, live: Schedule) -> bool:
    """Whether the plan's word on shifts is the local engine's, and stands for all of them.

    An override of the console that is gone since lets other people come on, whom nobody promised.
    """
    effect = action.effect
    kept = {one.identity for one in live.console_overrides}
    return (
        effect is not None
        and effect.source is EffectSource.LOCAL
        and kept.issuperset(action.kept)
        and computable((*live.layers, *action.target.schedule.layers))
    )


def find_unshown(
    action: Update, live: Schedule, stored: Schedule, timezone: str, window: Window
) -> tuple[Move, ...]:
    """The shifts that a write would move and the plan does not show, by the local engine.

    `stored` is what the platform would have after it. Layers that the plan does not change must
    not move at all, their past included; the schedule as a whole only as the plan says.
    """
    pairs = [
        (live.layers[origin], stored.layers[place])
        for place, (layer, origin) in enumerate(
            zip(action.target.schedule.layers, action.target.origins, strict=True)
        )
        if origin is not None and layer == live.layers[origin] and computable((layer,))
    ]
    span = window.now - PAST, window.now + LONGEST_WINDOW
    for before, after in pairs:
        if before != after:
            sides = [local(_only(one), timezone, span) for one in (before, after)]
            if found := moves(*(side.final if side else () for side in sides)):
                return found
    if window.until is None or not judged_here(action, live):
        return ()
    sides = [local(one, timezone, (window.now, window.until)) for one in (live, stored)]
    before_all, after_all = (side or Calendar(window.now, window.until) for side in sides)
    return against(action, live, before_all, after_all, window)


def against(
    action: Update, live: Schedule, before: Calendar, after: Calendar, window: Window
) -> tuple[Move, ...]:
    """Where the shifts after a write would not be what the plan says."""
    if window.until is None or action.effect is None:
        return ()
    later = [one for one in live.console_overrides if one.identity not in action.kept]
    spans = [(one.start, one.end) for one in later]
    if window.since > window.now:
        spans.append((window.now, window.since))
    return broken(action.effect.moves, before, after, window.until, spans)


def _only(layer: Layer) -> Schedule:
    return Schedule(layer.name, layers=(layer,))


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


def describe_broken(found: Sequence[Move], words: Words, now: int) -> str:
    """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00: frank was promised, and alice is on call`."""
    first = found[0]
    when = span((first.start, first.end), words.timezone, now)
    promised, actual = (_who(side, words) for side in (first.before, first.after))
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{when}: {promised} was promised, and {actual} is on call{more}"


def describe_move(found: Sequence[Move], words: Words, now: int) -> str:
    """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00 from frank to alice`."""
    first = found[0]
    when = span((first.start, first.end), words.timezone, now)
    before, after = (_who(side, words) for side in (first.before, first.after))
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{when} from {before} to {after}{more}"


def _who(members: frozenset[Member], words: Words) -> str:
    return wording.members(members, words.directory) if members else "nobody"


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
