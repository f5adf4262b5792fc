"""Live progress on a terminal, for reading and for writing. Leaves nothing behind."""

from __future__ import annotations

from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from flashsync.plan.model import Write
from flashsync.plan.outcome import Result
from flashsync.render.terminal import Screen

if TYPE_CHECKING:
    from rich.progress import Progress


class NoProgress:
    """Says nothing: where there is no terminal."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to clear away."""

    def expect(self, total: int) -> None:
        """So many schedules are about to be read."""

    def advance(self) -> None:
        """One has been read."""

    def started(self, action: Write) -> None:
        """A write begins."""

    def finished(self, result: Result) -> None:
        """A write has ended."""


class LiveProgress(NoProgress):
    """A bar with a count, and the name of a write that is under way.

    An observer of apply: its methods may be called from the threads that read and write.
    """

    def __init__(
        self, stream: TextIO, screen: Screen, label: str, total: int | None = None
    ) -> None:
        self._screen, self._lock = screen, Lock()
        self._names: dict[int, str] = {}
        self._progress = _progress(stream, screen)
        self._task = self._progress.add_task(screen.safe(label), total=total, name="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear the line and give the cursor back: after Ctrl-C too, before anything is said."""
        self._progress.stop()

    def expect(self, total: int) -> None:
        """So many schedules are about to be read."""
        self._progress.update(self._task, total=total or None)

    def advance(self) -> None:
        """One has been read."""
        self._progress.advance(self._task)

    def started(self, action: Write) -> None:
        """A write begins."""
        with self._lock:
            self._names[id(action)] = self._screen.safe(action.name)
            self._show_name()

    def finished(self, result: Result) -> None:
        """A write has ended."""
        with self._lock:
            self._names.pop(id(result.action), None)
            self._progress.advance(self._task)
            self._show_name()

    def _show_name(self) -> None:
        """Name the write that has been under way for longest."""
        self._progress.update(self._task, name=next(iter(self._names.values()), ""))


def _progress(stream: TextIO, screen: Screen) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.table import Column

    # Names are no markup: `[bold]` in one has to stay what it is.
    name = TextColumn(
        "{task.fields[name]}",
        markup=False,
        table_column=Column(no_wrap=True, overflow="ellipsis"),
    )
    # rich's own colours of a bar are not seen in every theme of 16 colours.
    done = "green"
    bar = BarColumn(20, style="dim", complete_style=done, finished_style=done, pulse_style=done)
    words = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True))
    console = Console(
        file=stream,
        force_terminal=True,
        color_system="standard" if screen.color else None,
        no_color=not screen.color,
        width=screen.columns,
        legacy_windows=False,
    )
    columns = (words, bar, MofNCompleteColumn(), name)
    return Progress(*columns, console=console, transient=True)
