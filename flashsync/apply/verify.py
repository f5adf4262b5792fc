"""What a write led to: read back, and compared with what was sent and what the plan promised."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Protocol

from flashsync.api.client import Client
from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.schedules import INFO
from flashsync.api.endpoints.shifts import read_calendar
from flashsync.api.errors import Failure, Stopped
from flashsync.api.retry import ATTEMPTS
from flashsync.errors import FlashsyncError, Problem, RefusedError, ServiceError
from flashsync.model.calendar import Calendar
from flashsync.model.schedule import Override, Schedule, override_of
from flashsync.plan.diff import changed, same
from flashsync.plan.model import Create, Delete, Target, Update
from flashsync.plan.outcome import Result, Trace, WriteStatus
from flashsync.plan.overrides import compare_cover
from flashsync.plan.promised_shifts import broken, told
from flashsync.plan.webhooks import compare
from flashsync.plan.words import Words


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Reads back schedules of one account, whose zone is `timezone`.

    `clock` gives Unix seconds. `until` is the end of the plan's window, None where it has none, and
    `since` is when the plan was made, both in Unix seconds.
    """

    client: Client
    words: Words
    clock: Callable[[], int]
    timezone: str
    until: int | None
    since: int

    def confirmed(
        self,
        action: Create | Update,
        sent: Schedule,
        before: Calendar,
        later: Sequence[Override] = (),
    ) -> Result:
        """Read back what was written and compare; a problem says only what the status does not.

        `later` are overrides that people made in the console after the plan: kept, and said, as are
        those that came after the write.
        """
        id = sent.id or 0
        notes = (*map(self._kept, later), *self._restored(action, sent))
        try:
            with self.client.finishing():
                now = self.clock()
                end = max(self.until or 0, now + schedules.SMALLEST_WINDOW)
                back = read_calendar(self.client, id, self.timezone, now, end, lanes=False)
        except Failure as failure:
            return unconfirmed(action, id, failure, notes)
        came = _came_later(sent, back.schedule)
        notes = (*notes, *map(self._kept, came))
        how = self._how(sent, _without(back.schedule, came), now) or self._broken(
            action, sent, before, back.calendar, (*later, *came)
        )
        trace = Trace(back=back.schedule)
        if not how:
            return Result(action, WriteStatus.CONFIRMED, None, id, notes, trace)
        problem = Problem(how, "plan again, and look in the console", action.source)
        return Result(action, WriteStatus.DIFFERS, problem, id, notes, trace)

    def _kept(self, override: Override) -> str:
        shown = self.words.override(override)
        return f"kept an override made in the console since the plan: {shown}"

    def _restored(self, action: Create | Update, sent: Schedule) -> Iterator[str]:
        """Overrides of the console that are gone since the plan, where a declared one covers."""
        if isinstance(action, Create):
            return
        there = {one.identity for one in sent.console_overrides}
        gone = [override_of(one) for one in action.kept if one not in there]
        for one in filter(None, gone):
            if any(ours.start < one.end and one.start < ours.end for ours in sent.our_overrides):
                shown = self.words.override(one)
                yield f"covered what an override of the console has left since the plan: {shown}"

    def _broken(
        self,
        action: Create | Update,
        sent: Schedule,
        before: Calendar,
        after: Calendar,
        later: Sequence[Override],
    ) -> str:
        """What the shifts are where the plan promised others; nothing where it promised none."""
        effect = action.effect
        gone = self._gone(action, sent)
        if self.until is None or effect is None or effect.source is None or gone:
            return ""
        spans = [(one.start, one.end) for one in later]
        if self.since > after.start:  # another machine's clock, ahead of this one
            spans.append((after.start, self.since))
        found = broken(effect.moves, before, after, self.until, spans)
        return told(found, self.words, after.start) if found else ""

    def _gone(self, action: Create | Update, sent: Schedule) -> bool:
        """Whether an override of the console is gone since the plan: who is on call then differs,
        and that is nobody's broken promise."""
        there = {one.identity for one in sent.console_overrides}
        return isinstance(action, Update) and not there.issuperset(action.kept)

    def _how(self, sent: Schedule, back: Schedule, now: int) -> str:
        """The fields that are not as they were sent; of our overrides that run or lie ahead, who
        covers when."""
        compared = compare(sent.notify, back.notify)
        cover = compare_cover(back, sent.our_overrides, now)
        found = replace(back, overrides=(*_as_sent(back, now), *cover.removed))
        wanted = replace(sent, overrides=(*_as_sent(sent, now), *cover.added))
        if same(found, wanted, compared):
            return ""
        target = Target(wanted, (None,) * len(sent.layers))
        differences = changed(found, target, compared, self.words)
        return "; ".join(f"{change.path}: {change.text}" for change in differences)


def _as_sent(schedule: Schedule, now: int) -> Iterator[Override]:
    """The overrides that have to be there one by one: the console's, and history."""
    return (one for one in schedule.overrides if not one.ours or one.past(now))


