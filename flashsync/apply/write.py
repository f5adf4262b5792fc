"""One write: re-read, merge, send, read back, compare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flashsync.api import schedules
from flashsync.api.client import Client
from flashsync.api.failures import Failure, NotFound, Stopped, Unclear
from flashsync.api.shifts import Live
from flashsync.apply.foresight import refusal, unshown_by_engine
from flashsync.apply.guard import moved, read_again, still_there
from flashsync.apply.interrupts import Interrupts
from flashsync.apply.read_back import ReadBack, unconfirmed
from flashsync.apply.sending import see_through
from flashsync.apply.writers import Writers
from flashsync.errors import Problem, RefusedError
from flashsync.plan.fingerprint import fingerprint
from flashsync.plan.merge import fresh, merged
from flashsync.plan.model import Create, Delete, Update
from flashsync.plan.order import Step
from flashsync.plan.outcome import Result, Status
from flashsync.plan.promise import Window
from flashsync.plan.view import Words
from flashsync.state.schedule import Schedule
from flashsync.state.shift import Calendar

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
    `aside` holds the fingerprints of schedules that have a temporary name for a moment, by id.
    `begins` is told of each write before it goes out. `interrupts` say when Ctrl-C is heard.
    """

    client: Client
    words: Words
    clock: Callable[[], int]
    wait: Callable[[float], object]
    timezone: str
    until: int | None = None
    since: int = 0
    aside: dict[int, str] = field(default_factory=dict)
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
        expected = self.aside.pop(action.id, "")

        def make(live: Schedule) -> Schedule:
            return self._as_promised(action, live, merged(action.target, live, self.clock()))

        found, schedule = self._rewritten(action, make, expected, self.until)
        later = [one for one in found.schedule.console_overrides if one.identity not in action.kept]
        return self._back.confirmed(action, schedule, found.calendar, later)

    def _as_promised(self, action: Update, live: Schedule, sent: Schedule) -> Schedule:
        """What is sent. Raises RefusedError where it would move shifts that the plan does not show:
        what is live may have changed since all was checked."""
        window = Window(self.clock(), self.until, self.since)
        if found := unshown_by_engine(action, live, sent, self.timezone, window):
            raise RefusedError(refusal(action, found, self.words, window.now))
        return sent

    def _still_there(
        self, action: Update | Delete, expected: str = "", until: int | None = None
    ) -> Live:
        """The live schedule, which has not moved since the plan, or since we moved it aside."""
        return still_there(action, self._writers, self.timezone, expected, until)

    @property
    def _back(self) -> ReadBack:
        return ReadBack(self.client, self.words, self.clock, self.timezone, self.until, self.since)

    @property
    def _writers(self) -> Writers:
        return Writers(self.client, self.words, self.since, self.clock())

    def _move_aside(self, action: Update, name: str) -> Result:
        """Give a schedule another name for a moment: names go round in a cycle."""
        _, renamed = self._rewritten(action, lambda live: replace(live, name=name))
        self.aside[action.id] = fingerprint(renamed)
        return Result(action, Status.CONFIRMED, None, action.id)

    def _rewritten(
        self,
        action: Update,
        make: Callable[[Schedule], Schedule],
        expected: str = "",
        until: int | None = None,
    ) -> tuple[Live, Schedule]:
        """Write what `make` makes of the live schedule: that, as read right before, and what.

        It is read and made anew before it is sent again: the moment in which a console override
        can be lost stays one request.
        """
        found = self._still_there(action, expected, until)
        sent = make(found.schedule)
        self.begins(action, found.schedule, sent)

        def send() -> None:
            schedules.update(self.client, sent)

        def arrived() -> bool:
            nonlocal found, sent
            live = read_again(action, self._writers, self.timezone, until)
            before = fingerprint(found.schedule)
            if before != fingerprint(sent) == fingerprint(live.schedule):
                return True
            if problem := moved(action, live.schedule, self._writers, expected):
                raise RefusedError(problem)
            found, sent = live, make(live.schedule)
            self.begins(action, found.schedule, sent)
            return False

        see_through(self.client, send, arrived)
        return found, sent

    def _delete(self, action: Delete) -> Result:
        live = self._still_there(action)
        self.begins(action, live.schedule, None)
        sent = False

        def send() -> None:
            nonlocal sent
            try:
                schedules.delete(self.client, action.id)
            except NotFound:
                if not sent:
                    raise
            finally:
                sent = True

        def arrived() -> bool:
            gone = self._absent(action)
            if not gone:
                self._still_there(action)
            return gone

        see_through(self.client, send, arrived)
        try:
            with self.client.finishing():
                gone = self._absent(action)
        except Failure as failure:
            return unconfirmed(action, action.id, failure)
        if gone:
            return Result(action, Status.CONFIRMED, None, action.id)
        problem = Problem("the platform still lists it after deleting it", "look in the console")
        return Result(action, Status.DIFFERS, problem, action.id)

    def _absent(self, action: Delete) -> bool:
        """Whether the platform lists it no more."""
        listed = schedules.find_by_name(self.client, action.name, self.timezone)
        return listed is None or listed.id != action.id
