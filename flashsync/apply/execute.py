"""Carry out a plan: batch after batch, side by side within one, and stop at the first failure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from threading import Event, Lock
from typing import Protocol

from flashsync.api.endpoints import escalations
from flashsync.api.errors import Failure, ReferenceExist, Stopped
from flashsync.apply.journal import NoJournal, traced
from flashsync.apply.lost_overrides import describe_lost, find_lost_overrides
from flashsync.apply.preconditions import check_all
from flashsync.apply.write import Writer
from flashsync.checks.references import REMEDY, describe_rules
from flashsync.errors import FlashsyncError, Problem, RefusedError
from flashsync.model.escalations import Reference
from flashsync.model.schedule import Schedule
from flashsync.plan.model import Create, Delete, Plan, Write
from flashsync.plan.order import Batch, Step, batches
from flashsync.plan.outcome import NOTHING_WRITTEN, Outcome, Result, Trace, WriteStatus
from flashsync.plan.words import Words


class Observer(Protocol):
    """Is told of each write as it begins and ends, from the thread that does it."""

    def started(self, action: Write) -> None:
        """A write begins."""
        ...

    def finished(self, result: Result) -> None:
        """A write has come to its end, one way or another."""
        ...


def run(
    plan: Plan, writer: Writer, observer: Observer, journal: NoJournal | None = None
) -> Outcome:
    """Carry out the plan, whose secrets have been read, or nothing of it.

    Raises RefusedError, before anything is written, with all that `preconditions.objections` finds,
    or where the journal cannot be written. After the first write, nothing is raised: the outcome
    says all, and `writer.interrupts` keep to that.
    """
    seen = check_all(plan, writer.client, writer.words, writer.clock())
    work = _Work(replace(writer, seen=seen), observer, journal or NoJournal())
    work.journal.opened(plan)
    try:
        for batch in batches(plan.actions):
            work.batch(batch)
        writer.interrupts.written = True
    except KeyboardInterrupt:
        writer.interrupts.written = True
        work.interrupted = True
    return work.outcome(plan)


@dataclass
class _Work:
    """The results so far, by the action's place in memory: threads add to them.

    `referred` are the ids of schedules that the platform does not delete, as others refer to them.
    """

    writer: Writer
    observer: Observer
    journal: NoJournal
    interrupted: bool = False
    stop: Event = field(default_factory=Event)
    results: dict[int, Result] = field(default_factory=dict)
    begun: dict[int, Write] = field(default_factory=dict)
    traces: dict[int, Trace] = field(default_factory=dict)
    unwritten: list[Problem] = field(default_factory=list)
    referred: set[int] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def batch(self, batch: Batch) -> None:
        """Carry out steps that do not depend on each other, unless something has failed."""
        if not self.stop.is_set():
            self.writer.client.each(self._step, batch)

    def _step(self, step: Step) -> None:
        if self.stop.is_set():
            return
        self.observer.started(step.action)
        with self.lock:
            self.begun[id(step.action)] = step.action
        result = self._result(step)
        if result.status is not WriteStatus.CONFIRMED:
            self.stop.set()
        if step.name is not None and result.status is WriteStatus.CONFIRMED:
            result = _halfway(result, step.name)
        else:
            self.observer.finished(result)
        self._record(result)
        self._write_down(result)

    def _begins(self, action: Write, before: Schedule | None, sent: Schedule | None) -> None:
        """What a write found and sends, for the journal and for the look at the audit log."""
        with self.lock:
            self.traces[id(action)] = Trace(before, sent)
        self.journal.begins(action, before, sent)

    def _write_down(self, result: Result) -> None:
        """The end of a write, in the journal; without it nothing more is written."""
        try:
            self.journal.ended(result)
        except RefusedError as error:
            self.stop.set()
            self._unwritten(error)

    def _unwritten(self, error: RefusedError) -> None:
        """What the journal could not take, said once."""
        with self.lock:
            if not self.unwritten:
                problem = error.problems[0]
                message = f"{problem.message}, so nothing more was written to the account"
                self.unwritten.append(replace(problem, message=message))

    def _record(self, result: Result) -> None:
        """Keep a result; a second step that failed does not undo the first one of its action."""
        with self.lock:
            before = self.results.get(id(result.action))
            if before is not None and result.status in NOTHING_WRITTEN:
                why = (result.problem.text,) if result.problem else ()
                result = replace(before, notes=why)
            self.results[id(result.action)] = result

    def _result(self, step: Step) -> Result:
        """What became of a step, with how it went."""
        with self.writer.client.recording() as exchanges:
            result = self._written(step)
        with self.lock:
            trace = self.traces.pop(id(step.action), Trace())
        return replace(result, trace=traced(trace, result.trace.back, exchanges))

    def _written(self, step: Step) -> Result:
        try:
            return replace(self.writer, begins=self._begins).write(step)
        except Stopped:
            return Result(step.action, WriteStatus.NOT_STARTED)
        except FlashsyncError as error:
            if isinstance(error, ReferenceExist) and isinstance(step.action, Delete):
                self.referred.add(step.action.id)
            unclear = isinstance(error, Failure) and error.maybe_done
            status = WriteStatus.UNCLEAR if unclear else WriteStatus.FAILED
            return Result(step.action, status, error.problems[0])
        except Exception as error:  # the other writes must still be reported
            message = f"a bug in flashsync: {type(error).__name__}: {error}"
            problem = Problem(message, "please report it, with this line")
            return Result(step.action, WriteStatus.UNCLEAR, problem)

    def outcome(self, plan: Plan) -> Outcome:
        """What became of all, once nothing is under way any more."""
        found = [self.result(action) for action in plan.writes]
        results = explained(found, self.referred, self.writer)
        outcome = Outcome(plan, results, self.interrupted)
        lost = find_lost_overrides(results, self.writer)
        said = tuple(describe_lost(each, self.writer.words) for each in lost)
        outcome = replace(outcome, lost=lost, problems=(*self.unwritten, *said))
        try:
            self.journal.closed(outcome)
        except RefusedError as error:
            self._unwritten(error)
        return replace(outcome, problems=(*self.unwritten, *said))

    def result(self, action: Write) -> Result:
        """What became of an action; one that was begun and cut off is unclear."""
        found = self.results.get(id(action))
        if found is not None:
            return found
        status = WriteStatus.UNCLEAR if id(action) in self.begun else WriteStatus.NOT_STARTED
        return Result(action, status)


def _halfway(result: Result, name: str) -> Result:
    """What has become of a cycle of names, if nothing more is written."""
    message = f"it stopped halfway, under the temporary name `{name}`"
    problem = Problem(message, "run it again", result.action.source)
    return replace(result, status=WriteStatus.DIFFERS, problem=problem)


# Deletes that the platform refuses since something refers to the schedule: what, in our words.


def explained(
    results: Sequence[Result], refused: Collection[int], writer: Writer
) -> tuple[Result, ...]:
    """The results, those of the `refused` schedules (by id) with the rules that page them.

    Where these cannot be read, the platform's own words have to do.
    """
    if not refused:
        return tuple(results)
    try:
        with writer.interrupts.impatient():
            known = escalations.references(writer.client)
    except (Failure, KeyboardInterrupt):  # what became of the writes has to be said all the same
        return tuple(results)
    return tuple(_explained(one, refused, known, writer.words) for one in results)


def _explained(
    result: Result, refused: Collection[int], known: Sequence[Reference], words: Words
) -> Result:
    action = result.action
    if isinstance(action, Create) or action.id not in refused or result.problem is None:
        return result
    found = [one for one in known if one.schedule == action.id]
    if not found:
        return result
    remedy = f"{describe_rules(action.name, found, words)}; {REMEDY}"
    return replace(result, problem=replace(result.problem, remedy=remedy))
