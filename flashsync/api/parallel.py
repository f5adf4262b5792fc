"""One function over many items, in several threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from threading import Lock
from typing import TypeVar

from flashsync.api.patience import Impatience, Patience

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
    queue = _Queue(items)

    def work() -> None:
        for index, item in queue:
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
        queue.close()
        if len(results) < len(items):
            patience.end()
        pool.shutdown(wait=waits)
        if waits:
            patience.renew()
    if failed is not None:
        raise failed
    return [results[index] for index in range(len(items))]


class _Queue(Iterator[tuple[int, Item]]):
    """Items with their places, given out one by one to whoever asks, until closed."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = iter(enumerate(items))
        self._lock = Lock()
        self._closed = False

    def __next__(self) -> tuple[int, Item]:
        with self._lock:
            if self._closed:
                raise StopIteration
            return next(self._items)

    def close(self) -> None:
        self._closed = True


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
