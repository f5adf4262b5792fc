"""A change of a plan in one line."""

from __future__ import annotations

from flashsync.plan.model import Change


def change_text(change: Change) -> str:
    """`+ frank (turn 4)`, `1 week → 2 weeks`."""
    return change.text
