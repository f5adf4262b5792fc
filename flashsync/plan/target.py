"""What apply writes for one schedule, before the live one's own share is merged in."""

from __future__ import annotations

from dataclasses import dataclass

from flashsync.model.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Target:
    """A schedule with nothing left open.

    Its `overrides` are the file's only: those of the console are merged in right before the write.
    `origins` has one entry a layer: the place among the live rotation layers, counted from 0, of
    the layer whose undeclared fields (`hidden`, `weight`, …) it takes over, or None. Overrides of
    ours that ended by `forgotten` (Unix seconds) are dropped; others that have passed stay.
    """

    schedule: Schedule
    origins: tuple[int | None, ...] = ()
    forgotten: int | None = None
