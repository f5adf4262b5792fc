"""Who wrote the schedules that differ: their stamps, and the audit log where it may be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flashsync.api.client import Client
from flashsync.api.endpoints import audit
from flashsync.api.errors import AccessDenied, Failure
from flashsync.model.audit import AuditEntry, concerning
from flashsync.model.schedule import Stamp, canonical_name
from flashsync.model.timezone import DAY
from flashsync.operations.options import PlanOptions
from flashsync.operations.planning import Planned, make_plan
from flashsync.operations.selection import ALL, Selection
from flashsync.operations.session import Session
from flashsync.plan.drift import MOST, Drift, LastWrite, Wrote, key_of, sifted
from flashsync.plan.model import Create, Plan, Write
from flashsync.plan.safety import foretold
from flashsync.plan.words import Words

BEFORE = 7 * DAY
"""Seconds before the last write in which others may explain it."""


@dataclass(frozen=True, slots=True)
class FoundDrift:
    """What differs, and the words to say it in."""

    drift: Drift
    words: Words


def find_drift(session: Session, selection: Selection = ALL) -> FoundDrift:
    """Compare the files with the account: what differs, who wrote it last, what is accepted."""
    planned = make_plan(session, PlanOptions(selection, leavers=True, judged=False))
    words, complete = planned.words, selection.complete
    drift = sifted(planned.plan, planned.acceptances, words.timezone, complete=complete)
    with session.reporter.reading():
        drift = with_last_writes(session.client, drift, planned)
    return FoundDrift(replace(drift, plan=foretold(drift.plan)), words)


def with_last_writes(client: Client, drift: Drift, planned: Planned) -> Drift:
    """The drift of a plan with who wrote last; a note says what could not be told.

    The log is asked only where something differs.
    """
    if drift.empty:
        return drift
    plan = drift.plan
    entries, notes = _entries(client, _start(plan, planned.stamps), plan.created_at)
    found = {key_of(one): _of(one, planned, entries) for one in plan.writes}
    for name in plan.undeclared:
        found[name] = _told(concerning(entries, None, canonical_name(name)), planned)
    written = {key: last for key, last in found.items() if last is not None}
    return replace(drift, plan=replace(plan, notes=(*plan.notes, *notes)), written=written)


def _start(plan: Plan, stamps: Mapping[int, Stamp]) -> int:
    """From when on the log is read (Unix seconds): shortly before all of the last writes.

    Where one of these is not known, it is as far back as the platform lets one search reach.
    """
    live = [stamps.get(one.id) for one in plan.writes if not isinstance(one, Create)]
    times = [stamp.at for stamp in live if stamp]
    known = len(times) == len(plan.writes) and all(times) and not plan.undeclared
    return min(times) - BEFORE if known else 0


def _entries(
    client: Client, start: int, now: int
) -> tuple[tuple[AuditEntry, ...], tuple[str, ...]]:
    try:
        return audit.since(client, start, now), ()
    except AccessDenied:
        why = "the key may not read the audit log (it needs the permission to read audits)"
    except Failure as failure:
        why = f"the audit log was not read ({failure.problems[0].message})"
    return (), (f"the writing requests are unknown because {why}",)


def _of(write: Write, planned: Planned, entries: tuple[AuditEntry, ...]) -> LastWrite | None:
    id = None if isinstance(write, Create) else write.id
    name = write.name if isinstance(write, Create) else ""
    told = _told(concerning(entries, id, canonical_name(name)), planned)
    if id is None:
        return _gone(told)
    stamp = planned.stamps.get(id)
    if stamp is None or not stamp.at:
        return told
    own = stamp.by == planned.plan.account.member
    writer = planned.words.directory.person(stamp.by)
    return LastWrite(writer, stamp.at, own, told.writes if told else ())


def _told(entries: tuple[AuditEntry, ...], planned: Planned) -> LastWrite | None:
    """What the log says alone: of a schedule that is gone, or that no file declares."""
    writes = tuple(_writes(entries[:MOST], planned))
    if not writes:
        return None
    own = entries[0].member == planned.plan.account.member
    return LastWrite(writes[0].writer, writes[0].at, own, writes)


def _gone(last: LastWrite | None) -> LastWrite | None:
    """Of what is missing: whoever wrote it last did so before somebody deleted or renamed it."""
    if last is None or "delete" in last.writes[0].operation.lower():  # guess: its name
        return last
    return replace(last, own=False, gone=True)


def _writes(entries: tuple[AuditEntry, ...], planned: Planned) -> Iterator[Wrote]:
    for one in entries:
        yield Wrote(one.writer(planned.words.directory), one.at, one.operation, one.request_id)
