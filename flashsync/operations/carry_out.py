"""Carries out a plan, or nothing of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from flashsync.apply.execute import run
from flashsync.apply.interrupts import Interrupts
from flashsync.apply.journal import FileJournal, NoJournal
from flashsync.apply.preconditions import with_secrets
from flashsync.apply.write import Writer
from flashsync.operations.planning import Planned
from flashsync.operations.secrets import references_of_journals
from flashsync.operations.session import NO_JOURNAL, Session
from flashsync.plan.outcome import Outcome
from flashsync.plan.saved.later_cut import pinned
from flashsync.plan.saved.staleness import late


def apply_plan(
    session: Session,
    planned: Planned,
    command: str = "apply",
    undo_of: str | None = None,
    interrupts: Interrupts | None = None,
    *,
    fail_fast: bool = False,
) -> Outcome:
    """Write what a plan says, and read it back. Raises RefusedError before the first write only.

    The journal names the `command`, and the id of the journal that it undoes (`undo_of`).
    """
    plan = with_secrets(pinned(planned.plan, session.now()), planned.read)
    writer = Writer(
        session.client,
        planned.words,
        session.now,
        plan.account.timezone,
        plan.window and plan.window[1],
        plan.created_at,
    )
    journal = NoJournal()
    if (given := session.options.journal) != NO_JOURNAL:
        folder = None if given is None else Path(given)
        references = partial(references_of_journals, session)
        journal = FileJournal(
            session.config_folder, folder, command, session.now, undo_of, references
        )
    with session.reporter.writing(plan):
        outcome = run(plan, writer, session.reporter, journal, interrupts, fail_fast=fail_fast)
    return replace(outcome, command=command, undo_of=undo_of, unrestored=planned.unrestored)


def is_late(session: Session, planned: Planned) -> bool:
    """Whether the moment of a cut has passed since the plan was made."""
    now = session.now()
    return bool(late(pinned(planned.plan, now), now, least=0))
