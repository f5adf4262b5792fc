"""The cases of one fault at one request, shared among processes."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from benchmarks.soak.every import Case, Scenario


@cache
def scenario(folder: str) -> Scenario:
    """One for each process, below a folder of all."""
    own = Path(folder) / str(os.getpid())
    own.mkdir()
    return Scenario(own)


def wrong(given: tuple[str, Case]) -> list[str]:
    """What is wrong in a case, given the folder of all."""
    folder, case = given
    return [f"{case.text}: {found}" for found in scenario(folder).problems(case)]
