"""Both rate limits, kept on our side so exactly that the server never has to refuse.

The server counts arrivals in sliding windows. We know when a request was sent and when its answer
came, not when it arrived. A slot is therefore free again one period after its **answer**: whatever
the latencies, the requests that can arrive within one period of each other all hold different
slots. (In any window with one arrival too many, take the request that was sent last: all the
others arrived less than a period before, so their answers came less than a period before it was
sent, so all of them held slots then.) Freeing earlier cannot be proven right: a request may arrive
as late as its answer, the one that takes its slot as early as it is sent. The price is one latency
a period.

A read and the write that depends on it hold slots of both windows together before the read is sent,
so that no wait comes between the two. Who holds slots never waits for another one, so that nobody
waits for ever; and threads take slots in the order in which they came, so that one that needs
several is not overtaken again and again. A slot that was held and not used is free again at once.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, local

from flashsync.api.concurrency import Patience

CLOCK_DRIFT = 1.001
"""Periods are stretched by this: under NTP the server's clock may run 0.05 % slower than ours."""

TOGETHER = 3
"""Slots that each limit has at least, at any rate: so many calls can be made without a wait."""

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

    At a rate that allows fewer than `TOGETHER` a period, so many are allowed in a longer one. Not
    thread-safe: the limiter's lock guards it. Times are seconds of one monotonic clock.
    """

    def __init__(self, limit: Limit, rate: float) -> None:
        allowed = limit.count * rate
        count = max(TOGETHER, math.floor(allowed + 1e-9))
        self._period = limit.seconds * CLOCK_DRIFT * max(1.0, count / allowed)
        self._free_at = deque([-math.inf] * count)

    @property
    def left(self) -> int:
        """How many there are to take; others are held by requests without an answer yet."""
        return len(self._free_at)

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

    def put_back(self, free_at: float) -> None:
        """Nothing was sent: the slot is what it was before it was taken."""
        self._free_at.appendleft(free_at)


@dataclass(frozen=True, slots=True)
class _Turn:
    """The slots for one request, each with the moment from which on it may be used."""

    endpoint: str
    slots: tuple[tuple[Slots, float], ...]


class _Held(local):
    """What each thread holds for requests that it is going to make."""

    def __init__(self) -> None:
        self.turns: list[_Turn] = []

    def pop(self, endpoint: str) -> _Turn | None:
        """The turn for a request, which is held no more."""
        found = next((turn for turn in self.turns if turn.endpoint == endpoint), None)
        if found is not None:
            self.turns.remove(found)
        return found


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
        self._waiting: list[Counter[Slots]] = []
        self._held = _Held()
        self._paused_until = -math.inf

    @contextmanager
    def slot(self, endpoint: str) -> Iterator[bool]:
        """Wait for a turn, unless this thread holds one, and hold it until the answer is there.

        Gives False, early, where the wait was called off: then nothing may be sent.
        """
        turn = self._held.pop(endpoint)
        if turn is not None:
            try:
                yield not self._patience.ended
            finally:
                self._give([turn])
            return
        self._put_back()  # who waits holds nothing
        turns, ready = self._take([endpoint]), False
        try:
            ready = self._wait_until(turns)
            yield ready
        finally:
            self._give(turns) if ready else self._put_back(turns)

    @contextmanager
    def together(self, endpoints: Sequence[str]) -> Iterator[bool]:
        """Wait until these requests may all be sent, and hold their turns for this thread.

        Each `slot` for one of them then gives a turn at once. One for another request gives back
        what is left before it waits, as the end does. Gives False where the wait was called off.
        """
        self._put_back()
        turns, ready = self._take(endpoints), False
        try:
            ready = self._wait_until(turns)
            self._held.turns = list(turns) if ready else []
            yield ready
        finally:
            self._put_back(() if ready else turns)

    def room(self, endpoint: str, seconds: float) -> int:
        """How many requests to an endpoint may begin within so many seconds, as things stand."""
        with self._changed:
            now = self._patience.now()
            start, by = max(now, self._paused_until), now + seconds
            return min(limit.uses(start, by) for limit in self._limits(endpoint))

    def pause(self, seconds: float) -> None:
        """Send nothing for so long: the server said that we are too fast. A turn that is held
        already is not held up by it."""
        self._paused_until = max(self._paused_until, self._patience.now() + seconds)

    def _limits(self, endpoint: str) -> list[Slots]:
        return self._own.get(endpoint, self._all)

    def _take(self, endpoints: Sequence[str]) -> list[_Turn]:
        """One slot of each limit for each request; none where the wait was called off."""
        needed = Counter(limit for endpoint in endpoints for limit in self._limits(endpoint))
        with self._changed:
            self._waiting.append(needed)
            try:
                while not self._may_take(needed):
                    if self._patience.ended:
                        return []
                    self._changed.wait(_POLL)
                return [
                    _Turn(one, tuple((limit, limit.take()) for limit in self._limits(one)))
                    for one in endpoints
                ]
            finally:
                self._waiting = [one for one in self._waiting if one is not needed]
                self._changed.notify_all()

    def _may_take(self, needed: Counter[Slots]) -> bool:
        """Whether there are enough, and nobody who came earlier waits for one of the same."""
        wanted: set[Slots] = set()
        for earlier in self._waiting:
            lacking = {limit for limit, count in earlier.items() if limit.left < count}
            if earlier is needed:
                return not lacking and wanted.isdisjoint(needed)
            wanted |= lacking
        raise AssertionError("it does not wait")

    def _give(self, turns: Sequence[_Turn]) -> None:
        with self._changed:
            now = self._patience.now()
            for turn in turns:
                for limit, _ in turn.slots:
                    limit.give(now)
            self._changed.notify_all()

    def _put_back(self, turns: Sequence[_Turn] = ()) -> None:
        """Give back what was not used: what this thread holds, and `turns`."""
        unused = [*turns, *self._held.turns]
        if not unused:
            return
        self._held.turns = []
        with self._changed:
            for turn in reversed(unused):
                for limit, free_at in turn.slots:
                    limit.put_back(free_at)
            self._changed.notify_all()

    def _wait_until(self, turns: Sequence[_Turn]) -> bool:
        """Wait until all may be used; False where there are none, or the wait was called off."""
        ready = max((free_at for turn in turns for _, free_at in turn.slots), default=math.inf)
        while turns and not self._patience.ended:
            seconds = max(ready, self._paused_until) - self._patience.now()
            if seconds <= 0:
                return True
            self._patience.wait(seconds)
        return False
