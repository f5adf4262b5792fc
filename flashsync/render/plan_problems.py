"""What is wrong or doubtful about a plan, as problems with their places, for lists and marks."""

from __future__ import annotations

from collections.abc import Sequence

from flashsync.errors import Level, Problem
from flashsync.plan.model import Plan

_SAID = "(on_call_now)"
"""How warnings end that every view of a plan says first."""


def warned(plan: Plan, found: Sequence[Problem] = ()) -> list[Problem]:
    """All warnings: those `found` in the files at their own places, others at their schedule's."""
    said = {problem.text for problem in found}
    return [
        *found,
        *(
            Problem(f"`{action.name}`: {warning}", "", action.source, Level.WARNING)
            for action in plan.actions
            for warning in action.remarks.warnings
            if warning not in said and not warning.endswith(_SAID)
        ),
    ]
