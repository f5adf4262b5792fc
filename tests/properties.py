"""How much property tests try.

The gate tries little, and the same in every run. `make properties` tries twenty times as much, and
something else each time; a failure prints the line that repeats it. `FLASHSYNC_EXAMPLES=20` does
the same for any other choice of tests (with `--timeout 0`).
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

FACTOR = int(os.environ.get("FLASHSYNC_EXAMPLES", "1"))
LITTLE = 15
"""Examples of a test that asks for no number."""
SAME_EVERY_TIME = FACTOR == 1


def trying(examples: int, **more: Any) -> settings:
    """Settings for a number of examples; `more` is Hypothesis's own."""
    most = max(1, examples * FACTOR)
    return settings(max_examples=most, derandomize=SAME_EVERY_TIME, **more)


def load() -> None:
    """Make this the default. On a busy machine, slowness is not a failure."""
    settings.register_profile(
        "flashsync",
        max_examples=LITTLE * FACTOR,
        derandomize=SAME_EVERY_TIME,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("flashsync")
