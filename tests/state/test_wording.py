"""Numbers and lists as people say them."""

from __future__ import annotations

import pytest

from flashsync.state.wording import count, first, joined


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 schedules"), (1, "1 schedule"), (2, "2 schedules")]
)
def test_count(number: int, text: str) -> None:
    assert count(number, "schedule") == text


def test_count_of_what_has_its_own_plural() -> None:
    assert count(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(
    ("parts", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_joined(parts: list[str], text: str) -> None:
    assert joined(parts) == text


def test_joined_by_another_word() -> None:
    assert joined(["a", "b", "c"], "or") == "a, b or c"


@pytest.mark.parametrize(
    ("parts", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a, b"), (["a", "b", "c", "d"], "a, b and 2 more")],
)
def test_the_first_of_many(parts: list[str], text: str) -> None:
    assert first(parts, 2) == text
