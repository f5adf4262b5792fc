"""Warnings of a plan: which of them are about shifts."""

from __future__ import annotations

from flashsync.model.check_registry import COVERAGE_GAP, ON_CALL_NOW, SHORT_NOTICE
from flashsync.plan.model import Caution
from flashsync.plan.saved.later_cut import lasting


def test_what_is_not_about_shifts_lasts() -> None:
    of_shifts = [Caution("x", check) for check in (SHORT_NOTICE, ON_CALL_NOW, COVERAGE_GAP)]
    others = [Caution("x", "pending_person"), Caution("file: token (on_call_now)")]
    assert lasting([*of_shifts, *others]) == tuple(others)
