"""One run of a program: wall time, CPU time, memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

# They would take the compiled files away, or slow the start in another way.
_UNSET = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPROFILEIMPORTTIME")


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds of wall and CPU, and the most memory, in MiB."""

    wall: float
    cpu: float
    memory: float


def run(command: Sequence[str], cwd: Path, environ: Mapping[str, str] | None = None) -> Cost:
    """Run it once; its output is thrown away. Raises RuntimeError where it fails.

    It has an empty cache: a run does not wait for the rate limit that the one before has used.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _UNSET}
    with TemporaryFile() as errors, TemporaryDirectory() as cache:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**kept, "XDG_CACHE_HOME": cache, **(environ or {})},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = code = os.waitstatus_to_exitcode(status)
        if code != 0:
            errors.seek(0)
            said = errors.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"{' '.join(command)} ended with {code}: {said}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def best(
    times: int, command: Sequence[str], cwd: Path, environ: Mapping[str, str] | None = None
) -> Cost:
    """The cheapest of several runs: what the noise of a machine adds is never negative."""
    costs = [run(command, cwd, environ) for _ in range(times)]
    return Cost(
        min(cost.wall for cost in costs),
        min(cost.cpu for cost in costs),
        min(cost.memory for cost in costs),
    )
