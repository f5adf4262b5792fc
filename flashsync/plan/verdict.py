"""Whether a saved plan would still be carried out."""

from __future__ import annotations

from dataclasses import dataclass

from flashsync.errors import Problem
from flashsync.plan.model import Plan

PLAN_AGAIN = "plan again, and look at it"
"""What to do about a plan that does not fit any more."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every reason why `apply` would refuse the plan of the file `name`.

    `plan` is None where the file holds none.
    """

    name: str
    plan: Plan | None
    problems: tuple[Problem, ...]

    @property
    def applies(self) -> bool:
        """Whether apply would go on to the first write, or has nothing to do."""
        return not self.problems
