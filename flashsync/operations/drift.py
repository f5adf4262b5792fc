"""What differs from the files, and who wrote it last: by stamps, and by the audit log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flashsync.api.client import Client
from flashsync.api.endpoints import audit
from flashsync.api.errors import AccessDenied, Failure
from flashsync.model.account_records import AuditEntry, concerning
from flashsync.model.schedule import Stamp, canonical_name
from flashsync.model.timezone import DAY
from flashsync.model.wording import first
from flashsync.operations.effects import foresee
from flashsync.operations.options import PlanOptions
from flashsync.operations.planning import Planned, make_plan
from flashsync.operations.selection import ALL, Selection
from flashsync.operations.session import Session
from flashsync.plan.drift import MOST, Drift, Key, LastWrite, Wrote, filter_accepted, key_of
from flashsync.plan.model import Create, Plan, Update, Write
from flashsync.plan.safety import warn_of_refusals
from flashsync.plan.words import Words

BEFORE = 7 * DAY
"""Seconds before the last write in which other writes may explain it."""


@dataclass(frozen=True, slots=True)
class FoundDrift:
    """What differs, and the words to say it in.

    `foreseen` is the plan of the drift with its effects, if these were asked for.
    """

    drift: Drift
    words: Words
    foreseen: Plan | None = None


def find_drift(
    session: Session, selection: Selection = ALL, *, effects: bool = False
) -> FoundDrift:
    """Compare the files with the account: what differs, who wrote it last, what is accepted.

    With `effects`, also who is on call live and by the files, which takes the requests of a plan.
    """
    planned = make_plan(session, PlanOptions(selection, leavers=True, judged=False))
    words, complete = planned.words, selection.complete
    drift = filter_accepted(planned.plan, planned.acceptances, words.timezone, complete=complete)
    with session.reporter.reading():
        drift = with_last_writes(session.client, drift, planned)
        drift = replace(drift, plan=warn_of_refusals(drift.plan))
        foreseen = _foresee(session.client, drift.plan, planned) if effects else None
    return FoundDrift(drift, words, foreseen)


def _foresee(client: Client, plan: Plan, planned: Planned) -> Plan:
    live = planned.sources.facts.live if planned.sources else {}
    return foresee(plan, live, client, lanes=True).plan


def with_last_writes(client: Client, drift: Drift, planned: Planned) -> Drift:
    """The drift of a plan with the last writes; a note says if the log could not be read.

    The log is read only if something differs.
    """
    if drift.empty:
        return drift
    plan = drift.plan
    entries, notes = _read_log(client, plan, planned.stamps)
    by_key = {key_of(write): _last_write(write, planned, entries) for write in plan.writes}
    for name in plan.undeclared:
        by_key[name] = _last_logged(concerning(entries, None, canonical_name(name)), planned)
    written = {key: last for key, last in by_key.items() if last is not None}
    if not notes:
        notes = tuple(_unlogged(plan, written))
    return replace(drift, plan=replace(plan, notes=(*plan.notes, *notes)), written=written)


def _unlogged(plan: Plan, written: Mapping[Key, LastWrite]) -> Iterator[str]:
    """A note on the live schedules that differ, or are in no file, without a write in the log."""
    names: dict[Key, str] = {name: name for name in plan.undeclared}
    for write in plan.writes:
        if not isinstance(write, Create):
            names[write.id] = write.live_name if isinstance(write, Update) else write.name
    logged = {key for key, last in written.items() if last.writes}
    if missing := [f"`{name}`" for key, name in names.items() if key not in logged]:
        yield (
            f"the audit log has no write of {first(missing, MOST)}; it may not reach back that far"
        )


def _read_log(
    client: Client, plan: Plan, stamps: Mapping[int, Stamp]
) -> tuple[tuple[AuditEntry, ...], tuple[str, ...]]:
    """The log from shortly before all last writes on, and a note if it cannot be read.

    If a last write is unknown, that is as far back as the platform allows.
    """
    live = [stamps.get(write.id) for write in plan.writes if not isinstance(write, Create)]
    times = [stamp.at for stamp in live if stamp]
    known = len(times) == len(plan.writes) and all(times) and not plan.undeclared
    try:
        return audit.since(client, min(times) - BEFORE if known else 0, plan.created_at), ()
    except AccessDenied:
        reason = "the key may not read the audit log (it needs the permission to read audits)"
    except Failure as failure:
        reason = f"the audit log was not read ({failure.problems[0].message})"
    return (), (f"the writing requests are unknown because {reason}",)


def _last_write(
    write: Write, planned: Planned, entries: tuple[AuditEntry, ...]
) -> LastWrite | None:
    """The last write of a schedule that differs, by its stamp, else by the log.

    The log has ids of updates, and only names of creates.
    """
    id = None if isinstance(write, Create) else write.id
    name = write.live_name if isinstance(write, Update) else write.name
    logged = _last_logged(concerning(entries, id, canonical_name(name)), planned)
    if id is None:
        if logged is None or "delete" in logged.writes[0].operation.lower():  # guess: its name
            return logged
        return replace(logged, own=False, gone=True)  # deleted or renamed since
    stamp = planned.stamps.get(id)
    if stamp is None or not stamp.at:
        return logged
    own = stamp.by == planned.plan.account.member
    writer = planned.words.directory.person(stamp.by)
    return LastWrite(writer, stamp.at, own, logged.writes if logged else ())


def _last_logged(entries: tuple[AuditEntry, ...], planned: Planned) -> LastWrite | None:
    """The last write by the log alone: the schedule is missing, or no file declares it."""
    writes = tuple(
        Wrote(entry.writer(planned.words.directory), entry.at, entry.operation, entry.request_id)
        for entry in entries[:MOST]
    )
    if not writes:
        return None
    own = entries[0].member == planned.plan.account.member
    return LastWrite(writes[0].writer, writes[0].at, own, writes)
