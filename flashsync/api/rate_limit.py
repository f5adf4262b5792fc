"""Both rate limits, kept on our side so exactly that the server never has to refuse.

The server counts arrivals in sliding windows. We know when a request was sent and when its answer
came, not when it arrived. A slot is therefore free again one period after its **answer**: whatever
the latencies, the requests that can arrive within one period of each other all hold different
slots. (In any window with one arrival too many, take the request that was sent last: all the
others arrived less than a period before, so their answers came less than a period before it was
sent, so all of them held slots then.) Freeing earlier cannot be proven right: a request may arrive
as late as its answer, and the next one in its slot as early as it is sent. The price is one latency
a period.

A read and the write that depends on it hold slots of both windows together before the read is sent,
so that no wait comes between the two. Who holds slots never waits for another one, so that nobody
waits for ever; and threads take slots in the order in which they came, so that nobody who needs
several is overtaken again and again. A slot that was held and not used is free again at once.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from threading import Condition, local

from flashsync.api.concurrency import Patience
from flashsync.api.slot_file import SlotFile, Table

CLOCK_DRIFT = 1.001
"""Periods are stretched by this: under NTP the server's clock may run 0.05 % slower than ours."""

TOGETHER = 3
"""Slots that each limit has at least, at any rate: calls that can be made without a wait."""

_HELD = 1e12
"""A slot that a request holds is above this, by the time at which the request is given up."""

_UNANSWERED = 120.0
"""Seconds after which a request is given up of which nothing is heard: its process was killed."""

_DOUBLES = 30.0
"""Seconds without a refusal after which the pace is twice as fast."""

_LEAST = 1 / 64
"""Share of the rate below which no refusal brings the pace."""

_POLL = 0.05
"""Seconds between looks at whether a wait without an end in sight was called off."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` requests in any `seconds`."""

    count: int
    seconds: float


ACCOUNT = (Limit(50, 1), Limit(1000, 60))
"""For all endpoints together (api.md, Transport)."""

_ALL = ""
"""In place of an endpoint: what all of them keep to."""

OWN: Mapping[str, tuple[Limit, ...]] = {"/schedule/preview": (Limit(10, 1), Limit(40, 60))}
"""Endpoints with limits of their own, on top of the account's (api.md, Transport).

Of the 60 previews a minute at most 40 are taken: the console uses them too, while people edit."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot that was taken: where it is, and from when on it may be used."""

    table: Table
    index: int
    free_at: float
    period: float

    def release(self, answered: float | None) -> None:
        """Free it one period after the answer; where nothing was sent (None), it is what it was."""
        self.table[self.index] = self.free_at if answered is None else answered + self.period


