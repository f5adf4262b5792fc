"""What a journal tells: a run, its writes, and of each whether it was done; to lines, and back.

No value of a secret gets in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, repeat
from typing import TYPE_CHECKING

from flashsync import __version__
from flashsync.errors import Problem, RefusedError
from flashsync.model.desired import Ignorable
from flashsync.model.mask import hide_in_data
from flashsync.model.people import Account
from flashsync.model.schedule import Schedule, without_fields
from flashsync.model.timezone import wall
from flashsync.plan.model import Plan, Verb
from flashsync.plan.outcome import NOTHING_WRITTEN, Outcome, Result, WriteStatus

if TYPE_CHECKING:
    from flashsync.plan.journal.document import (
        AfterDocument,
        BeforeDocument,
        Event,
        HeaderDocument,
        WriteEvent,
    )


class Fate(StrEnum):
    """Whether a write was carried out, as far as its journal knows."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Written:
    """One write of a run.

    `before` is the schedule as it was, None for a create; `sent` is what was sent last, and `after`
    what was read back after that. `changes` are the paths of the plan's changes, `ignored` the
    fields that it leaves to the console. `line` is where its first event is in the journal, counted
    from 1, and 1 where it has none.
    """

    action: Verb
    name: str
    id: int | None
    fate: Fate = Fate.NOT_DONE
    before: Schedule | None = None
    sent: Schedule | None = None
    after: Schedule | None = None
    requests: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    ignored: tuple[Ignorable, ...] = ()
    line: int = 1

    def decided_by_files(self, live: Schedule) -> Schedule:
        """The schedule without what an update left to the console."""
        return without_fields(live, self.ignored if self.action == "update" else ())


@dataclass(frozen=True, slots=True)
class Journal:
    """A run that wrote, or meant to. `id` is short, `name` that of its file without the end.

    `exit_code` is missing where the run was killed. `undo_of` is the id of the journal it undid.
    """

    id: str
    name: str
    shown_as: str
    account: Account
    started_at: int
    command: str
    undo_of: str | None = None
    writes: tuple[Written, ...] = ()
    exit_code: int | None = None

    def having(self, *fates: Fate) -> tuple[Written, ...]:
        """The writes that came to one of these."""
        return tuple(write for write in self.writes if write.fate in fates)

    @property
    def wrote(self) -> bool:
        """Whether it changed the account, or may have."""
        return bool(self.having(Fate.DONE, Fate.UNKNOWN))


@dataclass(frozen=True, slots=True)
class Journals:
    """The journals of a folder, the oldest first; `broken` says why others cannot be read."""

    readable: tuple[Journal, ...]
    broken: tuple[Problem, ...] = ()


def fate(status: WriteStatus) -> Fate:
    """What a status says about the write itself."""
    if status in NOTHING_WRITTEN:
        return Fate.NOT_DONE
    return Fate.UNKNOWN if status is WriteStatus.UNCLEAR else Fate.DONE


# The lines of a run, as it happens.

JOURNAL_VERSION = "1.1"
"""Raised for any change that requires a change to a program that reads journals."""
READ_VERSIONS = ("1.0", JOURNAL_VERSION)
"""Journals of 1.0 have times of schedules in Unix seconds, and are else the same."""


class NotBegunError(RefusedError):
    """A journal without its first line, which is there before anything is written."""


def header(plan: Plan, command: str, undo_of: str | None, now: int) -> str:
    """The first line; `now` is in Unix seconds."""
    from flashsync.plan.journal.document import CountsDocument, HeaderDocument, PlannedDocument
    from flashsync.plan.json.document import AccountDocument

    return _line(
        HeaderDocument(
            event="header",
            format_version=JOURNAL_VERSION,
            tool_version=__version__,
            account=AccountDocument.of(plan.account),
            started_at=now,
            command=command,
            undo_of=undo_of,
            summary=CountsDocument.of(plan.summary),
            writes=tuple(map(PlannedDocument.of, plan.writes)),
        )
    )


def before(write: int, live: Schedule | None, now: int) -> str:
    """The live schedule right before its write, which is the `write`-th of the plan."""
    from flashsync.plan.journal.document import BeforeDocument

    return _line(BeforeDocument.of(write, live, now))


def sent(write: int, schedule: Schedule | None, now: int) -> str:
    """What is about to be sent."""
    from flashsync.plan.journal.document import SentDocument
    from flashsync.plan.json.schedule import ScheduleDocument

    state = ScheduleDocument.of(schedule) if schedule else None
    return _line(SentDocument(event="sent", write=write, at=now, state=state))


def after(write: int, result: Result, now: int) -> str:
    """What became of it."""
    from flashsync.plan.journal.document import AfterDocument, RequestDocument
    from flashsync.plan.json.schedule import ScheduleDocument

    trace = result.trace
    return _line(
        AfterDocument(
            event="after",
            write=write,
            at=now,
            status=result.status,
            schedule_id=result.schedule_id,
            requests=tuple(map(RequestDocument.of, trace.requests)),
            problem=result.problem.text if result.problem else None,
            state=ScheduleDocument.of(trace.back) if trace.back else None,
        )
    )


