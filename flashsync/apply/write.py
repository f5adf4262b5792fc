"""One write: re-read, merge, send, read back, compare."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flashsync.api.client import Client
from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.shifts import Live
from flashsync.api.errors import Failure, NotFound, Stopped, Unclear
from flashsync.apply.foresight import refusal, unshown_by_engine
from flashsync.apply.interrupts import Interrupts
from flashsync.apply.last_writer import Writers
from flashsync.apply.preconditions import gone, moved, read_last
from flashsync.apply.verify import LastLook, ReadBack, see_through, unconfirmed
from flashsync.errors import Problem, RefusedError
from flashsync.model.calendar import Calendar
from flashsync.model.schedule import Schedule
from flashsync.plan.diff import is_as_sent
from flashsync.plan.merge import fresh, merged, moved_aside
from flashsync.plan.model import Create, Delete, Update
from flashsync.plan.order import Step
from flashsync.plan.outcome import Result, WriteStatus
from flashsync.plan.promised_shifts import Window
from flashsync.plan.words import Words

Begins = Callable[[Create | Update | Delete, Schedule | None, Schedule | None], None]
"""Told of a write right before it goes out: the live schedule, if any, and what is sent, if any.

It raises RefusedError where the write must not go out.
"""

CREATE_ATTEMPTS = 3
"""How often a create whose outcome is not known is looked up and, if it is not there, repeated."""


def _nobody(
    action: Create | Update | Delete, before: Schedule | None, sent: Schedule | None
) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes schedules of one account, whose zone is `timezone`.

    `clock` gives Unix seconds; `wait` sleeps seconds. `words` say things, in the zone of the user.
    `until` is the end of the plan's window: so far the shifts are held to what the plan promised.
    `since` is when the plan was made, in Unix seconds: who has written since then is named.
    `seen` holds the schedules that were read when all was checked, by id, as long as they are not
    written: the journal says what was there before the last read, which takes no time then.
    `aside` holds what was sent of schedules that have a temporary name for a moment, by id.
    `begins` is told of each write before it goes out. `interrupts` say when Ctrl-C is heard.
    """

    client: Client
    words: Words
    clock: Callable[[], int]
    wait: Callable[[float], object]
    timezone: str
    until: int | None = None
    since: int = 0
    seen: dict[int, Schedule] = field(default_factory=dict)
    aside: dict[int, Schedule] = field(default_factory=dict)
    begins: Begins = _nobody
    interrupts: Interrupts = field(default_factory=Interrupts)

    def write(self, step: Step) -> Result:
        """Carry out one step. Raises FlashsyncError where it was not carried out."""
        action = step.action
        match action:
            case Create():
                return self._create(action)
            case Delete():
                return self._delete(action)
            case Update() if step.name is not None:
                return self._move_aside(action, step.name)
            case Update():
                return self._update(action)

    def _create(self, action: Create) -> Result:
        now = self.clock()
        schedule = fresh(action.target, now)
        self.begins(action, None, schedule)
        id = self._created(schedule)
        nothing = Calendar(now, self.until or now)
        return self._back.confirmed(action, replace(schedule, id=id), nothing)

    def _created(self, schedule: Schedule) -> int:
        """Create it; where the outcome is not known, look the name up before sending it again."""
        lost: Failure | None = None
        for attempt in range(1, CREATE_ATTEMPTS + 1):
            try:
                return schedules.create(self.client, schedule)
            except Stopped as stopped:
                raise lost or stopped from None
            except Unclear as unclear:
                lost = unclear
            except Failure:
                # Refused: after a lost answer because the first one has arrived late, maybe.
                if lost is None:
                    raise
            self.wait(2.0**attempt)
            if id := self._looked_up(schedule, lost):
                return id
        raise lost or Stopped("/schedule/create")

    def _looked_up(self, schedule: Schedule, lost: Failure) -> int | None:
        """As `_arrived`; raises what left the outcome unknown where looking it up fails, too."""
        try:
            with self.client.finishing():
                return self._arrived(schedule)
        except Failure:
            raise lost from None

    def _arrived(self, schedule: Schedule) -> int | None:
        """The id of the schedule of that name; None where there is none.

        It is ours even if its content differs: before the write the name was free, and what
        differs comes out when it is read back.
        """
        listed = schedules.find_by_name(self.client, schedule.name, self.timezone)
        return listed.id if listed else None

    def _update(self, action: Update) -> Result:
        expected = self.aside.pop(action.id, None)

        def make(live: Schedule, now: int) -> Schedule:
            return merged(action.target, live, now)

        found, schedule = self._rewritten(action, make, expected, self.until)
        later = [one for one in found.schedule.console_overrides if one.identity not in action.kept]
        return self._back.confirmed(action, schedule, found.calendar, later)

    def hold_to_plan(self, action: Update, live: Schedule, sent: Schedule) -> None:
        """Raises RefusedError where a write would move shifts that the plan does not show: what is
        live may have changed since all was checked."""
        window = Window(self.clock(), self.until, self.since)
        if found := unshown_by_engine(action, live, sent, self.timezone, window):
            raise RefusedError(refusal(action, found, self.words, window.now))

    @property
    def _back(self) -> ReadBack:
        return ReadBack(self.client, self.words, self.clock, self.timezone, self.until, self.since)

    @property
    def writers(self) -> Writers:
        """Whom to ask who has written since."""
        return Writers(self.client, self.words, self.since, self.clock())

    def _move_aside(self, action: Update, name: str) -> Result:
        """Give a schedule another name for a moment: names go round in a cycle."""

        def make(live: Schedule, _now: int) -> Schedule:
            return moved_aside(action.target, live, name)

        _, renamed = self._rewritten(action, make, shown=False)
        self.aside[action.id] = renamed
        return Result(action, WriteStatus.CONFIRMED, None, action.id)

    def _rewritten(
        self,
        action: Update,
        make: Callable[[Schedule, int], Schedule],
        expected: Schedule | None = None,
        until: int | None = None,
        *,
        shown: bool = True,
    ) -> tuple[Live, Schedule]:
        """Write what `make` makes of the live schedule: that, as read right before, and what.

        `shown` says whether the plan shows what this write does to shifts.
        """
        known = self.seen.pop(action.id, None)
        sending = _Rewrite(self, action, known, make, expected=expected, until=until, shown=shown)
        see_through(self.client, sending)
        if sending.found is None or sending.gone_out is None:
            raise AssertionError("it was neither read nor written")
        return sending.found, sending.gone_out

    def _delete(self, action: Delete) -> Result:
        removal = _Removal(self, action, self.seen.pop(action.id, None), _nothing)
        see_through(self.client, removal)
        there = removal.found.schedule.console_overrides if removal.found else ()
        later = [one for one in there if one.identity not in action.taken]
        notes = tuple(
            f"deleted with it, made in the console since the plan: {self.words.override(one)}"
            for one in later
        )
        try:
            with self.client.finishing():
                gone = self.absent(action)
        except Failure as failure:
            return unconfirmed(action, action.id, failure, notes)
        if gone:
            return Result(action, WriteStatus.CONFIRMED, None, action.id, notes)
        problem = Problem("the platform still lists it after deleting it", "look in the console")
        return Result(action, WriteStatus.DIFFERS, problem, action.id, notes)

    def absent(self, action: Update | Delete) -> bool:
        """Whether the platform lists it no more."""
        listed = schedules.find_by_name(self.client, action.name, self.timezone)
        return listed is None or listed.id != action.id


