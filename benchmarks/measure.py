"""One run of a program: wall time, CPU time, memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds of wall and CPU, and the most memory, in MiB."""

    wall: float
    cpu: float
    memory: float


def run(
    command: Sequence[str],
    cwd: Path,
    environ: Mapping[str, str] | None = None,
    expected: Sequence[int] = (0,),
) -> Cost:
    """Run it once; its output is thrown away. Raises AssertionError on another exit code."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **(environ or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if process.stderr:
        process.stderr.close()
    if code not in expected:
        raise AssertionError(f"{' '.join(command)} ended with {code}: {errors.decode()[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def best(
    command: Sequence[str], cwd: Path, times: int, environ: Mapping[str, str] | None = None
) -> Cost:
    """The cheapest of several runs: what a machine's noise adds is never negative."""
    costs = [run(command, cwd, environ) for _ in range(times)]
    return Cost(
        min(cost.wall for cost in costs),
        min(cost.cpu for cost in costs),
        min(cost.memory for cost in costs),
    )
