"""The rate limits: exact sliding windows, per account."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import Final

from flashsync.sandbox.options import Limits

PREVIEW: Final = "/schedule/preview"


class Window:
    """The requests that passed in the last `length` seconds."""

    def __init__(self, length: float) -> None:
        self._length = length
        self._passed: deque[float] = deque()

    def wait(self, now: float, limit: int | None) -> float:
        """Seconds until the next request may pass; 0 if it may now."""
        while self._passed and self._passed[0] <= now - self._length:
            self._passed.popleft()
        if limit is None or len(self._passed) < limit:
            return 0.0
        return (
            self._passed[len(self._passed) - limit] + self._length - now if limit else self._length
        )

    def let_pass(self, now: float) -> None:
        """Counts one request."""
        self._passed.append(now)


class Limiter:
    """The windows of an account. `clock` counts seconds and never goes back.

    Guess: a refused request does not count.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all = (Window(1.0), Window(60.0))
        self._previews = (Window(1.0), Window(60.0))

    def wait(self, endpoint: str, limits: Limits) -> float:
        """Lets a request pass and returns 0, or returns the seconds until it may pass."""
        now = self._clock()
        pairs = list(zip(self._all, (limits.per_second, limits.per_minute), strict=True))
        if endpoint == PREVIEW:
            own = (limits.previews_per_second, limits.previews_per_minute)
            pairs += zip(self._previews, own, strict=True)
        longest = max(window.wait(now, limit) for window, limit in pairs)
        if longest > 0:
            return longest
        for window, _ in pairs:
            window.let_pass(now)
        return 0.0


def retry_after(wait: float) -> str:
    """The header of a 429: whole seconds, rounded up."""
    return str(max(1, math.ceil(wait)))