def _came_later(sent: Schedule, back: Schedule) -> tuple[Override, ...]:
    """What people made in the console since the write: no difference to what was sent."""
    there = {one.identity for one in sent.overrides}
    return tuple(one for one in back.console_overrides if one.identity not in there)


def _without(back: Schedule, overrides: Sequence[Override]) -> Schedule:
    return replace(back, overrides=tuple(one for one in back.overrides if one not in overrides))


def unconfirmed(
    action: Create | Update | Delete, id: int, failure: Failure, notes: tuple[str, ...] = ()
) -> Result:
    """A write that was carried out, and could not be read back."""
    problem = Problem(
        failure.problems[0].message, "run `flashsync plan` to see whether it arrived", action.source
    )
    return Result(action, WriteStatus.UNCONFIRMED, problem, id, notes)


# One write, right after the read that it is made of, until it is known what became of it.
#
# The API has no lock: what somebody changes in the console between our last read and our write is
# lost. So that moment is one request. The slots of the rate limit for both are taken together
# before the read, and all that takes time (the journal, on disk) is done before it, too, with what
# was read earlier. If the last read shows that it is still so, the write goes out at once; else
# all is prepared anew, and read once more.

MOST_CHANGES = 10
"""So often a schedule may change under our hands before we give up."""

_LOOKS = 2
"""Reads whose slots are held: the first one may show that something has to be prepared anew."""


class LastLook(Enum):
    """What the last read before a write shows."""

    READY = auto()
    """It is as all was prepared for: send."""
    CHANGED = auto()
    """It is not: prepare, and look again."""
    ARRIVED = auto()
    """The write was carried out, although we had no answer."""


class Sending(Protocol):
    """A write under way."""

    @property
    def name(self) -> str:
        """The schedule's."""
        ...

    @property
    def endpoint(self) -> str:
        """Where the write goes."""
        ...

    def prepare(self) -> None:
        """Do all that takes time, for what was read last; nothing where nothing was read, or all is
        prepared. Raises FlashsyncError where the write must not go out."""

    def look(self) -> LastLook:
        """Read once, and decide what to send. Raises Failure where it cannot be read, else
        FlashsyncError where nothing may be sent."""
        ...

    def send(self) -> None:
        """Send once. Raises Failure."""


def see_through(client: Client, sending: Sending) -> None:
    """Read and send; after a failure wait, read again, and send again where it has not arrived.

    What is raised in the end may be `maybe_done` only where a request without an answer has left
    that open.
    """
    doubt: Failure | None = None
    failure: Failure | None = None
    for attempt in range(1, ATTEMPTS + 2):
        with ExitStack() as slots:
            if _arrived(client, sending, slots, failure, doubt):
                return
            if attempt > ATTEMPTS:
                break
            try:
                sending.send()
            except Stopped as stopped:
                raise doubt or stopped from None
            except Failure as found:
                failure = found
            else:
                return
        if not failure.again and not failure.maybe_done:
            raise failure
        doubt = failure if failure.maybe_done else doubt
        client.back_off(failure, attempt)
    raise doubt or failure or Stopped(sending.endpoint)


def _arrived(
    client: Client,
    sending: Sending,
    slots: ExitStack,
    failure: Failure | None,
    doubt: Failure | None,
) -> bool:
    """Whether it has arrived; if not, it may be sent at once. After a `failure` this is seen
    through whatever comes; where it cannot be, the `doubt` that the failure has left is raised."""
    if failure is None:
        return _looked(client, sending, slots)
    try:
        with client.finishing():
            return _looked(client, sending, slots)
    except FlashsyncError:
        if doubt is not None:
            raise doubt from None
        raise


def _looked(client: Client, sending: Sending, slots: ExitStack) -> bool:
    """Look until all is prepared for what is live; `slots` then holds that of the write.

    Says whether it has arrived. A read that fails is repeated as often as any other.
    """
    trouble: Failure | None = None
    failures = changes = 0
    while changes < MOST_CHANGES:
        slots.close()
        try:
            slots.enter_context(client.back_to_back(*[INFO] * _LOOKS, sending.endpoint))
            found = _prepared(sending)
        except Stopped as stopped:
            raise (ServiceError(trouble.problems) if trouble else stopped) from None
        except Failure as error:
            trouble, failures = error, failures + 1
            if not error.again or failures == ATTEMPTS:
                raise ServiceError(error.problems) from None
            slots.close()
            client.back_off(error, failures)
            continue
        if found is not LastLook.CHANGED:
            return found is LastLook.ARRIVED
        changes += 1
    message = f"`{sending.name}` was changed by others each time that it was read again"
    raise RefusedError(message, "run it again when nobody edits it")


def _prepared(sending: Sending) -> LastLook:
    """Prepare and look, once more where it has changed meanwhile."""
    found = LastLook.CHANGED
    for _ in range(_LOOKS):
        sending.prepare()
        found = sending.look()
        if found is not LastLook.CHANGED:
            break
    return found
