"""Warnings of a plan: the check that gives one is known, whatever its text looks like."""

from __future__ import annotations

import pytest

from flashsync.model.check_registry import COVERAGE_GAP, EXPECT, ON_CALL_NOW, SHORT_NOTICE
from flashsync.plan.model import Caution
from flashsync.plan.saved.later_cut import lasting


@pytest.mark.parametrize(
    ("text", "caution"),
    [
        ("bob comes on (on_call_now)", Caution("bob comes on", ON_CALL_NOW)),
        ("two\nlines (expect)", Caution("two\nlines", EXPECT)),
        ("it is late", Caution("it is late")),
        ("env: TOKEN (no_check)", Caution("env: TOKEN (no_check)")),
        ("(on_call_now)", Caution("(on_call_now)")),
        ("a (coverage_gap) (on_call_now)", Caution("a (coverage_gap)", ON_CALL_NOW)),
    ],
)
def test_a_saved_text_tells_its_check(text: str, caution: Caution) -> None:
    assert Caution.read(text) == caution
    assert caution.text == text


def test_what_is_not_about_shifts_lasts() -> None:
    of_shifts = [Caution("x", check) for check in (SHORT_NOTICE, ON_CALL_NOW, COVERAGE_GAP)]
    others = [Caution("x", "pending_person"), Caution("file: token (on_call_now)")]
    assert lasting([*of_shifts, *others]) == tuple(others)
