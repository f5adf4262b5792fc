"""Deletes that the platform refuses since something refers to the schedule: what, in our words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from flashsync.api.endpoints import escalations
from flashsync.api.errors import Failure
from flashsync.apply.write import Writer
from flashsync.checks.escalations import REMEDY, paged
from flashsync.model.escalations import Reference
from flashsync.plan.model import Create
from flashsync.plan.outcome import Result
from flashsync.plan.words import Words


def explained(
    results: Sequence[Result], refused: Collection[int], writer: Writer
) -> tuple[Result, ...]:
    """The results, those of the `refused` schedules (by id) with the rules that page them.

    Where these cannot be read, the platform's own words have to do.
    """
    if not refused:
        return tuple(results)
    try:
        with writer.interrupts.impatient():
            known = escalations.references(writer.client)
    except (Failure, KeyboardInterrupt):  # what became of the writes has to be said all the same
        return tuple(results)
    return tuple(_explained(one, refused, known, writer.words) for one in results)


def _explained(
    result: Result, refused: Collection[int], known: Sequence[Reference], words: Words
) -> Result:
    action = result.action
    if isinstance(action, Create) or action.id not in refused or result.problem is None:
        return result
    found = [one for one in known if one.schedule == action.id]
    if not found:
        return result
    remedy = f"{paged(action.name, found, words)}; {REMEDY}"
    return replace(result, problem=replace(result.problem, remedy=remedy))
