"""Live progress: what is seen, and that nothing of it is left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest

from flashsync.plan.outcome import Result, WriteStatus
from flashsync.render.progress import LiveProgress
from flashsync.render.terminal import Screen
from tests.render.looks import plain
from tests.render.plans import ABSENT, ONE_LINE, PRUNED, new

CLEARED = "\r\x1b[1A\x1b[2K"
CURSOR_BACK = "\x1b[?25h"


def live(stream: StringIO, total: int | None = None) -> LiveProgress:
    """Progress of writing to that stream."""
    return LiveProgress(stream, Screen(80), "Writing", total)


def test_writes_are_counted_and_named() -> None:
    stream = StringIO()
    with live(stream, 2) as progress:
        progress.started(ONE_LINE)
        progress.finished(Result(ONE_LINE, WriteStatus.CONFIRMED))
        progress.started(ABSENT)
    text = plain(stream.getvalue())
    assert "Writing" in text
    assert "1/2 Legacy rota" in text


def test_nothing_is_left_behind() -> None:
    stream = StringIO()
    with live(stream, 1) as progress:
        progress.started(ONE_LINE)
    assert stream.getvalue().endswith(CURSOR_BACK + CLEARED)


def test_an_interrupt_clears_the_line_too() -> None:
    stream = StringIO()

    def interrupted() -> None:
        with live(stream, 1) as progress:
            progress.started(ONE_LINE)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert stream.getvalue().endswith(CURSOR_BACK + CLEARED)


def test_names_are_harmless_and_no_markup() -> None:
    stream = StringIO()
    with live(stream, 1) as progress:
        progress.started(PRUNED)
    assert "\x1b[31mtest" not in stream.getvalue()
    assert r"Somebody's \x1b[31mtest\u202e" in stream.getvalue()


def test_reading_is_counted_once_it_is_known_how_much() -> None:
    stream = StringIO()
    with live(stream) as progress:
        progress.expect(0)
        progress.expect(3)
        progress.advance()
    assert "1/3" in stream.getvalue()


def test_colours_are_used_where_they_are_wanted() -> None:
    stream = StringIO()
    with LiveProgress(stream, Screen(80, color=True), "Writing", 1):
        pass
    assert "\x1b[3" in stream.getvalue()


def test_threads_may_tell_it() -> None:
    stream = StringIO()
    actions = [new() for _ in range(50)]

    def write(place: int) -> None:
        progress.started(actions[place])
        progress.finished(Result(actions[place], WriteStatus.CONFIRMED))

    with live(stream, len(actions)) as progress, ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(len(actions))))
    assert "50/50" in stream.getvalue()
