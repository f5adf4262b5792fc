"""Finds overrides made in the console between our last read and our write, which wiped them.

The API has no lock, so such a moment is there in every update. The audit log tells afterwards
whether somebody wrote in it, and what, so that it can be made again. **Guess**: a write is in the
log by the time it is answered; a later entry is not found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashsync.api.endpoints import audit, schedules
from flashsync.api.endpoints.audit import overrides_in
from flashsync.api.errors import Failure, reason
from flashsync.apply.write import Writer
from flashsync.errors import Problem
from flashsync.model import wording
from flashsync.model.audit import AuditEntry
from flashsync.model.schedule import Override, Stamp
from flashsync.plan.model import Update
from flashsync.plan.outcome import NOTHING_WRITTEN, Lost, Result, Trace
from flashsync.plan.words import Words


@dataclass(frozen=True, slots=True)
class LostOverrides:
    """What was wiped. `unread` says why the audit log did not tell, where it did not."""

    lost: tuple[Lost, ...] = ()
    unread: str = ""


def find_lost_overrides(results: Sequence[Result], writer: Writer) -> LostOverrides:
    """What the updates wiped, or why the audit log does not say."""
    updates = [
        result
        for result in results
        if isinstance(result.action, Update) and result.status not in NOTHING_WRITTEN
    ]
    spans = [result.trace.span for result in updates if result.trace.span]
    if not spans:
        return LostOverrides()
    ours = {sent.request_id for result in results for sent in result.trace.requests}
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    try:
        with writer.interrupts.impatient(), writer.client.finishing():
            # Both ends of a search may or may not be part of it.
            entries = audit.search(writer.client, first - 1, last + 1)
            if not entries:  # our own writes should be there
                return LostOverrides(unread="it has no entry for this run")
            others = [entry for entry in entries if entry.request_id not in ours]
            lost = tuple(lost for result in updates for lost in _lost(result, others, writer))
            return LostOverrides(lost)
    except Failure as failure:
        return LostOverrides(unread=reason(failure))
    except KeyboardInterrupt:
        return LostOverrides(unread="interrupted")


def describe_unread(search: LostOverrides) -> str:
    """What was not checked."""
    return (
        f"the audit log did not answer ({search.unread}), so overrides made in the console during "
        "a write were not looked for"
    )


def describe_lost(lost: Lost, words: Words) -> Problem:
    """Who lost what, and what to do about it."""
    at = wording.time(lost.at, words.timezone)
    message = (
        f"{lost.who} wrote `{lost.schedule}` in the console at {at}, between our last read and our "
        "write, which "
    )
    if not lost.overrides:
        remedy = f"ask {lost.who}, and look at the schedule in the console"
        return Problem(f"{message}wiped it; the audit log does not show what it was", remedy)
    which = "; ".join(words.override(override) for override in lost.overrides)
    return Problem(f"{message}wiped an override: {which}", "make it again in the console")


def _lost(result: Result, others: Sequence[AuditEntry], writer: Writer) -> Iterator[Lost]:
    """What the last write by others in that moment sent, and neither we nor the account have."""
    trace, id = result.trace, result.action.id if isinstance(result.action, Update) else 0
    start, end = trace.span or (0, 0)
    within = [entry for entry in others if start <= entry.at <= end and entry.touches({id}, "")]
    entry = within[0] if within else None
    if entry is None:
        return
    name, who = result.action.name, entry.writer(writer.words.directory)
    overrides = overrides_in(entry)
    if overrides is None:
        seen = trace.before is not None and trace.before.stamp == Stamp(entry.member, entry.at)
        if not seen:
            yield Lost(name, id, who, entry.at)
    elif gone := _missing(overrides, trace, id, writer):
        yield Lost(name, id, who, entry.at, gone)


def _missing(
    overrides: Sequence[Override], trace: Trace, id: int, writer: Writer
) -> tuple[Override, ...]:
    """The console's overrides that we never saw and that are not live; later ones are live."""
    seen = {
        override.identity
        for side in (trace.before, trace.sent)
        if side
        for override in side.overrides
    }
    left = [
        override for override in overrides if not override.ours and override.identity not in seen
    ]
    if not left:
        return ()
    live = schedules.read_schedule_info(writer.client, id, writer.timezone, writer.clock())
    there = {override.identity for override in live.overrides}
    return tuple(override for override in left if override.identity not in there)
