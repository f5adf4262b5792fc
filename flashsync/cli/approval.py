"""A plan is shown, approved by a person, written, and reported: what writing commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flashsync.cli.output import Output
from flashsync.cli.process import listening
from flashsync.cli.views import OutcomeResult
from flashsync.errors import ExitCode, RefusedError
from flashsync.operations.carry_out import apply_plan, is_late
from flashsync.operations.planning import Planned
from flashsync.operations.session import Session


@dataclass(frozen=True, slots=True)
class Approval:
    """How a command gets its plans approved; `command` is its name."""

    session: Session
    output: Output
    command: str
    auto_approve: bool = False
    fail_fast: bool = False

    def get(self, planned: Planned) -> bool:
        """Show the plan and ask for approval; False if there is nothing to do.

        Raises RefusedError if the plan is refused, or a person declines.
        """
        self.output.plan_to_apply(planned, self.command)
        if planned.plan.refusals:
            raise RefusedError(planned.plan.refusals)
        if planned.plan.empty:
            return False
        if not self.auto_approve:
            self.output.ask(planned)
        return True

    def get_in_time(self, make: Callable[[], Planned]) -> Planned | None:
        """The approved plan; None if there is nothing to do.

        If a handoff passes while the person is asked, the plan is made and shown again.
        """
        while True:
            planned = make()
            if not self.get(planned):
                return None
            if not is_late(self.session, planned):
                return planned
            self.output.again()

    def carry_out(
        self, planned: Planned, *, saved_plan: bool = False, undo_of: str | None = None
    ) -> ExitCode:
        """Write the approved plan, and show the outcome; `undo_of` is the id of a journal."""
        outcome = apply_plan(
            self.session, planned, self.command, undo_of, listening(), fail_fast=self.fail_fast
        )
        self.output.outcome(OutcomeResult(planned, outcome=outcome, saved_plan=saved_plan))
        return outcome.exit_code
