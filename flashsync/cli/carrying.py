"""Carrying a plan out: shown, agreed to, written and told; what writing commands share."""

from __future__ import annotations

from collections.abc import Callable
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


def agreed_in_time(run: Run, make: Callable[[], Planned], *, ask: bool) -> Planned | None:
    """The plan that was shown and agreed to; None where there is nothing to do.

    Where a handoff passes while somebody is asked, it is made again, shown and asked for again.
    """
    while True:
        planned = make()
        if not agreed(run, planned, ask=ask):
            return None
        if not run.too_late(planned):
            return planned
        run.output.again()


def carry_out(
    run: Run,
    planned: Planned,
    command: str,
    *,
    saved_plan: bool = False,
    undo_of: str | None = None,
) -> ExitCode:
    """Write what was agreed to, and say what became of it.

    `command` is what the journal says made it, `undo_of` the id of the journal that it undoes.
    """
    with twice():
        outcome = run.apply(planned, command, undo_of)
        with suppress(KeyboardInterrupt):  # too late: all is done, and only has to be said
            run.output.outcome(outcome, planned, saved_plan=saved_plan)
    return outcome.exit_code
