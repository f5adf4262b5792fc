"""What one thread exchanges with the platform, kept while somebody wants to know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

from flashsync.api.exchange import Exchange


class Recorder(local):
    """Each thread has a list of its own, while it records; others see nothing of it."""

    def __init__(self) -> None:
        self.seen: list[Exchange] | None = None

    @contextmanager
    def recording(self) -> Iterator[list[Exchange]]:
        """The exchanges of this thread from here on, attempt by attempt."""
        before, self.seen = self.seen, []
        try:
            yield self.seen
        finally:
            self.seen = before
