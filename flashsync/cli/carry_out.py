"""Carrying a plan out: shown, agreed to, written and told; what writing commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flashsync.cli.run import Run
from flashsync.errors import ExitCode, RefusedError
from flashsync.operations.planning import Planned


def agreed(run: Run, planned: Planned, command: str, *, ask: bool) -> bool:
    """Show the plan of a command and ask for it; False where there is nothing to do.

    Raises RefusedError where it would be dangerous, or nobody agrees.
    """
    run.output.plan_to_apply(planned, command)
    if planned.plan.refusals:
        raise RefusedError(planned.plan.refusals)
    if planned.plan.empty:
        return False
    if ask:
        run.output.ask(planned)
    return True


def agreed_in_time(
    run: Run, make: Callable[[], Planned], command: str, *, ask: bool
) -> Planned | None:
    """The plan that was shown and agreed to; None where there is nothing to do.

    Where a handoff passes while somebody is asked, it is made again, shown and asked for again.
    """
    while True:
        planned = make()
        if not agreed(run, planned, command, ask=ask):
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
    outcome = run.apply(planned, command, undo_of)
    outcome = replace(outcome, command=command, undo_of=undo_of, unrestored=planned.unrestored)
    run.output.outcome(outcome, planned, saved_plan=saved_plan)
    return outcome.exit_code
