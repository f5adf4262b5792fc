"""A change of who is on call at this moment, on a schedule that people rely on already."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.model import Case, CheckFinding, CheckSettings, change_of_hands


def on_call_now(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds who replaces whom right now."""
    move = case.effect.now if case.effect else None
    if move is not None and case.before is not None:
        message = f"this changes who is on call right now: {change_of_hands(move, case)}"
        yield CheckFinding(message, "tell them before you apply", ("layers",))