class Slots:
    """One limit: a slot is taken for a request, and free again one period after its answer.

    At a rate that allows fewer than `TOGETHER` a period, these are allowed in a longer one. A
    lower rate uses the first slots of the same table: so all processes stay below the limit
    together, and processes of one rate below that rate. Not thread-safe: the limiter's lock guards
    it. Times are seconds of one monotonic clock.
    """

    def __init__(self, limit: Limit, rate: float) -> None:
        allowed = limit.count * rate
        self.size = max(TOGETHER, limit.count)
        self._count = max(TOGETHER, math.floor(allowed + 1e-9))
        self._period = limit.seconds * CLOCK_DRIFT * max(1.0, self._count / allowed)
        self._next = 0
        self._table: Table = [-math.inf] * self.size

    def share(self, table: Table, now: float) -> None:
        """Go on with a table of several processes, in which our own requests count as well."""
        used = [free_at for free_at in self._table if now < free_at < _HELD]
        self._table = table
        for free_at in used:
            index = min(range(self._count), key=table.__getitem__)
            table[index] = max(table[index], free_at)

    def leave(self) -> None:
        """Go on without the other processes."""
        self._table = list(self._table)

    def take(self, now: float) -> Slot | None:
        """Take the slot that is free first; None where requests without an answer hold all."""
        index = self._next  # slots are used in turn, so this one is usually free
        free_at = self._table[index]
        if free_at > now:
            times = list(self._table[: self._count])
            if min(times) > now:  # a process that was killed gives nothing back
                times = [-math.inf if _HELD <= time <= _HELD + now else time for time in times]
            free_at = min(times)
            if free_at >= _HELD:
                return None
            index = times.index(free_at)
        self._next = (index + 1) % self._count
        self._table[index] = _HELD + max(now, free_at) + self._period + _UNANSWERED
        return Slot(self._table, index, free_at, self._period)

    def uses(self, now: float, by: float) -> int:
        """How many requests may begin by then, if each has its answer at once."""
        free = (free_at for free_at in self._table[: self._count] if free_at < _HELD)
        waits = (by - max(free_at, now) for free_at in free)
        return sum(1 + int(wait // self._period) for wait in waits if wait >= 0)


class Pace:
    """How fast one request may follow another, after the platform has refused some.

    Other programs use the same limits: a refusal halves the rate, and each half minute without one
    doubles it, until the slots alone decide again. Not thread-safe.
    """

    def __init__(self, per_second: float) -> None:
        self._full = per_second
        self._share, self._since, self._next = 1.0, -math.inf, -math.inf

    def refuse(self, sent: float, now: float) -> None:
        """A request was refused. What was sent before the rate was halved is of the same burst, and
        does not halve it again."""
        if sent >= self._since:
            self._share = max(self._share_at(now) / 2, _LEAST)
            self._since = now

    def reserve(self, now: float, requests: int) -> float:
        """From when on the next requests may be sent, one after the other."""
        share = self._share_at(now)
        if share >= 1:
            return now
        start = max(now, self._next)
        self._next = start + requests / (self._full * share)
        return start

    def uses(self, now: float, by: float) -> float:
        """How many requests may begin by then."""
        share = self._share_at(now)
        return math.inf if share >= 1 else max(0, (by - max(now, self._next)) * self._full * share)

    def _share_at(self, now: float) -> float:
        return min(1.0, self._share * 2 ** min((now - self._since) / _DOUBLES, 60))


@dataclass(frozen=True, slots=True)
class _Budget:
    """What requests to an endpoint keep to: the account's limits, then its own."""

    limits: Sequence[Slots]
    paces: Sequence[Pace]


@dataclass(frozen=True, slots=True)
class _Turn:
    """The slots for one request."""

    endpoint: str
    slots: Sequence[Slot]


class _Held(local):
    """What each thread holds for requests that it is going to make."""

    turns: Sequence[_Turn] = ()


class Limiter:
    """All limits of one client, at a share of what the account may do (0 < rate <= 1)."""

    def __init__(self, rate: float, patience: Patience) -> None:
        if not 0 < rate <= 1:
            raise ValueError(f"the rate must be above 0 and at most 1, not {rate}")
        self._limits: list[Slots] = []
        self._budgets: dict[str, _Budget] = {}
        for endpoint, limits in {_ALL: ACCOUNT, **OWN}.items():
            slots = [Slots(limit, rate) for limit in limits]
            self._limits += slots
            # As fast as requests follow each other when the shortest limit is used evenly.
            pace = Pace(max(limit.count / limit.seconds for limit in limits) * rate)
            account = self._budgets.get(_ALL, _Budget((), ()))
            self._budgets[endpoint] = _Budget([*account.limits, *slots], [*account.paces, pace])
        self._patience = patience
        self.now = patience.now
        self._changed = Condition()
        self._waiting: list[set[Slots]] = []
        """The limits that lack slots for each thread that waits; who came first is first."""
        self._held = _Held()
        self._paused_until = -math.inf
        self._file: SlotFile | None = None
        self._locked: Callable[[], AbstractContextManager[None]] = nullcontext
        """No other process changes the slots meanwhile."""
        self._refused = False
        self.reached = False
        """Whether the platform has answered at all."""
        self.passed = 0
        """Requests that the platform did not refuse for their number."""

    def share(self, path: Path) -> None:
        """Share the slots with all processes that name the same file. Raises Unusable."""
        with self._changed:
            if self._file is not None:
                return
            self._file = SlotFile(path, [limit.size for limit in self._limits])
            self._locked = self._file.locked
            now = self._patience.now()
            with self._locked():
                for limit, table in zip(self._limits, self._file.tables, strict=True):
                    limit.share(table, now)

    def close(self) -> None:
        """Leave the shared slots to the others."""
        with self._changed:
            if self._file is not None:
                for limit in self._limits:
                    limit.leave()
                self._locked = nullcontext
                self._file.close()
                self._file = None

    def answered(self, endpoint: str, sent: float, *, refused: bool) -> None:
        """Note an answer of the platform: whether it was a 429, to a request sent at that time."""
        with self._changed:
            self.reached = True
            if refused:
                self._refused = True
                self._budget_of(endpoint).paces[-1].refuse(sent, self._patience.now())
            else:
                self.passed += 1

    @contextmanager
    def slot(self, endpoint: str) -> Iterator[bool]:
        """Wait for a turn, unless this thread holds one, and hold it until the answer is there.

        Gives False, early, where the wait was called off: then nothing may be sent.
        """
        held = self._held.turns
        turn = next((turn for turn in held if turn.endpoint == endpoint), None)
        if turn is None:
            with (
                self.together([endpoint]) as ready,
                self.slot(endpoint) if ready else nullcontext(False) as may_send,
            ):
                yield may_send
            return
        self._held.turns = [other for other in held if other is not turn]
        try:
            yield not self._patience.ended
        finally:
            self._release([turn], sent=True)

    @contextmanager
    def together(self, endpoints: Sequence[str]) -> Iterator[bool]:
        """Wait until these requests may all be sent, and hold their turns for this thread.

        Each `slot` for one of them then gives a turn at once. One for another request gives back
        what is left before it waits, as the end does. Gives False where the wait was called off.
        """
        self._release(self._held.turns, sent=False)  # who waits holds nothing
        self._held.turns = self._take(endpoints)
        try:
            yield self._wait_until_free(self._held.turns)
        finally:
            self._release(self._held.turns, sent=False)
            self._held.turns = ()

    def room(self, endpoint: str, seconds: float) -> int:
        """How many requests to an endpoint may begin within `seconds`, as far as is known now."""
        with self._changed, self._locked():
            now = self._patience.now()
            start, by = max(now, self._paused_until), now + seconds
            budget = self._budget_of(endpoint)
            slots = min(limit.uses(start, by) for limit in budget.limits)
            return int(min(slots, *(pace.uses(start, by) for pace in budget.paces)))

    def pause(self, seconds: float) -> None:
        """Send nothing for so long: the server said that we are too fast. A turn that is held
        already is not held up by it."""
        self._paused_until = max(self._paused_until, self._patience.now() + seconds)

    def _budget_of(self, endpoint: str) -> _Budget:
        return self._budgets.get(endpoint, self._budgets[_ALL])

    def _take(self, endpoints: Sequence[str]) -> Sequence[_Turn]:
        """One slot of each limit for each request; none where the wait was called off."""
        needed = {limit for name in endpoints for limit in self._budget_of(name).limits}
        lacking: set[Slots] = set()
        with self._changed:
            self._waiting.append(lacking)
            try:
                while not self._patience.ended:
                    earlier = takewhile(lambda other: other is not lacking, self._waiting)
                    first = all(needed.isdisjoint(others) for others in earlier)
                    if first and (turns := self._try_to_take(endpoints, lacking)):
                        return turns
                    self._changed.wait(_POLL)
                return ()
            finally:
                self._waiting = [other for other in self._waiting if other is not lacking]
                self._changed.notify_all()

    def _try_to_take(self, endpoints: Sequence[str], lacking: set[Slots]) -> Sequence[_Turn]:
        """As `_take`, at once; none where some limits lack slots, which are noted."""
        now = self._patience.now()
        turns = []
        lacking.clear()
        with self._locked():
            for endpoint in endpoints:
                slots = []
                for limit in self._budget_of(endpoint).limits:
                    if slot := limit.take(now):
                        slots.append(slot)
                    else:
                        lacking.add(limit)
                turns.append(_Turn(endpoint, slots))
            if lacking:
                for slot in (slot for turn in turns for slot in turn.slots):
                    slot.release(None)
        return () if lacking else turns

    def _release(self, turns: Sequence[_Turn], *, sent: bool) -> None:
        """Give back the slots of requests: answered ones, or ones that were not sent."""
        if not turns:
            return
        with self._changed:
            with self._locked():
                now = self._patience.now() if sent else None
                for turn in turns:
                    for slot in turn.slots:
                        slot.release(now)
            self._changed.notify_all()

    def _wait_until_free(self, turns: Sequence[_Turn]) -> bool:
        """Wait until all may be used; False without any turn, or if the wait was called off."""
        ready = max((slot.free_at for turn in turns for slot in turn.slots), default=math.inf)
        start, paused = -math.inf, math.nan
        while turns and not self._patience.ended:
            now = self._patience.now()
            if now >= max(ready, self._paused_until) and paused != self._paused_until:
                # After each pause anew: who waits for it wakes with all others.
                paused = start = self._paused_until
                if self._refused:
                    names = (turn.endpoint for turn in turns)
                    paces = Counter(pace for name in names for pace in self._budget_of(name).paces)
                    with self._changed:
                        start = max(pace.reserve(now, count) for pace, count in paces.items())
            seconds = max(ready, self._paused_until, start) - now
            if seconds <= 0:
                return True
            self._patience.wait(seconds)
        return False
