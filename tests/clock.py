"""A clock for tests whose texts have dates in them."""

from __future__ import annotations

import time
from collections.abc import Callable

NOW = 1795250000
"""Sat 21 Nov 2026 16:33:20 in Shanghai."""


def since(start: int) -> Callable[[], float]:
    """Unix seconds that go on from `start`."""
    begun = time.monotonic()
    return lambda: start + time.monotonic() - begun
