"""The effect of an action: who is on call before and after it, and where the two differ."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flashsync.model.calendar import Calendar, Span
from flashsync.model.timezone import DAY
from flashsync.rotation.compare import Load, Move

FOLLOWED = 44 * DAY
"""Seconds for which a stretch beyond the window is followed."""


class Source(StrEnum):
    """Who computed both sides of an effect."""

    SERVER = "server"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Burden:
    """How much one person (an id) is on call before and after."""

    person: int
    before: Load
    after: Load


@dataclass(frozen=True, slots=True)
class Effect:
    """What one action does to the shifts of its schedule, within the plan's window.

    `source` is None where the effect is not known; `remark` then says why, and else why it was
    computed locally, or what is not known of it. Moves are clipped to the window. `later` is the
    first move beyond it, where there is none in it. Where it `goes_on`, the last of all these moves
    does not end when it says. `now` is the move that changes who is on call at this moment. `gaps`
    are introduced by the action; `old_gaps` were there before, `left_gaps` are there after it. The
    calendars are None for a schedule that is not there, and in a plan that was read from a file;
    they reach a little beyond the window. Such a plan has the `burdens` instead.
    """

    source: Source | None
    remark: str = ""
    moves: tuple[Move, ...] = ()
    goes_on: bool = False
    later: Move | None = None
    now: Move | None = None
    gaps: tuple[Span, ...] = ()
    old_gaps: tuple[Span, ...] = ()
    left_gaps: tuple[Span, ...] = ()
    before: Calendar | None = None
    after: Calendar | None = None
    burdens: tuple[Burden, ...] = ()


def endless(span: Span, horizon: int) -> bool:
    """Whether a stretch was followed only to the horizon (Unix seconds), and may go on.

    The horizon is the end of the window; what begins later is followed for `FOLLOWED`.
    """
    start, end = span
    return end == horizon or end - start >= FOLLOWED