def end(outcome: Outcome, now: int) -> str:
    """The last line."""
    from flashsync.plan.journal.document import EndDocument

    return _line(
        EndDocument(
            event="end",
            at=now,
            exit_code=int(outcome.exit_code),
            complete=outcome.complete,
            interrupted=outcome.interrupted,
            problems=tuple(problem.text for problem in outcome.problems),
        )
    )


def _line(event: Event) -> str:
    document = hide_in_data(event.plain())
    return json.dumps(document, separators=(",", ":")) + "\n"


def read(text: str, name: str, shown_as: str) -> Journal:
    """The journal of a file's text; `name` is the file's without its end.

    A last line that was cut is left out: that was not written yet. Raises RefusedError where it is
    not a journal, of another version, or damaged.
    """
    whole = text.splitlines(keepends=True)
    lines = [line for line in whole if line.endswith("\n")]
    events = [_event(line, number, shown_as) for number, line in enumerate(lines, 1)]
    if not events:
        raise NotBegunError(f"{shown_as} was cut in its first line: nothing was written then")
    first = events[0]
    if first.event != "header":
        raise _damaged(shown_as, 1)
    return _follow(events[1:], _begun(first, name, shown_as))


def _event(line: str, number: int, shown_as: str) -> Event:
    from flashsync.plan.journal.document import events

    try:
        document = json.loads(line)
        if number == 1 and isinstance(document, dict):
            version = document.get("format_version")
            if isinstance(version, str) and version not in READ_VERSIONS:
                message = f"{shown_as} has the journal format {version[:20]!r}"
                raise RefusedError(message, f"this flashsync reads {' and '.join(READ_VERSIONS)}")
        return events().validate_python(document)
    except (ValueError, RecursionError):  # pydantic's ValidationError is a ValueError
        raise _damaged(shown_as, number) from None


def _begun(first: HeaderDocument, name: str, shown_as: str) -> Journal:
    """The journal as its first line has it. Raises RefusedError."""
    try:
        wall(first.started_at, first.account.timezone)
    except OverflowError:  # no calendar of that zone has the time
        raise _damaged(shown_as, 1) from None
    return Journal(
        name.rpartition("-")[2],
        name,
        shown_as,
        first.account.value(),
        first.started_at,
        first.command,
        first.undo_of,
        tuple(
            Written(
                write.action,
                write.schedule,
                write.schedule_id,
                changes=write.changes,
                ignored=write.ignored,
            )
            for write in first.writes
        ),
    )


def _follow(events: Sequence[Event], journal: Journal) -> Journal:
    """The journal once all events are taken. Raises RefusedError.

    A write may take two steps, where names go round in a cycle: `done` has what the first one led
    to, by the place of the write.
    """
    writes = list(journal.writes)
    done: dict[int, Written] = {}
    exit_code = None
    for number, event in enumerate(events, 2):
        if event.event == "end":
            exit_code = event.exit_code
        elif event.event == "header" or event.write not in range(len(writes)):
            raise _damaged(journal.shown_as, number)
        else:
            writes[event.write] = _after_event(event, number, writes[event.write], done)
    return replace(journal, writes=tuple(writes), exit_code=exit_code)


def _after_event(event: WriteEvent, line: int, known: Written, done: dict[int, Written]) -> Written:
    """What is known of a write after one more event.

    What it found is what was read last before it led to anything: where somebody was faster, it was
    read and written down once more.
    """
    match event.event:
        case "before":
            if event.write in done:
                return known
            first = line if known.line == 1 else known.line
            return replace(known, before=_live(event), line=first)
        case "sent":
            schedule = event.state.value() if event.state else None
            return replace(known, sent=schedule, after=None, fate=Fate.UNKNOWN)
        case "after":
            return _ended(event, known, done)


def _ended(event: AfterDocument, known: Written, done: dict[int, Written]) -> Written:
    reached = fate(event.status)
    earlier = done.get(event.write)
    ids = tuple(request.request_id for request in event.requests)
    if reached is Fate.NOT_DONE and earlier is not None:
        known, reached = earlier, earlier.fate
    else:
        state = event.state.value() if event.state else None
        known = replace(known, after=state, fate=reached)
    id = known.id or event.schedule_id
    written = replace(known, id=id, requests=(*known.requests, *ids))
    if reached is not Fate.NOT_DONE:
        done[event.write] = written
    return written


def _damaged(shown_as: str, line: int) -> RefusedError:
    message = f"{shown_as}:{line} is not a line of a journal"
    return RefusedError(message, "undo that run by hand, or remove the file from its folder")


def _live(event: BeforeDocument) -> Schedule | None:
    """The schedule of before, with what no file declares, as far as it was written down."""
    if event.state is None:
        return None
    schedule = event.state.value()
    carried = chain((extras.carried() for extras in event.extras), repeat({}))
    layers = tuple(
        replace(layer, carried=fields)
        for layer, fields in zip(schedule.layers, carried, strict=False)
    )
    extras = chain(event.override_extras, repeat(None))
    overrides = tuple(
        replace(override, group=kept.group, carried=kept.carried(), weight=int(kept.weight or 0))
        if kept
        else override
        for override, kept in zip(schedule.overrides, extras, strict=False)
    )
    return replace(schedule, layers=layers, overrides=overrides)
