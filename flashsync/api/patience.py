"""Waits that can be ended: by Ctrl-C, or because another call has failed."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event


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
        self.now = monotonic

    @property
    def ended(self) -> bool:
        """Whether nobody should wait any longer."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep; returns early once `end` was called."""
        if seconds > 0 and not self.ended:
            self._sleep(seconds)

    def end(self) -> None:
        """Wake all who wait, and let nobody wait again until `renew`."""
        self._stop.set()

    def renew(self) -> None:
        """Let waits be waits again."""
        self._stop.clear()
