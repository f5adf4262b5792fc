"""A plan is shown, approved by a person, written, and reported: what writing commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from flashsync.cli.output import Output, write
from flashsync.cli.process import abandon, is_interactive, listening
from flashsync.cli.views import OutcomeResult, PlanResult
from flashsync.errors import ConfigError, ExitCode, RefusedError, say_remedies_once
from flashsync.operations.carry_out import apply_plan, is_late
from flashsync.operations.planning import Planned
from flashsync.operations.session import Session
from flashsync.plan.outcome import Outcome
from flashsync.render.problems import render_problems


@dataclass(frozen=True, slots=True)
class Approval:
    """How a command gets its plans approved; `command` is its name."""

    session: Session
    output: Output
    command: str
    auto_approve: bool = False
    fail_fast: bool = False

    def carry_out(
        self, make: Callable[[], Planned], *, saved_plan: bool = False, undo_of: str | None = None
    ) -> ExitCode:
        """Make a plan, get it approved, write it, and show the outcome.

        If a handoff passes while the person is asked, the plan is made and shown again. `undo_of`
        is the id of a journal. Raises RefusedError if the plan is refused, or a person declines.
        """
        planned = make()
        while self._approve(planned):
            if is_late(self.session, planned):
                write("A handoff has passed in the meantime; planning again.\n\n", sys.stderr)
                planned = make()
                continue
            outcome = apply_plan(
                self.session, planned, self.command, undo_of, listening(), fail_fast=self.fail_fast
            )
            self._report(OutcomeResult(planned, outcome=outcome, saved_plan=saved_plan))
            return outcome.exit_code
        return ExitCode.OK

    def _approve(self, planned: Planned) -> bool:
        """Show the plan and ask for approval; False if there is nothing to do.

        A document has the plan with the outcome.
        """
        output, plan = self.output, planned.plan
        if output.is_stream:
            write(output.render(PlanResult(planned, refusals=False), "text"))
        if plan.refusals:
            if not output.is_stream:
                raise RefusedError(plan.refusals)
            write("Refused; nothing was written:\n", sys.stderr)
            raise RefusedError(say_remedies_once(plan.refusals))
        if plan.empty:
            nothing = OutcomeResult(planned, outcome=Outcome(plan, command=self.command))
            if output.is_stream:
                output.reports.save(nothing)
            else:
                output.show(nothing)
            return False
        if not self.auto_approve:
            self._ask(planned)
        return True

    def _ask(self, planned: Planned) -> None:
        """Ask for approval. Raises RefusedError if nobody can answer, or the answer is not yes."""
        output = self.output
        if not is_interactive():
            message = "cannot ask for approval: stdin is not a terminal"
            raise RefusedError(message, "pass --auto-approve")
        if not output.is_stream:  # stdout is for the one document, and comes later
            verbose = output.verbosity > 0
            plan = output.reports.render(
                PlanResult(planned), "text", output.remarks, verbose=verbose
            )
            write(plan, sys.stderr)
        from flashsync.render.plan.text import render_recap  # slow to import

        write(render_recap(planned.plan, planned.words, output.remarks), sys.stderr)
        write("Apply this plan? Type 'yes' to continue: ", sys.stderr)
        if sys.stdin.readline().strip() != "yes":
            raise RefusedError("declined; nothing was written")

    def _report(self, result: OutcomeResult) -> None:
        """Show an outcome. A report that cannot be written does not change the exit code."""
        output = self.output
        try:
            if output.is_stream:
                write("\n")
            output.show(result)
        except ConfigError as error:
            write(render_problems(error.problems, output.remarks), sys.stderr)
        except OSError as error:  # stdout is closed, or its disk is full
            abandon(sys.stdout)
            reason = f"error: cannot write to stdout ({error.strerror})\n"
            text = output.reports.render(result, "text", output.remarks)
            write(reason + text, sys.stderr)
