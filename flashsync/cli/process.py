"""The process: environment, clock, streams, and its signals while a command runs and writes.

Nothing else in the package reads the environment or asks the machine what time it is.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from flashsync.apply.interrupts import Interrupts

TEST_NOW = "FLASHSYNC_TEST_NOW"
"""For tests only: the time in Unix seconds, at which the clock of this program stands still."""


def environment() -> Mapping[str, str]:
    """The variables of this process."""
    return os.environ


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


SIGNALS = (signal.SIGINT, signal.SIGTERM)


def take_term_for_ctrl_c() -> None:
    """A CI job that is cancelled ends as orderly as one that somebody interrupts."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def listening() -> Interrupts:
    """From now on, to the end of the process, what is heard is for the plan that is carried out.

    No handler is put back after it: a Ctrl-C while the process ends would say that nothing was
    written. It is for the main thread, as signals are.
    """
    interrupts = Interrupts()
    for one in SIGNALS:
        if signal.getsignal(one) is signal.SIG_IGN:
            continue  # whoever started us wants it so: a script's job in the background, say
        signal.signal(one, lambda number, frame: interrupts.hear())
    return interrupts


@contextmanager
def kept() -> Iterator[None]:
    """For several commands in one process: afterwards the signals are handled as before.

    Any thread may run a command that does not write: nothing is put back then.
    """
    before = [signal.getsignal(one) for one in SIGNALS]
    try:
        yield
    finally:
        for one, handler in zip(SIGNALS, before, strict=True):
            if signal.getsignal(one) is not handler:
                signal.signal(one, handler)


# The streams of the process: whatever becomes of them, it ends without a traceback.


def opened(stream: TextIO | None) -> TextIO:
    """The stream; where it was closed before we began (`>&-`), one that leads nowhere."""
    return stream or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def abandon(stream: TextIO) -> None:
    """It cannot be written any more: what is left for it goes nowhere, and is no error at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def settle() -> None:
    """What a stream could not take is dropped: no traceback at exit, and no other exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            abandon(stream)
