"""Reads back what was written, and compares it with what was sent and what the plan promised."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from flashsync.api.client import Client
from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.schedules import read_calendar
from flashsync.api.errors import Failure
from flashsync.errors import Problem
from flashsync.model.calendar import Calendar
from flashsync.model.schedule import Override, Schedule, override_of
from flashsync.plan.diff import find_changes, same
from flashsync.plan.model import Change, Create, Delete, Target, Update
from flashsync.plan.outcome import Result, Trace, WriteStatus
from flashsync.plan.overrides import compare_cover
from flashsync.plan.promised_shifts import broken, describe_broken
from flashsync.plan.webhooks import compare
from flashsync.plan.words import Words


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Reads back schedules of one account with the zone `timezone`.

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

        `later` are overrides that people made in the console after the plan. They are kept and
        noted, as are overrides that came after the write.
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
        differences = self._differences(sent, _without(back.schedule, came), now)
        how = ", ".join(change.path for change in differences) or self._broken(
            action, sent, before, back.calendar, (*later, *came)
        )
        trace = Trace(back=back.schedule)
        if not how:
            return Result(action, WriteStatus.CONFIRMED, None, id, notes, trace)
        problem = Problem(how, "plan again, and look in the console", action.source)
        return Result(action, WriteStatus.DIFFERS, problem, id, notes, trace, differences)

    def _kept(self, override: Override) -> str:
        shown = self.words.override(override)
        return f"kept an override made in the console since the plan: {shown}"

    def _restored(self, action: Create | Update, sent: Schedule) -> Iterator[str]:
        """Overrides of the console that are gone since the plan, where a declared one covers."""
        if isinstance(action, Create):
            return
        there = {override.identity for override in sent.console_overrides}
        gone = [override_of(identity) for identity in action.kept if identity not in there]
        for lost in filter(None, gone):
            if any(ours.start < lost.end and lost.start < ours.end for ours in sent.our_overrides):
                shown = self.words.override(lost)
                yield f"covered what an override of the console has left since the plan: {shown}"

    def _broken(
        self,
        action: Create | Update,
        sent: Schedule,
        before: Calendar,
        after: Calendar,
        later: Sequence[Override],
    ) -> str:
        """What the shifts are where the plan promised others; nothing where it promised none.

        Where an override of the console is gone since the plan, who is on call differs, and that
        is nobody's broken promise.
        """
        effect = action.effect
        if self.until is None or effect is None or effect.source is None:
            return ""
        there = {override.identity for override in sent.console_overrides}
        if isinstance(action, Update) and not there.issuperset(action.kept):
            return ""
        spans = [(override.start, override.end) for override in later]
        if self.since > after.start:  # another machine's clock, ahead of this one
            spans.append((after.start, self.since))
        moves = broken(effect.moves, before, after, self.until, spans)
        return describe_broken(moves, self.words, after.start) if moves else ""

    def _differences(self, sent: Schedule, back: Schedule, now: int) -> tuple[Change, ...]:
        """The fields that are not as they were sent; of our overrides that run or lie ahead, who
        covers when."""
        compared = compare(sent.notify, back.notify)
        cover = compare_cover(back, sent.our_overrides, now)
        actual = replace(back, overrides=(*_as_sent(back, now), *cover.removed))
        wanted = replace(sent, overrides=(*_as_sent(sent, now), *cover.added))
        if same(actual, wanted, compared):
            return ()
        target = Target(wanted, (None,) * len(sent.layers))
        return find_changes(actual, target, compared, self.words)


def _as_sent(schedule: Schedule, now: int) -> Iterator[Override]:
    """The overrides that have to be there one by one: the console's, and history."""
    return (override for override in schedule.overrides if not override.ours or override.past(now))


def _came_later(sent: Schedule, back: Schedule) -> tuple[Override, ...]:
    """What people made in the console since the write: no difference to what was sent."""
    there = {override.identity for override in sent.overrides}
    return tuple(override for override in back.console_overrides if override.identity not in there)


def _without(back: Schedule, overrides: Sequence[Override]) -> Schedule:
    return replace(
        back, overrides=tuple(override for override in back.overrides if override not in overrides)
    )


def unconfirmed(
    action: Create | Update | Delete, id: int, failure: Failure, notes: tuple[str, ...] = ()
) -> Result:
    """The result of a write that was carried out and could not be read back."""
    problem = Problem(
        failure.problems[0].message, "run `flashsync plan` to see whether it arrived", action.source
    )
    return Result(action, WriteStatus.UNCONFIRMED, problem, id, notes)
