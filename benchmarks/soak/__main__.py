"""`python -m benchmarks.soak`: random fault runs; prints the row of the goals; 1 on damage."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.soak.every import Case, Scenario
from benchmarks.soak.report import Report
from benchmarks.soak.run import Verdict, run

EVERY = 100
"""Items between two lines about how far it is."""


def main() -> int:
    """Run, print, and say in the exit code whether any damage was done."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="of the first run; else random")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--write", metavar="FILE", type=Path, help="also write the result here")
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else int.from_bytes(os.urandom(3), "big")
    print(f"{given.runs} runs from seed {seed} on", file=sys.stderr, flush=True)
    begun = time.monotonic()
    verdicts = list(_shared(run, range(seed, seed + given.runs), given.jobs))
    cases, found = _each_case(given.jobs) if given.runs > 1 else (0, [])
    report = Report(verdicts, cases, found, time.monotonic() - begun)
    print(report.text, end="")
    if given.write:
        given.write.write_text(report.page(seed, os.cpu_count() or 1), encoding="utf-8")
    return 1 if report.damage else 0


def _each_case(jobs: int) -> tuple[int, list[str]]:
    """How many cases of one fault there are, and what is wrong in them."""
    with TemporaryDirectory(prefix="flashsync-soak-") as folder:
        cases = [(folder, case) for case in _scenario(folder).cases()]
        found = [problem for problems in _shared(_problems, cases, jobs) for problem in problems]
    return len(cases), found


def _problems(given: tuple[str, Case]) -> list[str]:
    folder, case = given
    return [f"{case.text}: {found}" for found in _scenario(folder).problems(case)]


@cache
def _scenario(folder: str) -> Scenario:
    """One for each process."""
    own = Path(folder) / str(os.getpid())
    own.mkdir()
    return Scenario(own)


def _shared(work: Callable[[Any], Any], items: Sequence[Any], jobs: int) -> Iterator[Any]:
    """The results in order, from so many processes, which have no threads when they fork."""
    with multiprocessing.get_context("spawn").Pool(jobs, maxtasksperchild=100) as pool:
        for number, result in enumerate(pool.imap(work, items), 1):
            if isinstance(result, Verdict) and result.damage:
                print(f"seed {result.seed}: {result}", file=sys.stderr, flush=True)
            if number % EVERY == 0:
                print(f"{number} of {len(items)} ...", file=sys.stderr, flush=True)
            yield result


if __name__ == "__main__":
    sys.exit(main())