@dataclass(slots=True)
class _Sending(ABC):
    """A write of one schedule, made of what is live (see verify.py).

    `known` is what was read last, and was good; `sent` what `make` makes of it as of `moment`, in
    Unix seconds; `prepared` says whether both are written down. `expected` is what an earlier step
    of the same plan has sent. `found` is what was live right before the write, with its shifts to
    `until`. `shown` says whether it is held to what the plan shows of shifts: a step on the way,
    which touches no layer, is not. `tried` says whether it has gone out.
    """

    writer: Writer
    action: Update | Delete
    known: Schedule | None
    make: Callable[[Schedule, int], Schedule | None]
    expected: Schedule | None = None
    until: int | None = None
    shown: bool = True
    moment: int = 0
    sent: Schedule | None = None
    found: Live | None = None
    prepared: bool = False
    tried: bool = False

    @property
    def name(self) -> str:
        return self.action.name

    @property
    @abstractmethod
    def endpoint(self) -> str: ...

    def prepare(self) -> None:
        """Hold what is sent to the plan, and write both down: on disk before the last read, and so
        before the write.

        The moment is taken here, and not at the last read: an override that runs begins with it,
        and no two readings of a clock are sure to be the same."""
        self.moment = self.writer.clock()
        if self.known is None:
            return
        sent = self.make(self.known, self.moment)
        if not self.prepared or sent != self.sent:
            self.sent = sent
            if self.shown and isinstance(self.action, Update) and self.sent is not None:
                self.writer.hold_to_plan(self.action, self.known, self.sent)
            self.writer.begins(self.action, self.known, self.sent)
            self.prepared = True

    def look(self) -> LastLook:
        """Whether all is as it was written down. Raises RefusedError where it has moved."""
        writer = self.writer
        try:
            live = read_last(self.action, writer.writers, writer.timezone, self.until)
        except NotFound as why:
            if self.tried and self._arrived(None):
                return LastLook.ARRIVED
            raise gone(self.action, why, writer.writers) from None
        if self.tried and self._arrived(live.schedule):
            return LastLook.ARRIVED
        self.found = live
        if not _untouched(self.known, live.schedule):
            if problem := moved(self.action, live.schedule, writer.writers, self.expected):
                raise RefusedError(problem)
            self.prepared = False
        sent = self.make(live.schedule, self.moment)
        self.prepared = self.prepared and sent == self.sent
        self.known, self.sent = live.schedule, sent
        return LastLook.READY if self.prepared else LastLook.CHANGED

    @abstractmethod
    def send(self) -> None: ...

    @abstractmethod
    def _arrived(self, live: Schedule | None) -> bool:
        """Whether a write without an answer was carried out; `live` is None where nothing is."""


