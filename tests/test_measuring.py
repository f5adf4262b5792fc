"""Coverage costs nothing where it is not measured."""

from __future__ import annotations

import sys

import pytest


@pytest.mark.slow
def test_a_test_that_is_not_measured_is_not_traced() -> None:
    assert sys.gettrace() is None, "see tests/measuring.py"


@pytest.fixture
def trace_of_a_fixture() -> object:
    return sys.gettrace()


def test_nor_is_the_set_up_of_any_other(trace_of_a_fixture: object) -> None:
    assert trace_of_a_fixture is None, "see tests/measuring.py"
