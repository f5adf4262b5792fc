"""The streams of the process: whatever becomes of them, it ends without a traceback."""

from __future__ import annotations

import os
import sys
from typing import TextIO


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
