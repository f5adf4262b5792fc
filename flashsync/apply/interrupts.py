"""Ctrl-C and SIGTERM during an apply: counted at any time, raised where it is safe."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flashsync.api.concurrency import Impatience

TOGETHER = 0.25
"""Seconds in which several are one: a wrapper passes on what the terminal has sent already."""


class Interrupts:
    """Counts signals, in the main thread. `monotonic` is in seconds.

    The first lets what is under way finish, and is raised as KeyboardInterrupt; the second does
    not, and is raised as Impatience. Once `written` is set, neither is raised, so that the outcome
    is reported. It is set without a call, as a call is where Python lets signals in.
    """

    written = False

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._heard = 0
        self._last = float("-inf")
        self._looking = False

    def hear(self) -> None:
        """Count a signal. Raises KeyboardInterrupt, unless it is too late for that."""
        now = self._monotonic()
        if now - self._last < TOGETHER:
            return
        self._last = now
        self._heard += 1
        if self._heard == 1 and not self.written:
            raise KeyboardInterrupt
        if self._heard == 2 and (self._looking or not self.written):
            raise Impatience

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """For a look after the writes, which a second Ctrl-C ends."""
        self._looking = True
        try:
            if self._heard >= 2:
                raise Impatience
            yield
        finally:
            self._looking = False
