"""The moment in which a write can wipe an override of the console, beside one round trip."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import write_schedules
from benchmarks.server import Served, serving

LATENCY = 0.05
"""Seconds that each answer takes on its way, as over the internet."""

_APPLY = [
    *(sys.executable, "-m", "flashsync", "apply", "-v", "--auto-approve", "--rollout", "exact"),
    *("--effects", "local", "--max-change-percent", "100"),
]
_UPDATE = re.compile(r"^POST /schedule/update: ok, ([0-9]+) ms", re.MULTILINE)


@dataclass(frozen=True)
class Gap:
    """Seconds of each update: from the last read of its schedule to it, as the sandbox has served
    both, and for its own round trip, as the program has waited for it."""

    gaps: tuple[float, ...]
    round_trips: tuple[float, ...]

    @property
    def round_trip(self) -> float:
        """Seconds of one round trip: the median."""
        return statistics.median(self.round_trips)

    @property
    def median(self) -> float:
        """The median gap, in round trips."""
        return statistics.median(self.gaps) / self.round_trip

    @property
    def longest(self) -> float:
        """The longest gap, in round trips."""
        return max(self.gaps) / self.round_trip


def measure_gap(folder: Path, updates: int, latency: float = LATENCY) -> Gap:
    """Apply so many updates at the default rate, with a journal."""
    with serving(write_schedules(folder, updates), latency=latency) as sandbox:
        write_schedules(folder, updates, swapped=True)
        round_trips = _apply(folder, sandbox)
        gaps = sandbox.gaps()
    if not updates == len(gaps) == len(round_trips):
        raise RuntimeError(f"{len(gaps)} of {updates} schedules were read before their update")
    return Gap(gaps, round_trips)


def _apply(folder: Path, sandbox: Served) -> tuple[float, ...]:
    """What each update took. Raises CalledProcessError where it fails."""
    environ = {**os.environ, **sandbox.environ}
    done = subprocess.run(
        _APPLY, cwd=folder, env=environ, capture_output=True, text=True, check=True
    )
    return tuple(int(took) / 1000 for took in _UPDATE.findall(done.stderr))