def _nothing(_live: Schedule, _now: int) -> None:
    """A delete sends nothing of what is live."""


def _untouched(known: Schedule | None, live: Schedule) -> bool:
    """Whether nobody has written it since; `==` leaves out what no file declares."""
    return known is not None and known == live and known.stamp == live.stamp


@dataclass(slots=True)
class _Rewrite(_Sending):
    """An update."""

    endpoint = schedules.UPDATE
    gone_out: Schedule | None = None
    """What was sent last: what is made for the next try may be another."""

    def send(self) -> None:
        if self.sent is not None:
            self.tried, self.gone_out = True, self.sent
            schedules.update(self.writer.client, self.sent)

    def _arrived(self, live: Schedule | None) -> bool:
        sent = self.gone_out
        if live is None or self.known is None or sent is None:
            return False
        return is_as_sent(live, sent) and not is_as_sent(self.known, sent)


@dataclass(slots=True)
class _Removal(_Sending):
    """A delete."""

    endpoint = schedules.DELETE

    def send(self) -> None:
        again, self.tried = self.tried, True
        try:
            schedules.delete(self.writer.client, self.action.id)
        except NotFound:
            if not again:
                raise

    def _arrived(self, live: Schedule | None) -> bool:
        """The platform's general page reads "not found" as "not purchased": the list decides."""
        return live is None and self.writer.absent(self.action)
