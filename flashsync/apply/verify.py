"""What came of a write: read back and compared, and what it wiped in the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from flashsync.api.client import Client
from flashsync.api.endpoints import audit, schedules
from flashsync.api.endpoints.audit import overrides_in
from flashsync.api.endpoints.schedules import read_calendar
from flashsync.api.errors import Failure, reason
from flashsync.apply.interrupts import Interrupts
from flashsync.errors import Problem
from flashsync.model import wording
from flashsync.model.account_records import AuditEntry
from flashsync.model.calendar import Calendar
from flashsync.model.schedule import Override, Schedule, Stamp, override_of
from flashsync.plan.diff import find_changes, same
from flashsync.plan.merge import compare_cover
from flashsync.plan.model import Change, Create, Delete, Target, Update
from flashsync.plan.outcome import NOTHING_WRITTEN, Lost, Result, Trace, WriteStatus
from flashsync.plan.promised_shifts import broken, describe_broken
from flashsync.plan.webhooks import compare
from flashsync.plan.words import Words


@dataclass(frozen=True, slots=True)
class WriteContext:
    """What all writes of a run share, in an account with the zone `timezone`.

    `clock` gives Unix seconds; `words` speak in the zone of the user. `until` is the end of the
    plan's window, to which shifts are compared with what the plan promised; None without one.
    `since` is when the plan was made, in Unix seconds: later writers are named.
    """

    client: Client
    words: Words
    clock: Callable[[], int]
    timezone: str
    until: int | None = None
    since: int = 0


def confirm(
    context: WriteContext,
    action: Create | Update,
    sent: Schedule,
    before: Calendar,
    later: Sequence[Override] = (),
) -> Result:
    """Read back what was written and compare; a problem says only what the status does not.

    `later` are overrides that people made in the console after the plan. They are kept and noted,
    as are overrides that came after the write, which do not count as differences.
    """

    def note_kept(override: Override) -> str:
        shown = context.words.override(override)
        return f"kept an override made in the console since the plan: {shown}"

    id = sent.id or 0
    notes = (*map(note_kept, later), *_note_restored(context, action, sent))
    try:
        with context.client.finishing():
            now = context.clock()
            end = max(context.until or 0, now + schedules.SMALLEST_WINDOW)
            live = read_calendar(context.client, id, context.timezone, now, end, lanes=False)
    except Failure as failure:
        return unconfirmed(action, id, failure, notes)
    back, there = live.schedule, {override.identity for override in sent.overrides}
    came = [override for override in back.console_overrides if override.identity not in there]
    notes = (*notes, *map(note_kept, came))
    without = tuple(override for override in back.overrides if override not in came)
    differences = _find_differences(context, sent, replace(back, overrides=without), now)
    how = ", ".join(change.path for change in differences) or _describe_broken_promise(
        context, action, sent, before, live.calendar, (*later, *came)
    )
    trace = Trace(back=back)
    if not how:
        return Result(action, WriteStatus.CONFIRMED, None, id, notes, trace)
    problem = Problem(how, "plan again, and look in the console", action.source)
    return Result(action, WriteStatus.DIFFERS, problem, id, notes, trace, differences)


def _note_restored(context: WriteContext, action: Create | Update, sent: Schedule) -> Iterator[str]:
    """Overrides of the console that are gone since the plan, where a declared one covers."""
    if isinstance(action, Create):
        return
    there = {override.identity for override in sent.console_overrides}
    gone = [override_of(identity) for identity in action.kept if identity not in there]
    for lost in filter(None, gone):
        if any(ours.start < lost.end and lost.start < ours.end for ours in sent.our_overrides):
            shown = context.words.override(lost)
            yield f"covered what an override of the console has left since the plan: {shown}"


def _find_differences(
    context: WriteContext, sent: Schedule, back: Schedule, now: int
) -> tuple[Change, ...]:
    """The fields that are not as they were sent.

    The console's overrides and history have to be there one by one; of ours that run or lie ahead,
    who covers when.
    """
    compared = compare(sent.notify, back.notify)
    cover = compare_cover(back, sent.our_overrides, now)
    actual, wanted = (
        replace(
            side,
            overrides=(
                *(each for each in side.overrides if not each.ours or each.past(now)),
                *more,
            ),
        )
        for side, more in ((back, cover.removed), (sent, cover.added))
    )
    if same(actual, wanted, compared):
        return ()
    target = Target(wanted, (None,) * len(sent.layers))
    return find_changes(actual, target, compared, context.words)


def _describe_broken_promise(
    context: WriteContext,
    action: Create | Update,
    sent: Schedule,
    before: Calendar,
    after: Calendar,
    later: Sequence[Override],
) -> str:
    """What the shifts are where the plan promised others; nothing where it promised none.

    Where an override of the console is gone since the plan, who is on call differs, and that is
    nobody's broken promise.
    """
    effect = action.effect
    if context.until is None or effect is None or effect.source is None:
        return ""
    there = {override.identity for override in sent.console_overrides}
    if isinstance(action, Update) and not there.issuperset(action.kept):
        return ""
    spans = [(override.start, override.end) for override in later]
    if context.since > after.start:  # another machine's clock, ahead of this one
        spans.append((after.start, context.since))
    moves = broken(effect.moves, before, after, context.until, spans)
    return describe_broken(moves, context.words, after.start) if moves else ""


def unconfirmed(
    action: Create | Update | Delete, id: int, failure: Failure, notes: tuple[str, ...] = ()
) -> Result:
    """The result of a write that was carried out and could not be read back."""
    problem = Problem(
        failure.problems[0].message, "run `flashsync plan` to see whether it arrived", action.source
    )
    return Result(action, WriteStatus.UNCONFIRMED, problem, id, notes)


# Overrides made in the console between our last read and our write, which wiped them.
#
# The API has no lock, so such a moment is there in every update. The audit log tells afterwards
# whether somebody wrote in it, and what, so that it can be made again. **Guess**: a write is in the
# log by the time it is answered; a later entry is not found.


@dataclass(frozen=True, slots=True)
class LostOverrides:
    """What was wiped; or a note where the audit log does not say, and nothing was looked for."""

    lost: tuple[Lost, ...] = ()
    notes: tuple[str, ...] = ()


def find_lost_overrides(
    results: Sequence[Result], context: WriteContext, interrupts: Interrupts
) -> LostOverrides:
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
    why = "it has no entry for this run"
    try:
        with interrupts.impatient(), context.client.finishing():
            # Both ends of a search may or may not be part of it.
            entries = audit.search(context.client, first - 1, last + 1)
            if entries:  # our own writes should be there
                others = [entry for entry in entries if entry.request_id not in ours]
                lost = (lost for result in updates for lost in _find_lost(result, others, context))
                return LostOverrides(tuple(lost))
    except Failure as failure:
        why = reason(failure)
    except KeyboardInterrupt:
        why = "interrupted"
    note = (
        f"the audit log did not answer ({why}), so overrides made in the console during a write "
        "were not looked for"
    )
    return LostOverrides(notes=(note,))


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


def _find_lost(
    result: Result, others: Sequence[AuditEntry], context: WriteContext
) -> Iterator[Lost]:
    """What the last write by others in that moment sent, and neither we nor the account have."""
    trace, id = result.trace, result.action.id if isinstance(result.action, Update) else 0
    start, end = trace.span or (0, 0)
    within = (entry for entry in others if start <= entry.at <= end and entry.touches({id}, ""))
    entry = next(within, None)
    if entry is None:
        return
    name, who = result.action.name, entry.writer(context.words.directory)
    overrides = overrides_in(entry)
    if overrides is None:
        seen = trace.before is not None and trace.before.stamp == Stamp(entry.member, entry.at)
        if not seen:
            yield Lost(name, id, who, entry.at)
    elif gone := _find_missing(overrides, trace, id, context):
        yield Lost(name, id, who, entry.at, gone)


def _find_missing(
    overrides: Sequence[Override], trace: Trace, id: int, context: WriteContext
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
    live = schedules.read_schedule_info(context.client, id, context.timezone, context.clock())
    there = {override.identity for override in live.overrides}
    return tuple(override for override in left if override.identity not in there)
