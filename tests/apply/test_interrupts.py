"""Which Ctrl-C is raised, and which is only heard."""

from __future__ import annotations

import pytest

from flashsync.api.concurrency import Impatience
from flashsync.apply.interrupts import TOGETHER, Interrupts


class Heard:
    """Interrupts on a clock of its own, and which of them were raised."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.interrupts = Interrupts(lambda: self.seconds)

    def after(self, seconds: float) -> bool:
        """Whether a Ctrl-C that comes `later` is raised."""
        self.seconds += seconds
        try:
            self.interrupts.hear()
        except KeyboardInterrupt:
            return True
        return False


def test_two_are_raised() -> None:
    heard = Heard()
    assert [heard.after(1) for _ in range(4)] == [True, True, False, False]


def test_the_second_one_is_impatient() -> None:
    heard = Heard()
    heard.after(1)
    heard.seconds += 1
    with pytest.raises(Impatience):
        heard.interrupts.hear()


def test_a_signal_that_a_wrapper_passes_on_does_not_count_twice() -> None:
    heard = Heard()
    assert [heard.after(0.4 * TOGETHER) for _ in range(4)] == [True, False, False, True]


def test_none_is_raised_once_all_is_written() -> None:
    heard = Heard()
    heard.interrupts.written = True
    assert [heard.after(1) for _ in range(3)] == [False, False, False]


def test_the_last_look_is_given_up_by_the_second_alone() -> None:
    heard = Heard()
    heard.interrupts.written = True
    with heard.interrupts.impatient():
        assert [heard.after(1) for _ in range(3)] == [False, True, False]
    assert not heard.after(1)


def test_the_last_look_is_not_begun_after_the_second() -> None:
    heard = Heard()
    assert [heard.after(1) for _ in range(2)] == [True, True]
    heard.interrupts.written = True
    with pytest.raises(KeyboardInterrupt), heard.interrupts.impatient():
        pytest.fail("it was begun")
    assert not heard.after(1)
