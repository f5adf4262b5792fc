"""What is wrong or doubtful about a plan, as problems with their places, for lists and marks."""

from __future__ import annotations

from collections.abc import Sequence

from flashsync.errors import Level, Problem
from flashsync.model.check_registry import ON_CALL_NOW
from flashsync.plan.model import Plan


def list_warnings(plan: Plan, found: Sequence[Problem] = ()) -> list[Problem]:
    """All warnings: those `found` in the files at their own places, others at their schedule's.

    That somebody else is on call now is left out: every view of a plan says it first.
    """
    said = {problem.text for problem in found}
    return [
        *found,
        *(
            Problem(f"`{action.name}`: {warning.text}", "", action.source, Level.WARNING)
            for action in plan.actions
            for warning in action.remarks.warnings
            if warning.check != ON_CALL_NOW and warning.text not in said
        ),
    ]
