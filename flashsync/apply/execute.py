"""Carries out a plan, batch after batch: what a failed write leaves possible goes on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Protocol

from flashsync.api.endpoints import escalations
from flashsync.api.errors import Failure, ReferenceExist, Stopped, concerns_all
from flashsync.apply.interrupts import Interrupts
from flashsync.apply.journal import NoJournal, traced
from flashsync.apply.preconditions import check_plan
from flashsync.apply.verify import describe_lost, find_lost_overrides
from flashsync.apply.write import Writer
from flashsync.checks.references import REMEDY, describe_rules
from flashsync.errors import FlashsyncError, Problem, RefusedError
from flashsync.model.schedule import Schedule
from flashsync.plan.model import Create, Delete, Plan, Write
from flashsync.plan.order import Step, batches
from flashsync.plan.outcome import NOTHING_WRITTEN, Outcome, Result, Trace, WriteStatus


class Observer(Protocol):
    """Watches writes, in the threads that do them."""

    def started(self, action: Write) -> None:
        """A write begins."""
        ...

    def finished(self, result: Result) -> None:
        """A write has come to its end, one way or another."""
        ...


def run(
    plan: Plan,
    writer: Writer,
    observer: Observer,
    journal: NoJournal | None = None,
    interrupts: Interrupts | None = None,
    *,
    fail_fast: bool = False,
) -> Outcome:
    """Carry out a plan with its secrets read, or nothing of it.

    Raises RefusedError, before anything is written, with all that `check_plan` objects to, or where
    the journal cannot be written. After the first write, nothing is raised: the outcome says all,
    and `interrupts` keep to that. With `fail_fast`, no write begins after an unconfirmed write;
    else the writes that do not depend on it go on.
    """
    checked = check_plan(plan, writer.client, writer.words, writer.clock())
    if checked.objections:
        raise RefusedError(checked.objections)
    writer = replace(writer, seen=dict(checked.live))
    interrupts = interrupts or Interrupts()
    execution = _Execution(writer, observer, journal or NoJournal(), interrupts, fail_fast)
    execution.journal.opened(plan)
    try:
        for batch in batches(plan.actions):
            writer.client.each(execution.carry_out, batch)
        interrupts.written = True
    except KeyboardInterrupt:
        interrupts.written = True
        execution.interrupted = True
    return execution.outcome(plan)


@dataclass
class _Execution:
    """What has become of each write so far, by the action's `id()`: threads add to it.

    `confirmed` has the actions with a confirmed step, `failed` those with another end. `obstacle`
    says why no write may begin any more. `referred` are the ids of schedules that the platform does
    not delete, as others refer to them.
    """

    writer: Writer
    observer: Observer
    journal: NoJournal
    interrupts: Interrupts
    fail_fast: bool
    interrupted: bool = False
    obstacle: Problem | None = None
    results: dict[int, Result] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)
    confirmed: set[int] = field(default_factory=set)
    failed: list[Write] = field(default_factory=list)
    traces: dict[int, Trace] = field(default_factory=dict)
    unwritten: list[Problem] = field(default_factory=list)
    referred: set[int] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def carry_out(self, step: Step) -> None:
        """Write, unless something that it depends on has failed, and keep the result."""
        action = step.action
        with self.lock:
            obstacle = self.obstacle or self._failed_before(step)
        if obstacle is not None:
            self._record(Result(action, WriteStatus.NOT_STARTED, obstacle), done=False)
            return
        self.observer.started(action)
        with self.lock:
            self.begun.add(id(action))
        with self.writer.client.recording() as exchanges:
            result = self._write(step)
        with self.lock:
            trace = self.traces.pop(id(action), Trace())
        result = replace(result, trace=traced(trace, result.trace.back, exchanges))
        done = result.status is WriteStatus.CONFIRMED
        if done and step.name is not None:  # what has become of it if nothing more is written
            message = f"it stopped halfway, under the temporary name `{step.name}`"
            halfway = Problem(message, "run it again", action.source)
            result = replace(result, status=WriteStatus.DIFFERS, problem=halfway)
        else:
            self.observer.finished(result)
        self._record(result, done=done)
        try:
            self.journal.ended(result)
        except RefusedError as error:  # without the journal nothing more is written
            self._note_unwritten(error)

    def _failed_before(self, step: Step) -> Problem | None:
        """Why a step cannot follow what has failed.

        A delete waits for all that the plan creates and updates: who is on call instead may be in
        any of these.
        """
        if step.needs is not None and id(step.needs) not in self.confirmed:
            message = f"`{step.needs.name}`, which frees its name, was not written"
            return Problem(message, _FIX_THAT)
        if isinstance(step.action, Delete):
            for other in self.failed:
                if not isinstance(other, Delete):
                    message = f"`{other.name}`, which may replace it, was not written"
                    return Problem(message, _FIX_THAT)
        return None

    def _write(self, step: Step) -> Result:
        try:
            return replace(self.writer, begins=self._begins).write(step)
        except Stopped:
            return Result(step.action, WriteStatus.NOT_STARTED)
        except FlashsyncError as error:
            if isinstance(error, ReferenceExist) and isinstance(step.action, Delete):
                self.referred.add(step.action.id)
            cause = error.__cause__ or error  # a look before a write wraps what its read raised
            if isinstance(cause, Failure) and concerns_all(cause):
                self.obstacle = self.obstacle or error.problems[0]
            unclear = isinstance(error, Failure) and error.maybe_done
            status = WriteStatus.UNCLEAR if unclear else WriteStatus.FAILED
            return Result(step.action, status, error.problems[0])
        except Exception as error:  # the other writes must still be reported
            message = f"a bug in flashsync, {type(error).__name__}: {error}"
            problem = Problem(message, "please report it, with this line")
            self.obstacle = self.obstacle or problem
            return Result(step.action, WriteStatus.UNCLEAR, problem)

    def _begins(self, action: Write, before: Schedule | None, sent: Schedule | None) -> None:
        """What a write found and sends, for the journal and for the look at the audit log."""
        with self.lock:
            self.traces[id(action)] = Trace(before, sent)
        self.journal.begins(action, before, sent)

    def _note_unwritten(self, error: RefusedError) -> None:
        """What the journal could not take, once."""
        with self.lock:
            problem = error.problems[0]
            self.obstacle = self.obstacle or problem
            if not self.unwritten:
                message = f"{problem.message}, so nothing more was written to the account"
                self.unwritten.append(replace(problem, message=message))

    def _record(self, result: Result, *, done: bool) -> None:
        """Keep a result; a second step that failed does not undo the first one of its action."""
        action = result.action
        with self.lock:
            if done:
                self.confirmed.add(id(action))
            else:
                self.failed.append(action)
                if self.fail_fast:
                    self.obstacle = self.obstacle or _FAIL_FAST
            before = self.results.get(id(action))
            if before is not None and result.status in NOTHING_WRITTEN:
                why = (result.problem.text,) if result.problem else ()
                result = replace(before, notes=why)
            self.results[id(action)] = result

    def outcome(self, plan: Plan) -> Outcome:
        """What became of all, once nothing is under way any more."""
        for action in plan.writes:
            if id(action) not in self.results:  # not begun, or cut off
                begun = id(action) in self.begun
                status = WriteStatus.UNCLEAR if begun else WriteStatus.NOT_STARTED
                self.results[id(action)] = Result(action, status)
        if self.referred:
            self._name_references()
        results = tuple(self.results[id(action)] for action in plan.writes)
        search = find_lost_overrides(results, self.writer, self.interrupts)
        said = tuple(describe_lost(each, self.writer.words) for each in search.lost)
        outcome = Outcome(
            plan,
            results,
            self.interrupted,
            lost=search.lost,
            problems=(*self.unwritten, *said),
            notes=search.notes,
        )
        try:
            self.journal.closed(outcome)
        except RefusedError as error:
            self._note_unwritten(error)
        return replace(outcome, problems=(*self.unwritten, *said))

    def _name_references(self) -> None:
        """Name the escalation rules that page a schedule which the platform does not delete.

        Where the rules cannot be read, the platform's own words have to do.
        """
        try:
            with self.interrupts.impatient():
                known = escalations.references(self.writer.client)
        except (Failure, KeyboardInterrupt):  # the outcome is reported all the same
            return
        for place, result in self.results.items():
            action, problem = result.action, result.problem
            if isinstance(action, Create) or action.id not in self.referred or problem is None:
                continue
            if rules := [each for each in known if each.schedule == action.id]:
                remedy = f"{describe_rules(action.name, rules, self.writer.words)}; {REMEDY}"
                self.results[place] = replace(result, problem=replace(problem, remedy=remedy))


_FIX_THAT = "fix that write first"
_FAIL_FAST = Problem("another write has failed", "without --fail-fast this one goes on")
