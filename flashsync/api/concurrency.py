"""One function over many items in several threads, with waits that Ctrl-C ends."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from threading import Event
from typing import TypeVar

_TURN = 0.2
"""Seconds between looks for Ctrl-C."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(
    function: Callable[[Item], Result], items: Sequence[Item], threads: int, patience: Patience
) -> list[Result]:
    """The results in the order of the items.

    The first failure is raised: items not begun are left out, waits end at once, and requests
    under way are let finish. Ctrl-C does the same, which is why even a single item has a thread
    of its own; a second one does not wait for them. The function must not call `each` itself: one
    end of patience is for all threads of a client.
    """
    if not items:
        return []
    results: dict[int, Result] = {}
    waiting = deque(enumerate(items))

    def work() -> None:
        while True:
            try:
                index, item = waiting.popleft()
            except IndexError:
                return
            results[index] = function(item)

    pool = ThreadPoolExecutor(min(threads, len(items)), "flashsync")
    waits = True
    try:
        workers = [pool.submit(copy_context().run, work) for _ in range(min(threads, len(items)))]
        failed = _first_failure(workers)
    except Impatience:
        waits = False
        raise
    finally:
        # Not a `with`: its end would wait again after a second Ctrl-C.
        waiting.clear()
        if len(results) < len(items):
            patience.end()
        pool.shutdown(wait=waits)
        if waits:
            patience.renew()
    if failed is not None:
        raise failed
    return [results[index] for index in range(len(items))]


def _first_failure(workers: list[Future[None]]) -> BaseException | None:
    """Wait until all is done or one has failed; that failure, if any."""
    under_way = set(workers)
    while under_way:
        # In short turns: a wait for a lock without an end does not see Ctrl-C on every system.
        done, under_way = wait(under_way, timeout=_TURN, return_when=FIRST_EXCEPTION)
        for worker in done:
            if (error := worker.exception()) is not None:
                return error
    return None


# Waits that can be ended: by Ctrl-C, or because another call has failed.


class Impatience(KeyboardInterrupt):
    """Ctrl-C for the second time: not even requests under way are waited for."""


class Patience:
    """The clock and the sleep of one client, shared by its threads.

    `monotonic` counts seconds; `sleep`, given by tests, replaces the real wait.
    """

    def __init__(
        self,
        sleep: Callable[[float], object] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stop = Event()
        self._sleep = sleep or self._stop.wait
        self._sleep_through = sleep or time.sleep
        self._finishing: ContextVar[bool] = ContextVar("finishing", default=False)
        self.now = monotonic

    @property
    def ended(self) -> bool:
        """Whether this thread should not wait any longer."""
        return self._stop.is_set() and not self._finishing.get()

    def wait(self, seconds: float) -> None:
        """Sleep; returns early once `end` was called."""
        if seconds > 0 and not self.ended:
            (self._sleep_through if self._finishing.get() else self._sleep)(seconds)

    def end(self) -> None:
        """Wake all who wait, and let nobody wait again until `renew`."""
        self._stop.set()

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """In this thread, nothing ends early meanwhile: what was begun is seen through."""
        token = self._finishing.set(True)
        try:
            yield
        finally:
            self._finishing.reset(token)

    def renew(self) -> None:
        """Let waits be waits again."""
        self._stop.clear()
