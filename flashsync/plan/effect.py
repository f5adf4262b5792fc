"""The effect of an action: who is on call before and after it, and where the two differ."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from flashsync.rotation.moves import Move
from flashsync.state.shift import Calendar, Span


class Source(StrEnum):
    """Who computed both sides of an effect."""

    SERVER = "server"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Effect:
    """What one action does to the shifts of its schedule, within the plan's window.

    `source` is None where the effect is not known; `remark` then says why, and else why it was
    computed locally, or "". Moves are clipped to the window; where `goes_on`, the last one does not
    end with it. `later` is the first move beyond the window, where there is none in it. `now` is
    the move that changes who is on call at this moment. `gaps` are introduced by the action,
    `old_gaps` were there before. The calendars are None for a schedule that is not there, and in a
    plan that was read from a file; they reach a little beyond the window.
    """

    source: Source | None
    remark: str = ""
    moves: tuple[Move, ...] = ()
    goes_on: bool = False
    later: Move | None = None
    now: Move | None = None
    gaps: tuple[Span, ...] = ()
    old_gaps: tuple[Span, ...] = ()
    before: Calendar | None = None
    after: Calendar | None = None

    def moving_later(self, move: Move | None) -> Effect:
        """The same, with the first move beyond the window."""
        return replace(self, later=move)
