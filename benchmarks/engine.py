"""The local engine alone: what it takes to compute who is on call, and to judge a change."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import TIMEZONE, write_schedules
from benchmarks.server import bodies
from flashsync.api.codec.schedule import read_schedule
from flashsync.model.schedule import Schedule
from flashsync.model.timezone import DAY
from flashsync.plan.effects import Horizon, judge, local
from flashsync.plan.model import EffectSource

_COUNT = 100
_TIMES = 30
_NOW = 1_790_000_000
_HORIZON = Horizon(_NOW, _NOW + 14 * DAY, _NOW + 14 * DAY)


@dataclass(frozen=True)
class EngineCost:
    """CPU time in seconds a schedule: to compute one side of a change, and all of its effect."""

    side: float
    effect: float


def engine_cost(folder: Path, times: int = _TIMES) -> EngineCost:
    """The cost for the schedules of the corpus, whose first two groups change places."""
    before = _schedules(write_schedules(folder / "sides", _COUNT))
    after = _schedules(write_schedules(folder / "sides", _COUNT, swapped=True))

    def sides() -> None:
        for one in before:
            local(one, TIMEZONE, _HORIZON.asked)

    def effects() -> None:
        for pair in zip(before, after, strict=True):
            old, new = (local(one, TIMEZONE, _HORIZON.asked) for one in pair)
            judge(old, new, _HORIZON, EffectSource.LOCAL)

    return EngineCost(_best(times, sides), _best(times, effects))


def _schedules(folder: Path) -> Sequence[Schedule]:
    return [read_schedule({**body, "schedule_id": 1}, TIMEZONE) for body in bodies(folder)]


def _best(times: int, work: Callable[[], None]) -> float:
    """The cheapest of several runs: what the noise of a machine adds is never negative."""
    costs = []
    for _ in range(times):
        begun = time.process_time()
        work()
        costs.append(time.process_time() - begun)
    return min(costs) / _COUNT
