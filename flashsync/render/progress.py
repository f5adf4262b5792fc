"""Live progress on a terminal, for reading and for writing."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from flashsync.plan.model import Write
from flashsync.plan.outcome import Result, Status
from flashsync.render.outcome_text import said
from flashsync.render.words import clean

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Live:
    """A bar that leaves nothing behind. Without a stream it does nothing.

    An observer of apply: its methods are called from the threads that write.
    """

    def __init__(self, stream: TextIO | None, total: int | None, words: str) -> None:
        self._stream, self._total, self._words = stream, total, words
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._stream is not None:
            self._progress = _bar(self._stream)
            self._progress.start()
            self._task = self._progress.add_task(self._words, total=self._total)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def announce(self, total: int) -> None:
        """Say how much there is to do."""
        if self._progress is not None and self._task is not None:
            words = f"{self._words} {total}"
            self._progress.update(self._task, total=total or None, description=words)

    def started(self, action: Write) -> None:
        """A write begins."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, description=f"{self._words} {clean(action.name)}")

    def finished(self, result: Result) -> None:
        """A write has ended; what went wrong stays on the screen above the bar."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)
            if result.status is not Status.CONFIRMED:
                self._progress.console.print(clean(said(result)), markup=False, highlight=False)


def _bar(stream: TextIO) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(file=stream, force_terminal=True, legacy_windows=False)
    text = TextColumn("{task.description}", markup=False)
    return Progress(text, BarColumn(), MofNCompleteColumn(), console=console, transient=True)
