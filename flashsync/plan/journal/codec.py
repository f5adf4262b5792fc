"""A run to the lines of its journal, and back. No value of a secret gets in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from flashsync import __version__
from flashsync.errors import RefusedError
from flashsync.model.mask import hide_in_data
from flashsync.model.people import Account
from flashsync.model.schedule import Override, Schedule
from flashsync.model.timezone import rfc3339, unix_seconds, wall
from flashsync.plan.journal.model import Fate, Journal, Written, fate
from flashsync.plan.json.schedule import (
    ScheduleDocument,
    decode_schedule,
    encode_schedule,
    in_order,
)
from flashsync.plan.model import VERBS, Create, Delete, Plan, Write
from flashsync.plan.outcome import Outcome, Result, WriteStatus

if TYPE_CHECKING:
    from flashsync.plan.journal.document import (
        AfterDocument,
        BeforeDocument,
        Event,
        ExtrasDocument,
        HeaderDocument,
        OverrideExtrasDocument,
        SentDocument,
    )

JOURNAL_VERSION = "1.0"
"""Raised for any change that requires a change to a program that reads journals."""

_EXTRAS = ("hidden", "weight")
"""What api.md names of a layer that no file declares; nothing else of it is written down."""


class NotBegunError(RefusedError):
    """A journal without its first line, which is there before anything is written."""


def header(plan: Plan, command: str, undo_of: str | None, now: int) -> str:
    """The first line; `now` is in Unix seconds."""
    account, counts = plan.account, plan.summary
    return _line(
        "header",
        format_version=JOURNAL_VERSION,
        tool_version=__version__,
        account={"id": account.id, "name": account.name, "timezone": account.timezone},
        started_at=rfc3339(now),
        command=command,
        undo_of=undo_of,
        summary={"create": counts.create, "update": counts.update, "delete": counts.delete},
        writes=[_planned(action) for action in plan.writes],
    )


def _planned(action: Write) -> dict[str, object]:
    id = None if isinstance(action, Create) else action.id
    changes = [] if isinstance(action, Delete) else [one.path for one in action.changes]
    return {
        "action": VERBS[type(action)],
        "schedule": action.name,
        "schedule_id": id,
        "changes": changes,
    }


def before(write: int, live: Schedule | None, now: int) -> str:
    """The live schedule right before its write, which is the `write`-th of the plan."""
    overrides = in_order(live.overrides) if live else []
    return _line(
        "before",
        write=write,
        at=rfc3339(now),
        state=_state(live),
        extras=[_extras(layer.carried) for layer in live.layers] if live else [],
        override_extras=[{**_extras(one.carried), "group": one.group} for one in overrides],
    )


def _extras(carried: Mapping[str, Any]) -> dict[str, object]:
    plain = (int, float, type(None))
    return {name: carried[name] for name in _EXTRAS if isinstance(carried.get(name, ""), plain)}


def sent(write: int, schedule: Schedule | None, now: int) -> str:
    """What is about to be sent."""
    return _line("sent", write=write, at=rfc3339(now), state=_state(schedule))


def after(write: int, result: Result, now: int) -> str:
    """What became of it."""
    return _line(
        "after",
        write=write,
        at=rfc3339(now),
        status=result.status.value,
        schedule_id=result.schedule_id,
        requests=[
            {"endpoint": one.endpoint, "request_id": one.request_id, "code": one.code}
            for one in result.trace.requests
        ],
        problem=result.problem.text if result.problem else None,
        state=_state(result.trace.back),
    )


def end(outcome: Outcome, now: int) -> str:
    """The last line."""
    return _line(
        "end",
        at=rfc3339(now),
        exit_code=int(outcome.exit_code),
        complete=outcome.complete,
        interrupted=outcome.interrupted,
        problems=[problem.text for problem in outcome.problems],
    )


def _line(event: str, **fields: object) -> str:
    document = hide_in_data({"event": event, **fields})
    return json.dumps(document, separators=(",", ":")) + "\n"


def _state(schedule: Schedule | None) -> ScheduleDocument | None:
    return None if schedule is None else encode_schedule(schedule)


def read(text: str, name: str, shown_as: str) -> Journal:
    """The journal of a file's text; `name` is the file's without its end.

    A last line that was cut is left out: that was not written yet. Raises RefusedError where it is
    no journal, of another version, or damaged.
    """
    whole = text.splitlines(keepends=True)
    lines = [line for line in whole if line.endswith("\n")]
    events = [_event(line, number, shown_as) for number, line in enumerate(lines, 1)]
    if not events:
        raise NotBegunError(f"{shown_as} was cut in its first line: nothing was written then")
    if events[0]["event"] != "header":
        raise _damaged(shown_as, 1)
    try:
        reading = _Reading(events[0], name, shown_as)
    except (ValueError, OverflowError):
        raise _damaged(shown_as, 1) from None
    return reading.all(events[1:])


def _event(line: str, number: int, shown_as: str) -> Event:
    from pydantic import ValidationError

    from flashsync.plan.journal.document import EVENT

    try:
        document = json.loads(line)
        if number == 1 and isinstance(document, dict):
            _check_version(document.get("format_version"), shown_as)
        return EVENT.validate_python(document, strict=True)
    except (ValidationError, ValueError, RecursionError):
        raise _damaged(shown_as, number) from None


def _check_version(version: object, shown_as: str) -> None:
    if isinstance(version, str) and version != JOURNAL_VERSION:
        message = f"{shown_as} has the journal format {version[:20]!r}"
        raise RefusedError(message, f"this flashsync reads {JOURNAL_VERSION}")


class _Reading:
    """The events of one journal, taken one by one. Raises ValueError where the zone or the time of
    the first is none, OverflowError where no calendar has that time.

    A write may take two steps, where names go round in a cycle: `_done` has what the first one led
    to, by the place of the write. What a write has found is what was read last before it led to
    anything: where somebody was faster, it was read and written down once more.
    """

    def __init__(self, first: HeaderDocument, name: str, shown_as: str) -> None:
        account, started_at = first["account"], unix_seconds(first["started_at"])
        wall(started_at, account["timezone"])
        self._journal = Journal(
            name.rpartition("-")[2],
            name,
            shown_as,
            Account(account["id"], account["name"], account["timezone"]),
            started_at,
            first["command"],
            first["undo_of"],
        )
        self._writes = [
            Written(
                one["action"], one["schedule"], one["schedule_id"], changes=tuple(one["changes"])
            )
            for one in first["writes"]
        ]
        self._done: dict[int, Written] = {}

    def all(self, events: Sequence[Event]) -> Journal:
        """The journal once all events are taken. Raises RefusedError."""
        exit_code = None
        for number, event in enumerate(events, 2):
            if event["event"] == "end":
                exit_code = event["exit_code"]
            elif event["event"] == "header" or event["write"] not in range(len(self._writes)):
                raise _damaged(self._journal.shown_as, number)
            else:
                self._take(event, number)
        return replace(self._journal, writes=tuple(self._writes), exit_code=exit_code)

    def _take(self, event: BeforeDocument | SentDocument | AfterDocument, line: int) -> None:
        try:
            if event["event"] == "before":
                self._begin(event, line)
            elif event["event"] == "sent":
                self._send(event)
            else:
                self._end(event)
        except ValueError:  # its keys are as they should be, and what they hold is no schedule
            raise _damaged(self._journal.shown_as, line) from None

    def _begin(self, event: BeforeDocument, line: int) -> None:
        place = event["write"]
        known = self._writes[place]
        if place not in self._done:
            extras = event["extras"], event.get("override_extras", ())
            live = _read_state(event["state"], *extras)
            first = line if known.line == 1 else known.line
            self._writes[place] = replace(known, before=live, line=first)

    def _send(self, event: SentDocument) -> None:
        known = self._writes[event["write"]]
        schedule = _read_state(event["state"])
        self._writes[event["write"]] = replace(known, sent=schedule, after=None, fate=Fate.UNKNOWN)

    def _end(self, event: AfterDocument) -> None:
        place, reached = event["write"], fate(WriteStatus(event["status"]))
        known = self._writes[place]
        ids = tuple(one["request_id"] for one in event["requests"])
        if reached is Fate.NOT_DONE and place in self._done:
            known, reached = self._done[place], self._done[place].fate
        else:
            known = replace(known, after=_read_state(event["state"]), fate=reached)
        id = known.id or event["schedule_id"]
        self._writes[place] = replace(known, id=id, requests=(*known.requests, *ids))
        if reached is not Fate.NOT_DONE:
            self._done[place] = self._writes[place]


def _damaged(shown_as: str, line: int) -> RefusedError:
    message = f"{shown_as}:{line} is not a line of a journal"
    return RefusedError(message, "undo that run by hand, or remove the file from its folder")


def _read_state(
    document: ScheduleDocument | None,
    extras: Sequence[ExtrasDocument] = (),
    override_extras: Sequence[OverrideExtrasDocument] = (),
) -> Schedule | None:
    """A schedule, with what no file declares, as far as it was written down."""
    if document is None:
        return None
    schedule = decode_schedule(document)
    with_extras = zip(schedule.layers, chain(extras, repeat({})), strict=False)
    layers = tuple(replace(layer, carried=dict(extra)) for layer, extra in with_extras)
    held = zip(schedule.overrides, chain(override_extras, repeat({})), strict=False)
    overrides = tuple(_with_group(one, dict(extra)) for one, extra in held)
    return replace(schedule, layers=layers, overrides=overrides)


def _with_group(override: Override, extras: dict[str, Any]) -> Override:
    group, weight = extras.pop("group", None), extras.get("weight")
    return replace(override, group=group, carried=extras, weight=int(weight or 0))
