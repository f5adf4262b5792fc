"""Both rate limits, kept on our side so exactly that the server never has to refuse.

The server counts arrivals in sliding windows. We know when a request was sent and when its answer
came, not when it arrived. A slot is therefore free again one period after its **answer**: whatever
the latencies, the requests that can arrive within one period of each other all hold different
slots. (In any window with one arrival too many, take the request that was sent last: all the
others arrived less than a period before, so their answers came less than a period before it was
sent, so all of them held slots then.) Freeing earlier cannot be proven right: a request may arrive
as late as its answer, the one that takes its slot as early as it is sent. The price is one latency
a period.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition

from flashsync.api.patience import Patience

CLOCK_DRIFT = 1.001
"""Periods are stretched by this: under NTP the server's clock may run 0.05 % slower than ours."""

_POLL = 0.05
"""Seconds between looks at whether a wait without an end in sight was called off."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` requests in any `seconds`."""

    count: int
    seconds: float


ACCOUNT = (Limit(50, 1), Limit(1000, 60))
"""For all endpoints together (api.md, Transport)."""

OWN: Mapping[str, tuple[Limit, ...]] = {"/schedule/preview": (Limit(10, 1), Limit(40, 60))}
"""Endpoints with limits of their own, on top of the account's (api.md, Transport).

Of the 60 previews a minute at most 40 are taken: the console uses them too, while people edit."""


class Slots:
    """One limit: a slot is taken for a request, and free again one period after its answer.

    Not thread-safe: the limiter's lock guards it. Times are seconds of one monotonic clock.
    """

    def __init__(self, limit: Limit, rate: float) -> None:
        allowed = limit.count * rate
        count = max(1, math.floor(allowed + 1e-9))
        self._period = limit.seconds * CLOCK_DRIFT * max(1.0, 1 / allowed)
        self._free_at = deque([-math.inf] * count)

    @property
    def any(self) -> bool:
        """Whether there is a slot to take; all may be held by requests without an answer yet."""
        return bool(self._free_at)

    def take(self) -> float:
        """Take a slot, and say from when on it may be used."""
        return self._free_at.popleft()

    def uses(self, now: float, by: float) -> int:
        """How many requests may begin by then, if each has its answer at once."""
        waits = (by - max(free_at, now) for free_at in self._free_at)
        return sum(1 + int(wait // self._period) for wait in waits if wait >= 0)

    def give(self, now: float) -> None:
        """The answer came: the slot is free again one period from now."""
        self._free_at.append(now + self._period)


class Limiter:
    """All limits of one client, at a share of what the account may do (0 < rate <= 1)."""

    def __init__(self, rate: float, patience: Patience) -> None:
        if not 0 < rate <= 1:
            raise ValueError(f"the rate must be above 0 and at most 1, not {rate}")
        account = [Slots(limit, rate) for limit in ACCOUNT]
        self._all = account
        self._own = {
            endpoint: account + [Slots(limit, rate) for limit in limits]
            for endpoint, limits in OWN.items()
        }
        self._patience = patience
        self._changed = Condition()
        self._paused_until = -math.inf

    @contextmanager
    def slot(self, endpoint: str) -> Iterator[bool]:
        """Wait for a turn, and hold it until the answer is there.

        Gives False, early, where the wait was called off: then nothing may be sent.
        """
        slots = self._own.get(endpoint, self._all)
        ready = self._take(slots)
        try:
            yield self._wait_until(ready)
        finally:
            with self._changed:
                now = self._patience.now()
                for held in slots if ready is not None else ():
                    held.give(now)
                self._changed.notify_all()

    def room(self, endpoint: str, seconds: float) -> int:
        """How many requests to an endpoint may begin within so many seconds, as things stand."""
        with self._changed:
            now = self._patience.now()
            start, by = max(now, self._paused_until), now + seconds
            return min(limit.uses(start, by) for limit in self._own.get(endpoint, self._all))

    def pause(self, seconds: float) -> None:
        """Send nothing at all for so long: the server said that we are too fast."""
        self._paused_until = max(self._paused_until, self._patience.now() + seconds)

    def _take(self, slots: list[Slots]) -> float | None:
        """One slot of each limit, and when all may be used; None where the wait was called off."""
        with self._changed:
            while not all(limit.any for limit in slots):
                if self._patience.ended:
                    return None
                self._changed.wait(_POLL)
            return max(limit.take() for limit in slots)

    def _wait_until(self, ready: float | None) -> bool:
        while ready is not None and not self._patience.ended:
            seconds = max(ready, self._paused_until) - self._patience.now()
            if seconds <= 0:
                return True
            self._patience.wait(seconds)
        return False
