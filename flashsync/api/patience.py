"""Waits that can be ended: by Ctrl-C, or because another call has failed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event


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
