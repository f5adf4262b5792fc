"""When nobody is on call."""

from __future__ import annotations

from collections.abc import Sequence

from flashsync.model.calendar import Shift, Span
from flashsync.rotation.spans import between, common


def gaps(final: Sequence[Shift], start: int, end: int) -> tuple[Span, ...]:
    """The stretches of a window (Unix seconds) in which nobody is on call, in order.

    `final` is that of a calendar of this window.
    """
    return tuple(between(((shift.start, shift.end) for shift in final), start, end))


def introduced(before: Sequence[Span], after: Sequence[Span]) -> tuple[Span, ...]:
    """The parts of gaps that were covered before: what a change is to blame for."""
    if not after:
        return ()
    covered = list(between(before, after[0][0], after[-1][1]))
    return tuple(common(covered, after))
