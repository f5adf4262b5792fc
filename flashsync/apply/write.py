"""One write: prepare, read once more, send, look where the outcome is in doubt, read back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar

from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.schedules import (
    CREATE,
    DELETE,
    INFO,
    UPDATE,
    Listed,
    Live,
    read_calendar,
)
from flashsync.api.errors import Failure, NotFound, Unclear
from flashsync.apply.preconditions import Writers, gone, moved, refusal, unshown_by_engine
from flashsync.apply.send import LOOKS, LastLook, Sending, send_until_known
from flashsync.apply.verify import WriteContext, confirm, unconfirmed
from flashsync.errors import Problem, RefusedError, ServiceError
from flashsync.model.calendar import Calendar
from flashsync.model.schedule import Schedule
from flashsync.plan.diff import is_as_sent
from flashsync.plan.merge import fresh, merged, moved_aside
from flashsync.plan.model import Create, Delete, Update
from flashsync.plan.order import Step
from flashsync.plan.outcome import Result, WriteStatus
from flashsync.plan.promised_shifts import Window

Begins = Callable[[Create | Update | Delete, Schedule | None, Schedule | None], None]
"""Called right before a write with the live schedule, if any, and what is sent, if any.

Raises RefusedError where the write must not go out.
"""


@dataclass(frozen=True, slots=True)
class Writer(WriteContext):
    """Writes schedules of one account.

    `seen` has the schedules that the check before the first write read, by id, until they are
    written: so the journal is written before the last read. `aside` has what was sent of schedules
    that have a temporary name, by id.
    """

    seen: dict[int, Schedule] = field(default_factory=dict)
    aside: dict[int, Schedule] = field(default_factory=dict)
    begins: Begins = lambda action, before, sent: None

    def write(self, step: Step) -> Result:
        """Carry out one step and read it back.

        Raises FlashsyncError where it was not carried out, or nobody knows.
        """
        sending: Sending
        match step.action:
            case Create() as action:
                sending = _Creation(self, action)
            case Delete() as action:
                sending = _Removal(self, action, self.seen.pop(action.id, None))
            case Update() as action if step.name is not None:
                known = self.seen.pop(action.id, None)
                sending = _Detour(self, action, known, temporary=step.name)
            case Update() as action:
                known, expected = self.seen.pop(action.id, None), self.aside.pop(action.id, None)
                sending = _Rewrite(self, action, known, expected, self.until)
        send_until_known(self.client, sending)
        return sending.confirm()


def _find_listed(writer: Writer, name: str) -> Listed | None:
    """The schedule of that name, as the platform lists it, for a look.

    Raises ServiceError: its reads have been repeated already.
    """
    try:
        return schedules.find_by_name(writer.client, name, writer.timezone)
    except Failure as failure:
        raise ServiceError(failure.problems) from failure


@dataclass(slots=True)
class _Creation(Sending):
    """A create, never sent twice blindly: where the outcome is in doubt, the name is looked up."""

    writer: Writer
    action: Create
    sent: Schedule | None = None
    id: int = 0
    doubtful: bool = False

    requests: ClassVar = (CREATE,)

    @property
    def name(self) -> str:
        return self.action.name

    def prepare(self) -> None:
        if self.sent is None:
            self.sent = fresh(self.action.target, self.writer.clock())
            self.writer.begins(self.action, None, self.sent)

    def look(self) -> LastLook:
        """What has the name is ours even if its content differs: the name was free before the
        write, and what differs comes out when it is read back."""
        listed = _find_listed(self.writer, self.name) if self.doubtful else None
        if listed is None:
            return LastLook.READY
        self.id = listed.id
        return LastLook.ARRIVED

    def send(self) -> None:
        if self.sent is None:
            raise AssertionError("a create that was not prepared")
        try:
            self.id = schedules.create(self.writer.client, self.sent)
        except Unclear:
            self.doubtful = True
            raise

    def confirm(self) -> Result:
        if self.sent is None:
            raise AssertionError("a create that was not prepared")
        now = self.writer.clock()
        nothing = Calendar(now, self.writer.until or now)
        sent = replace(self.sent, id=self.id)
        return confirm(self.writer, self.action, sent, nothing)


@dataclass(slots=True)
class _Change(Sending):
    """A write of a live schedule.

    `known` is what was read last, and was as the plan expects it; `sent` is made of it as of
    `moment`, in Unix seconds; `prepared` says whether both are in the journal. `expected` is what
    an earlier step of the same plan has sent. `live` is what was read right before the write, with
    its shifts to `until`. `tried` says whether the write has gone out.
    """

    writer: Writer
    action: Update | Delete
    known: Schedule | None
    expected: Schedule | None = None
    until: int | None = None
    moment: int = 0
    sent: Schedule | None = None
    live: Live | None = None
    prepared: bool = False
    tried: bool = False

    @property
    def name(self) -> str:
        return self.action.name

    @abstractmethod
    def make(self, live: Schedule) -> Schedule | None:
        """What is sent, made of what is live; a delete sends nothing of it."""

    @abstractmethod
    def arrived(self, live: Schedule | None) -> bool:
        """Whether a write without an answer was carried out; None for a missing schedule."""

    def check(self, live: Schedule, sent: Schedule) -> None:
        """Raises RefusedError where the write would do what the plan does not show."""

    def prepare(self) -> None:
        """Check what is sent, and write it to the journal: on disk before the last read.

        The moment is taken here, and not at the last read: a running override begins with it, and
        two readings of a clock may differ.
        """
        self.moment = self.writer.clock()
        if self.known is None:
            return
        sent = self.make(self.known)
        if not self.prepared or sent != self.sent:
            if sent is not None:
                self.check(self.known, sent)
            self.sent = sent
            self.writer.begins(self.action, self.known, sent)
            self.prepared = True

    def look(self) -> LastLook:
        """Whether all is as prepared. Raises RefusedError where the schedule has moved."""
        writer = self.writer
        now = writer.clock()
        writers = Writers(writer.client, writer.words, writer.since, now)
        end = max(self.until or 0, now + schedules.SMALLEST_WINDOW)
        try:
            live = read_calendar(
                writer.client, self.action.id, writer.timezone, now, end, lanes=False, once=True
            )
        except NotFound as why:
            if self.tried and self.arrived(None):
                return LastLook.ARRIVED
            raise RefusedError(gone(self.action, why.said, writers)) from None
        if self.tried and self.arrived(live.schedule):
            return LastLook.ARRIVED
        self.live = live
        # `==` leaves out what no file declares; the stamp says that nobody has written at all.
        known = self.known
        if known is None or known != live.schedule or known.stamp != live.schedule.stamp:
            if problem := moved(self.action, live.schedule, writers, self.expected):
                raise RefusedError(problem)
            self.prepared = False
        sent = self.make(live.schedule)
        self.prepared = self.prepared and sent == self.sent
        self.known, self.sent = live.schedule, sent
        return LastLook.READY if self.prepared else LastLook.CHANGED


@dataclass(slots=True)
class _Rewrite(_Change):
    """An update. `gone_out` is what was sent last: what is made for the next try may differ."""

    action: Update
    gone_out: Schedule | None = None

    requests: ClassVar = (*[INFO] * LOOKS, UPDATE)

    def make(self, live: Schedule) -> Schedule:
        return merged(self.action.target, live, self.moment)

    def check(self, live: Schedule, sent: Schedule) -> None:
        """What is live may have changed since the plan was checked as a whole."""
        writer = self.writer
        window = Window(writer.clock(), writer.until, writer.since)
        if moves := unshown_by_engine(self.action, live, sent, writer.timezone, window):
            raise RefusedError(refusal(self.action, moves, writer.words, window.now))

    def send(self) -> None:
        if self.sent is None:
            raise AssertionError("an update that was not prepared")
        self.tried, self.gone_out = True, self.sent
        schedules.update(self.writer.client, self.sent)

    def arrived(self, live: Schedule | None) -> bool:
        sent = self.gone_out
        if live is None or self.known is None or sent is None:
            return False
        return is_as_sent(live, sent) and not is_as_sent(self.known, sent)

    def confirm(self) -> Result:
        if self.live is None or self.gone_out is None:
            raise AssertionError("an update that was neither read nor written")
        live, kept = self.live, self.action.kept
        later = [each for each in live.schedule.console_overrides if each.identity not in kept]
        return confirm(self.writer, self.action, self.gone_out, live.calendar, later)


@dataclass(slots=True)
class _Detour(_Rewrite):
    """An update that only gives a temporary name, as names are exchanged in a cycle."""

    temporary: str = ""

    def make(self, live: Schedule) -> Schedule:
        return moved_aside(self.action.target, live, self.temporary)

    def check(self, live: Schedule, sent: Schedule) -> None:
        """No layer changes."""

    def confirm(self) -> Result:
        """The step that gives the final name is read back."""
        if self.gone_out is not None:
            self.writer.aside[self.action.id] = self.gone_out
        return Result(self.action, WriteStatus.CONFIRMED, None, self.action.id)


@dataclass(slots=True)
class _Removal(_Change):
    """A delete."""

    action: Delete

    requests: ClassVar = (*[INFO] * LOOKS, DELETE)

    def make(self, live: Schedule) -> None:
        return None

    def send(self) -> None:
        again, self.tried = self.tried, True
        try:
            schedules.delete(self.writer.client, self.action.id)
        except NotFound:
            if not again:
                raise

    def arrived(self, live: Schedule | None) -> bool:
        """The platform's general page reads "not found" as "not purchased": the list decides."""
        if live is not None:
            return False
        listed = _find_listed(self.writer, self.name)
        return listed is None or listed.id != self.action.id

    def confirm(self) -> Result:
        action, writer = self.action, self.writer
        live = self.live.schedule.console_overrides if self.live else ()
        notes = tuple(
            f"deleted with it, made in the console since the plan: {writer.words.override(each)}"
            for each in live
            if each.identity not in action.taken
        )
        try:
            with writer.client.finishing():
                listed = schedules.find_by_name(writer.client, action.name, writer.timezone)
        except Failure as failure:
            return unconfirmed(action, action.id, failure, notes)
        if listed is None or listed.id != action.id:
            return Result(action, WriteStatus.CONFIRMED, None, action.id, notes)
        problem = Problem("the platform still lists it after deleting it", "look in the console")
        return Result(action, WriteStatus.DIFFERS, problem, action.id, notes)
