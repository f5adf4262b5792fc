"""What one thread exchanges with the platform, kept while somebody wants to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import local

from flashsync.api.exchange import Exchange


class Recorder(local):
    """Each thread has a list of its own, while it records; others see nothing of it."""

    def __init__(self) -> None:
        self.seen: list[Exchange] | None = None
        self._later: list[Exchange] | None = None

    @contextmanager
    def recording(self) -> Iterator[list[Exchange]]:
        """The exchanges of this thread from here on, attempt by attempt."""
        before, self.seen = self.seen, []
        try:
            yield self.seen
        finally:
            self.seen = before

    def tell(self, exchange: Exchange, observe: Callable[[Exchange], object]) -> None:
        """Tell somebody of an exchange: now, or when this thread has the time for it."""
        if self._later is None:
            observe(exchange)
        else:
            self._later.append(exchange)

    @contextmanager
    def telling_later(self, observe: Callable[[Exchange], object]) -> Iterator[None]:
        """What this thread exchanges meanwhile is told at the end: who is told may be slow."""
        later: list[Exchange] = []
        self._later = later
        try:
            yield
        finally:
            self._later = None
            for exchange in later:
                observe(exchange)
