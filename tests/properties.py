"""How much property tests try.

A run of everything tries little. `FLASHSYNC_EXAMPLES=20 pytest --timeout 0 …` tries twenty times as
much, and something else each time; a failure prints the line that repeats it.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

FACTOR = int(os.environ.get("FLASHSYNC_EXAMPLES", "1"))
LITTLE = 30
"""Examples of a test that asks for no number."""


def trying(examples: int, *, steady: bool = False, **more: Any) -> settings:
    """Settings for so many examples; `more` is Hypothesis's own.

    steady: the same examples in every run, as long as no more are asked for.
    """
    return settings(
        max_examples=max(1, examples * FACTOR), derandomize=steady and FACTOR == 1, **more
    )


def load() -> None:
    """Make this the default. However busy the machine is, to be slow is no failure."""
    slow = [HealthCheck.too_slow]
    settings.register_profile(
        "flashsync",
        max_examples=LITTLE * FACTOR,
        deadline=None,
        print_blob=True,
        suppress_health_check=slow,
    )
    settings.load_profile("flashsync")
