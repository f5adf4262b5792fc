"""Ctrl-C and SIGTERM while an apply writes."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def twice() -> Iterator[None]:
    """The first lets what is under way finish, the second does not, and no third is heard.

    After a second one nothing is left to be ended but the telling of what became of the plan. It
    is for the main thread, as signals are.
    """
    before = [signal.getsignal(one) for one in SIGNALS]
    heard = 0

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal heard
        heard += 1
        if heard >= 2:
            _set(*[signal.SIG_IGN] * len(SIGNALS))
        raise KeyboardInterrupt

    _set(*[interrupt] * len(SIGNALS))
    try:
        yield
    finally:
        if heard < 2:
            _set(*before)


def _set(*handlers: signal._HANDLER) -> None:
    for one, handler in zip(SIGNALS, handlers, strict=True):
        signal.signal(one, handler)
