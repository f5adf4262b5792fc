"""What a run reports while it works; the command line draws it, a script may ignore it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from flashsync.api.redact import Exchange
    from flashsync.operations.files import Reading
    from flashsync.plan.model import Plan, Write
    from flashsync.plan.outcome import Result


class Reporter(Protocol):
    """Receives the progress of a run. Threads that read and write may call it."""

    def files_read(self, reading: Reading) -> None:
        """All files are read, without an error."""

    def reading(self) -> AbstractContextManager[None]:
        """The account is read until the context ends."""

    def expect(self, total: int) -> None:
        """`total` schedules are about to be read."""

    def advance(self) -> None:
        """A schedule was read."""

    def exchange(self, exchange: Exchange) -> None:
        """A request was answered, or failed."""

    def remark(self, text: str) -> None:
        """A wait, or another fact that a waiting user should know."""

    def writing(self, plan: Plan) -> AbstractContextManager[None]:
        """The plan is written until the context ends."""

    def started(self, action: Write) -> None:
        """A write begins."""

    def finished(self, result: Result) -> None:
        """A write has ended, with this result."""


class SilentReporter:
    """Ignores everything."""

    def files_read(self, reading: Reading) -> None:
        """Ignore it."""

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Show nothing."""
        yield

    def expect(self, total: int) -> None:
        """Ignore it."""

    def advance(self) -> None:
        """Ignore it."""

    def exchange(self, exchange: Exchange) -> None:
        """Ignore it."""

    def remark(self, text: str) -> None:
        """Ignore it."""

    @contextmanager
    def writing(self, plan: Plan) -> Iterator[None]:
        """Show nothing."""
        del plan
        yield

    def started(self, action: Write) -> None:
        """Ignore it."""

    def finished(self, result: Result) -> None:
        """Ignore it."""
