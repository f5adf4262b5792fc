"""Live progress on a terminal, for reads and writes; it is cleared at the end."""

from __future__ import annotations

from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from flashsync.plan.model import Write
from flashsync.plan.outcome import Result
from flashsync.render.terminal import Screen

if TYPE_CHECKING:
    from rich.progress import Progress


class LiveProgress:
    """A bar with a count, and the name of a write under way.

    An observer of apply; its methods may be called from several threads.
    """

    def __init__(
        self, stream: TextIO, screen: Screen, label: str, total: int | None = None
    ) -> None:
        self._screen, self._lock = screen, Lock()
        self._names: dict[int, str] = {}
        self._progress = _create_bar(stream, screen)
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
        """Clears the line and restores the cursor, after Ctrl-C too, before any message."""
        self._progress.stop()

    def expect(self, total: int) -> None:
        """Sets how many schedules will be read."""
        self._progress.update(self._task, total=total or None)

    def advance(self) -> None:
        """Counts a schedule that was read."""
        self._progress.advance(self._task)

    def started(self, action: Write) -> None:
        """Shows a write that begins."""
        with self._lock:
            self._names[id(action)] = self._screen.safe(action.name)
            self._show_name()

    def finished(self, result: Result) -> None:
        """Counts a write that has ended."""
        with self._lock:
            self._names.pop(id(result.action), None)
            self._progress.advance(self._task)
            self._show_name()

    def _show_name(self) -> None:
        """Shows the name of the oldest write under way."""
        self._progress.update(self._task, name=next(iter(self._names.values()), ""))


def _create_bar(stream: TextIO, screen: Screen) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.table import Column

    # Names are not markup: `[bold]` in a name stays as it is.
    name = TextColumn(
        "{task.fields[name]}",
        markup=False,
        table_column=Column(no_wrap=True, overflow="ellipsis"),
    )
    # rich's own colours of a bar are invisible in some themes of 16 colours.
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
