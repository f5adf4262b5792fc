"""What a plan promised about shifts, held against what a write would do, and against what the
platform computes after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from flashsync.model import wording
from flashsync.model.calendar import Calendar, Shift, Span, merged
from flashsync.model.schedule import Schedule
from flashsync.model.timezone import DAY
from flashsync.model.wording import span
from flashsync.plan.effects import LONGEST_WINDOW, local
from flashsync.plan.model import EffectSource, Update
from flashsync.plan.words import Words
from flashsync.rotation.calendar import computable
from flashsync.rotation.compare import Move, moves
from flashsync.rotation.intervals import NOBODY, between

PAST = 60 * DAY
"""Seconds: so much of the calendar's past is held to be as it was."""


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
    kept = {override.identity for override in live.console_overrides}
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
    span = window.now - PAST, window.now + LONGEST_WINDOW
    pairs = zip(action.target.schedule.layers, action.target.origins, strict=True)
    for place, (layer, origin) in enumerate(pairs):
        if origin is None or layer != live.layers[origin] or not computable((layer,)):
            continue
        before, after = live.layers[origin], stored.layers[place]
        if before != after:
            alone = (Schedule(link.name, layers=(link,)) for link in (before, after))
            sides = [local(schedule, timezone, span) for schedule in alone]
            if shown := moves(*(side.final if side else () for side in sides)):
                return shown
    if window.until is None or not judged_here(action, live):
        return ()
    sides = [local(side, timezone, (window.now, window.until)) for side in (live, stored)]
    before_all, after_all = (side or Calendar(window.now, window.until) for side in sides)
    return against(action, live, before_all, after_all, window)


def against(
    action: Update, live: Schedule, before: Calendar, after: Calendar, window: Window
) -> tuple[Move, ...]:
    """Where the shifts after a write would not be what the plan says."""
    if window.until is None or action.effect is None:
        return ()
    spans = [
        (override.start, override.end)
        for override in live.console_overrides
        if override.identity not in action.kept
    ]
    if window.since > window.now:
        spans.append((window.now, window.since))
    return broken(action.effect.moves, before, after, window.until, spans)


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
    stretches: list[Shift | Move] = [*before.final, *promised]
    edges = sorted({edge for stretch in stretches for edge in (stretch.start, stretch.end)})
    expected = []
    for begins, ends in pairwise(edges):
        move = next((move for move in promised if move.start <= begins < move.end), None)
        shift = next((shift for shift in before.final if shift.start <= begins < shift.end), None)
        members = move.after if move else shift.members if shift else NOBODY
        expected.append(Shift(begins, ends, members))
    return moves(_cut(merged(expected), start, end, since), _cut(after.final, start, end, since))


def describe_broken(broken: Sequence[Move], words: Words, now: int) -> str:
    """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00: frank was promised, and alice is on call`."""
    return _describe(broken, words, now, "{}: {} was promised, and {} is on call")


def describe_move(moved: Sequence[Move], words: Words, now: int) -> str:
    """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00 from frank to alice`."""
    return _describe(moved, words, now, "{} from {} to {}")


def _describe(moved: Sequence[Move], words: Words, now: int, text: str) -> str:
    """The first move, and how many more there are."""
    first = moved[0]
    when = span((first.start, first.end), words.timezone, now)
    before, after = (
        wording.members(members, words.directory) if members else "nobody"
        for members in (first.before, first.after)
    )
    more = f", and {len(moved) - 1} more" if len(moved) > 1 else ""
    return text.format(when, before, after) + more


def _cut(
    shifts: Sequence[Shift], start: int, end: int, left_out: Sequence[Span]
) -> tuple[Shift, ...]:
    """The shifts within a time, without what lies in stretches that are left out."""
    kept = list(between(sorted(left_out), start, end))
    return tuple(
        replace(shift, start=max(shift.start, opens), end=min(shift.end, closes))
        for shift in shifts
        for opens, closes in kept
        if shift.start < closes and opens < shift.end
    )
