"""What became of a plan: one result a write, and the exit code that follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from flashsync.errors import ExitCode, Problem
from flashsync.model.calendar import Span
from flashsync.model.schedule import Override, Schedule
from flashsync.plan.model import Change, Create, Plan, Write

# How one write went: what was live, what was sent, what came back, by which requests.


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that writes; `code` is the platform's word where it said no."""

    endpoint: str
    request_id: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """One write, seen from outside.

    `before` is the live schedule as it was read right before, None for a create; `sent` is what
    was sent, None for a delete; `back` is what was read back, None where it was not. `span` is from
    the answer to that read to the answer to the write, in Unix seconds of the platform's clock.
    """

    before: Schedule | None = None
    sent: Schedule | None = None
    back: Schedule | None = None
    requests: tuple[Sent, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """What somebody wrote in the console between our last read and our write, which wiped it.

    `who` is a person's name, `at` in Unix seconds. `overrides` is empty where the audit log does
    not show what it was.
    """

    schedule: str
    id: int
    who: str
    at: int
    overrides: tuple[Override, ...] = ()


class WriteStatus(StrEnum):
    """How far a write got."""

    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNCLEAR = "unclear"
    UNCONFIRMED = "unconfirmed"
    DIFFERS = "differs"
    NOT_STARTED = "not_started"


NOTHING_WRITTEN = (WriteStatus.FAILED, WriteStatus.NOT_STARTED)
"""After these, the account is as it was."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one action.

    CONFIRMED: written, read back, and as it should be. FAILED: not written, `problem` says why.
    UNCLEAR: nobody knows whether it was written. UNCONFIRMED: written, and could not be read
    back. DIFFERS: written, and what was read back is not what was sent; `problem` says how.
    `notes` tell what was merged in at the last moment. `trace` is how the write went.
    `differences` are from what was sent to what was read back; the problem then names their paths.
    """

    action: Write
    status: WriteStatus
    problem: Problem | None = None
    schedule_id: int | None = None
    notes: tuple[str, ...] = ()
    trace: Trace = field(default=Trace(), compare=False, repr=False)
    differences: tuple[Change, ...] = ()

    @property
    def id(self) -> int | None:
        """The id of the schedule; None where it was not created, as far as is known."""
        return self.schedule_id if isinstance(self.action, Create) else self.action.id


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a plan; `results` in the order of the plan.

    `lost` are overrides of the console that a write wiped; `problems` are what went wrong next to
    the writes themselves, those overrides included. `command` is what carried it out, `undo_of` the
    id of the journal that it undoes. `unrestored` says what an undo could not bring back. `notes`
    say what was not checked.
    """

    plan: Plan
    results: tuple[Result, ...] = field(default=())
    interrupted: bool = False
    lost: tuple[Lost, ...] = ()
    problems: tuple[Problem, ...] = ()
    command: str = "apply"
    undo_of: str | None = None
    unrestored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def having(self, *statuses: WriteStatus) -> tuple[Result, ...]:
        """The results with one of these statuses."""
        return tuple(result for result in self.results if result.status in statuses)

    @property
    def confirmed(self) -> bool:
        """Whether all was written and confirmed."""
        return all(result.status is WriteStatus.CONFIRMED for result in self.results)

    @property
    def complete(self) -> bool:
        """Whether all was written and confirmed, and nothing else went wrong."""
        return self.confirmed and not self.problems

    @property
    def wrote(self) -> bool:
        """Whether anything was written, or may have been."""
        return any(result.status not in NOTHING_WRITTEN for result in self.results)

    @property
    def exit_code(self) -> ExitCode:
        """0 when all is confirmed; 3 when something was written; else 130 or 1."""
        if self.complete:
            return ExitCode.OK
        if self.wrote:
            return ExitCode.UNFINISHED
        return ExitCode.INTERRUPTED if self.interrupted else ExitCode.ERROR
