"""Shows the edits of files, or writes them and plans; what `add`, `remove`, `replace` share."""

from __future__ import annotations

import sys
from collections.abc import Callable

from flashsync.cli.options import EditCommand
from flashsync.cli.output import Output, write
from flashsync.cli.run import open_session
from flashsync.cli.views import EditsResult, PlanResult
from flashsync.errors import ExitCode
from flashsync.operations.edit_files import FileEdits, why_no_account
from flashsync.operations.options import PlanOptions
from flashsync.operations.planning import Planned, make_plan
from flashsync.operations.selection import Selection
from flashsync.operations.session import Session
from flashsync.render.plan.json import plan_json


def run_edit(options: EditCommand, make: Callable[[Session], FileEdits]) -> int:
    """Make edits, show them, or write them and plan; gives the exit code."""
    output = Output.of(options.screen)
    with open_session(options.session, output) as session:
        edits = make(session)
        if not edits.files or options.check:
            output.show(EditsResult(edits, written=False))
            _show_notes(output, edits)
            return ExitCode.CHANGES if edits.files else ExitCode.OK
        edits.write()
        text = output.render(EditsResult(edits, written=True), "text")
        write(text, sys.stdout if output.format == "text" else sys.stderr)
        _show_notes(output, edits)
        try:
            planned = _plan(session, output, edits, offline=options.offline)
        except KeyboardInterrupt:
            write("Interrupted. The files keep the edit, and no plan was made.\n", sys.stderr)
            return ExitCode.INTERRUPTED
        if output.format == "json":
            plan = plan_json(planned.plan, planned.words.directory) if planned else None
            output.show(EditsResult(edits, written=True, plan=plan))
        return ExitCode.ERROR if planned and planned.plan.refusals else ExitCode.OK


def _plan(session: Session, output: Output, edits: FileEdits, *, offline: bool) -> Planned | None:
    """Plan the schedules that were edited, and show the plan; None without an account."""
    if reason := why_no_account(session, offline=offline):
        write(f"No plan was made: {reason}, then run `flashsync plan`.\n", sys.stderr)
        return None
    planned = make_plan(session, PlanOptions(Selection(only=edits.schedules)))
    if output.format == "text":
        write("\n")
        output.show(PlanResult(planned))
    return planned


def _show_notes(output: Output, edits: FileEdits) -> None:
    if output.format == "text":
        for note in edits.notes:
            output.remark(note)
