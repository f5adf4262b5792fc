"""`python -m benchmarks.soak`: random fault runs; prints the row of the goals; 1 on damage."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.soak.cases import scenario, wrong
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
    _say(f"{given.runs} runs from seed {seed} on")
    begun = time.monotonic()
    cases, found = _each_case(given.jobs) if given.runs > 1 else (0, [])
    verdicts: list[Verdict] = []
    try:
        for verdict in _shared(run, range(seed, seed + given.runs), given.jobs):
            verdicts.append(verdict)
            if verdict.damage:
                _say(f"seed {verdict.seed}: {verdict}")
    except KeyboardInterrupt:
        _say("interrupted: this is what came of the runs so far")
    report = Report(verdicts, cases, found, time.monotonic() - begun)
    print(report.text, end="")
    if given.write:
        given.write.write_text(report.page(seed, os.cpu_count() or 1), encoding="utf-8")
    return 1 if report.damage else 0


def _each_case(jobs: int) -> tuple[int, list[str]]:
    """How many cases of one fault there are, and what is wrong in them."""
    with TemporaryDirectory(prefix="flashsync-soak-") as folder:
        cases = [(folder, case) for case in scenario(folder).cases()]
        found = [problem for problems in _shared(wrong, cases, jobs) for problem in problems]
    return len(cases), found


def _shared(work: Callable[[Any], Any], items: Sequence[Any], jobs: int) -> Iterator[Any]:
    """The results in order, from so many processes, which have no threads when they fork.

    `work` is from another module: a process that begins anew does not find this one.
    """
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for number, result in enumerate(pool.imap(work, items), 1):
            if number % EVERY == 0:
                _say(f"{number} of {len(items)} ...")
            yield result


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
