"""One write: re-read, merge, send, read back, compare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flashsync.api import schedules
from flashsync.api.client import Client
from flashsync.api.failures import Failure, NotFound, Stopped, Unclear
from flashsync.apply.guard import still_there
from flashsync.errors import Problem
from flashsync.plan.diff import changed, same
from flashsync.plan.fingerprint import fingerprint
from flashsync.plan.merge import fresh, merged
from flashsync.plan.model import Create, Delete, Update
from flashsync.plan.order import Step
from flashsync.plan.outcome import Result, Status
from flashsync.plan.target import Target
from flashsync.plan.view import Words
from flashsync.plan.webhooks import compare
from flashsync.state.schedule import Schedule

CREATE_ATTEMPTS = 3
"""How often a create whose outcome is not known is looked up and, if it is not there, repeated."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes schedules of one account, whose zone is `timezone`.

    `clock` gives Unix seconds; `wait` sleeps seconds. `words` say things, in the zone of the user.
    `aside` holds the fingerprints of schedules that have a temporary name for a moment, by id.
    """

    client: Client
    words: Words
    clock: Callable[[], int]
    wait: Callable[[float], object]
    timezone: str
    aside: dict[int, str] = field(default_factory=dict)

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
        schedule = fresh(action.target, self.clock())
        id = self._created(schedule)
        return self._confirmed(action, replace(schedule, id=id))

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
            except Failure as failure:
                # The platform refuses it: after a lost answer, the first one may have arrived.
                raise lost or failure from None
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
        live = still_there(self.client, action, self.words, self.timezone, self.clock(), expected)
        schedule = merged(action.target, live, self.clock())
        schedules.update(self.client, schedule)
        return self._confirmed(action, schedule, self._came_later(action, live))

    def _came_later(self, action: Update, live: Schedule) -> tuple[str, ...]:
        """Overrides that people made in the console after the plan: kept, and said."""
        return tuple(
            f"kept an override made in the console since the plan: {self.words.override(one)}"
            for one in live.console_overrides
            if one.identity not in action.kept
        )

    def _move_aside(self, action: Update, name: str) -> Result:
        """Give a schedule another name for a moment: names go round in a cycle."""
        live = still_there(self.client, action, self.words, self.timezone, self.clock())
        moved = replace(live, name=name)
        schedules.update(self.client, moved)
        self.aside[action.id] = fingerprint(moved)
        return Result(action, Status.CONFIRMED, None, action.id)

    def _delete(self, action: Delete) -> Result:
        still_there(self.client, action, self.words, self.timezone, self.clock())
        try:
            schedules.delete(self.client, action.id)
        except NotFound as gone:
            if gone.attempt == 1:
                raise
        try:
            with self.client.finishing():
                listed = schedules.find_by_name(self.client, action.name, self.timezone)
        except Failure as failure:
            return _unconfirmed(action, action.id, failure)
        if listed is None or listed.id != action.id:
            return Result(action, Status.CONFIRMED, None, action.id)
        problem = Problem("the platform still lists it after deleting it", "look in the console")
        return Result(action, Status.DIFFERS, problem, action.id)

    def _confirmed(
        self, action: Create | Update, sent: Schedule, notes: tuple[str, ...] = ()
    ) -> Result:
        """Read back what was written and compare; a problem says only what the status does not."""
        zone, id = self.timezone, sent.id or 0
        try:
            with self.client.finishing():
                back = schedules.read_schedule_info(self.client, id, zone, self.clock())
        except Failure as failure:
            return _unconfirmed(action, id, failure, notes)
        if self._same(sent, back):
            return Result(action, Status.CONFIRMED, None, id, notes)
        problem = Problem(
            self._how(sent, back), "plan again, and look in the console", action.source
        )
        return Result(action, Status.DIFFERS, problem, id, notes)

    def _how(self, sent: Schedule, back: Schedule) -> str:
        compared = compare(sent.notify, back.notify)
        wanted = Target(sent, (None,) * len(sent.layers))
        differences = changed(back, wanted, compared, self.words)
        return "; ".join(f"{change.path}: {change.text}" for change in differences)

    def _same(self, sent: Schedule, back: Schedule) -> bool:
        return same(back, sent, compare(sent.notify, back.notify))


def _unconfirmed(
    action: Create | Update | Delete, id: int, failure: Failure, notes: tuple[str, ...] = ()
) -> Result:
    """Written, but the read-back failed."""
    problem = Problem(
        failure.problems[0].message, "run `flashsync plan` to see whether it arrived", action.source
    )
    return Result(action, Status.UNCONFIRMED, problem, id, notes)
