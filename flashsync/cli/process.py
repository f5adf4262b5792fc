"""The process: environment, clock, streams, and its signals while a command runs and writes.

Nothing else in the package reads the environment or asks the machine what time it is.
"""

from __future__ import annotations

import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:  # `--help` needs neither
    from pathlib import Path

    from flashsync.apply.interrupts import Interrupts

TEST_NOW = "FLASHSYNC_TEST_NOW"
"""For tests only: the fixed time of this program's clock, in Unix seconds."""


def environment() -> Mapping[str, str]:
    """The variables of this process."""
    return os.environ


def disable_plugins() -> None:
    """Let no other package's plugin of pydantic read what is validated.

    The search for them takes a twentieth of `validate` of one file.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def clock() -> float:
    """The time, in Unix seconds."""
    fixed = environment().get(TEST_NOW)
    return float(fixed) if fixed else time.time()


def cache_folder() -> Path:
    """A folder for this user's files that may be lost at any time."""
    from platformdirs import user_cache_path

    return user_cache_path("flashsync", appauthor=False)


def is_interactive() -> bool:
    """Whether stdin is a terminal, so that a question can be answered."""
    return sys.stdin is not None and sys.stdin.isatty()


def is_screen() -> bool:
    """Whether stdout is a terminal on which text can be written over."""
    return sys.stdout.isatty() and environment().get("TERM") != "dumb"


def read_stdin() -> bytes:
    """All of standard input."""
    return sys.stdin.buffer.read() if sys.stdin is not None else b""


SIGNALS = (signal.SIGINT, signal.SIGTERM)


def take_term_for_ctrl_c() -> None:
    """Handle SIGTERM like Ctrl-C, so that a cancelled CI job ends in order."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def listening() -> Interrupts:
    """Send signals to the run of a plan, from now to the end of the process.

    No handler is restored: a Ctrl-C while the process ends would report that nothing was written.
    Only the main thread may call it.
    """
    from flashsync.apply.interrupts import Interrupts

    interrupts = Interrupts()
    for kind in SIGNALS:
        if signal.getsignal(kind) is signal.SIG_IGN:
            continue  # the parent process wants it, such as a script with a background job
        signal.signal(kind, lambda number, frame: interrupts.hear())
    return interrupts


@contextmanager
def kept() -> Iterator[None]:
    """Restore the handlers of signals afterwards, for several commands in one process.

    Any thread may run a command that does not write: nothing is restored then.
    """
    before = [signal.getsignal(kind) for kind in SIGNALS]
    try:
        yield
    finally:
        for kind, handler in zip(SIGNALS, before, strict=True):
            if signal.getsignal(kind) is not handler:
                signal.signal(kind, handler)


# The streams of the process, which ends without a traceback whatever happens to them.


def opened(stream: TextIO | None) -> TextIO:
    """The stream; if it was closed before the start (`>&-`), a stream to nowhere."""
    return stream or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def abandon(stream: TextIO) -> None:
    """Send the rest of a broken stream to nowhere, without an error at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def settle() -> None:
    """Drop what a stream could not take, without a traceback or another exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            abandon(stream)


# What the process may lack.

SANDBOX = ("starlette>=0.46,<2", "uvicorn>=0.34,<1")
"""The extra `sandbox` of pyproject.toml; a test compares the two."""


def render_sandbox_install() -> str:
    """The command that installs the extra where this program runs, however it came there.

    It names the packages and not the extra: on the package index the name `flashsync` is that of
    somebody else's program.
    """
    return shlex.join((sys.executable, "-m", "pip", "install", *SANDBOX))
