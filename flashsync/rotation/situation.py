"""What a rollout is judged by: the time, the zone, and what the platform computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flashsync.model.calendar import Shift
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.timezone import MINUTE
from flashsync.rotation.handoffs import half_hour, next_half_hour

EARLIEST = 10 * MINUTE
"""Seconds that a handoff is away at least, so that a plan can be read and written before it."""


@dataclass(frozen=True, slots=True)
class Situation:
    """`now` is in Unix seconds, `timezone` the account's.

    `computed` are the platform's shifts of the chain's layers from `now` on, which tell the turns
    of a fair layer; None where they were not asked for.
    """

    now: int
    timezone: str
    earliest: int = EARLIEST
    computed: Sequence[Shift] | None = None

    def moment(self, rollout: Rollout) -> int | None:
        """The moment that a rollout names, on the half-hour; None for the next handoff."""
        if rollout.kind is RolloutKind.NOW:
            return half_hour(self.now, self.timezone)
        if rollout.at is not None and rollout.at > self.now:
            return next_half_hour(rollout.at, self.timezone)
        return None
