"""Carrying a plan out: shown, agreed to, written and told; what writing commands share."""

from __future__ import annotations

from contextlib import suppress

from flashsync.cli.interrupts import twice
from flashsync.cli.planning import Planned
from flashsync.cli.run import Run
from flashsync.errors import ExitCode, RefusedError


def agreed(run: Run, planned: Planned, *, ask: bool) -> bool:
    """Show a plan and ask for it; False where there is nothing to do.

    Raises RefusedError where it would be dangerous, or nobody agrees.
    """
    run.output.plan_to_apply(planned)
    if planned.plan.refusals:
        raise RefusedError(planned.plan.refusals)
    if planned.plan.empty:
        return False
    if ask:
        run.output.ask(planned)
    return True


def carry_out(run: Run, planned: Planned, *, saved_plan: bool = False) -> ExitCode:
    """Write what was agreed to, and say what became of it."""
    with twice():
        outcome = run.apply(planned)
        with suppress(KeyboardInterrupt):  # too late: all is done, and only has to be said
            run.output.outcome(outcome, planned, saved_plan=saved_plan)
    return outcome.exit_code
