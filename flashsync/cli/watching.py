"""A picture that is drawn again and again in a terminal, in place of the last one."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from select import select
from types import TracebackType
from typing import Self

from flashsync.cli.output import write
from flashsync.cli.process import is_interactive
from flashsync.operations.session import SilentReporter
from flashsync.render.calendar.text import cut_line
from flashsync.render.terminal import Screen

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
"""Another screen without a cursor, and back: what was on the terminal stays there."""

_HOME, _CLEAR_LINE = "\x1b[H", "\x1b[2K"
"""A line is cleared before it is written: after a full line, its last character would go."""


class Picture(SilentReporter):
    """A picture on a screen of its own, with lines at its foot; both are gone at the end.

    As the reporter of a session, it shows at the foot what the session waits for.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._lines: list[str] = []
        self._foot: list[str] = []

    def __enter__(self) -> Self:
        write(_ENTER)
        self.draw("", ["Reading the account"])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):  # the terminal has gone
            write(_LEAVE)

    def draw(self, text: str, foot: Sequence[str]) -> None:
        """Show a text as far as it fits, and the foot in the last lines."""
        self._lines, self._foot = text.splitlines(), list(foot)
        self._draw()

    def remark(self, text: str) -> None:
        """Show it in the last line, until the next picture."""
        self._foot = [*self._foot[:-1], cut_line(f"note: {text}", self._screen)]
        self._draw()

    def _draw(self) -> None:
        rows = shutil.get_terminal_size().lines
        room = max(rows - len(self._foot), 1)
        shown = fit(self._lines, room)
        shown += [""] * (room - len(shown)) + self._foot
        write(_HOME + "\n".join(_CLEAR_LINE + line for line in shown[:rows]))


def fit(lines: Sequence[str], room: int) -> list[str]:
    """The first lines, as many as there is room for; the last one says how many are left out."""
    if len(lines) <= room:
        return list(lines)
    left = len(lines) - room + 1
    return [*lines[: room - 1], f"{left} more lines; use --only or a taller window"]


@contextmanager
def terminal_signals() -> Iterator[Callable[[float], bool]]:
    """A wait, in seconds, that returns True early when the picture has to be drawn again.

    That is when the terminal has another size, and when the program goes on after Ctrl-Z. What is
    typed meanwhile is not shown.
    """
    reader, writer = os.pipe()  # not an Event: a signal may interrupt a wait that holds its lock

    def wait(seconds: float) -> bool:
        again = bool(select([reader], [], [], seconds)[0])
        if again:
            os.read(reader, 4096)
        return again

    def suspend() -> None:
        out = sys.stdout.fileno()
        os.write(out, _LEAVE.encode())
        os.kill(os.getpid(), signal.SIGSTOP)
        os.write(out, _ENTER.encode())

    def handle(number: int, frame: object) -> None:
        del frame
        if number == signal.SIGTSTP:
            suspend()
        os.write(writer, b".")

    kinds = (signal.SIGWINCH, signal.SIGTSTP)
    before = [signal.signal(kind, handle) for kind in kinds]
    try:
        with _without_echo():
            yield wait
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)
        os.close(reader)
        os.close(writer)


@contextmanager
def _without_echo() -> Iterator[None]:
    """Show no typed keys on the terminal of stdin, and forget them at the end."""
    if not is_interactive():
        yield
        return
    import termios

    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    quiet = termios.tcgetattr(keyboard)
    quiet[3] &= ~termios.ECHO
    termios.tcsetattr(keyboard, termios.TCSADRAIN, quiet)
    try:
        yield
    finally:
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)
