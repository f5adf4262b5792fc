"""The journal of an apply as JSON: one event a line, in the order in which they happened.

A run that was killed leaves the events up to then, the last one maybe cut. A write that has
`before` and `sent` but no `after` may or may not have been carried out.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from flashsync.plan.json.document import AccountDocument
from flashsync.plan.json.schedule import ScheduleDocument


class CountsDocument(TypedDict):
    """How many schedules the plan would write."""

    create: int
    update: int
    delete: int


class PlannedDocument(TypedDict):
    """One write of the plan. The events call it by its place in this list, counted from 0.

    `changes` are the paths that differ, as in the plan.
    """

    action: Literal["create", "update", "delete"]
    schedule: str
    schedule_id: int | None
    changes: list[str]


class HeaderDocument(TypedDict):
    """The first line: whose account, which command, what it is about to do. RFC 3339 times.

    `undo_of` is the id of the journal that is undone.
    """

    event: Literal["header"]
    format_version: str
    tool_version: str
    account: AccountDocument
    started_at: str
    command: str
    undo_of: str | None
    summary: CountsDocument
    writes: list[PlannedDocument]


class ExtrasDocument(TypedDict, total=False):
    """What a layer holds that no file declares."""

    hidden: bool | int | None
    weight: int | float | None


class OverrideExtrasDocument(ExtrasDocument, total=False):
    """What an override holds that no file declares, the name of its group too."""

    group: str | None


class BeforeDocument(TypedDict):
    """The live schedule as it was read right before its write, null where there was none.

    All its overrides are in it, those of the console too. A secret is a reference where one is
    known to have its value, else null. `extras` has one entry a layer, `override_extras` one an
    override.
    """

    event: Literal["before"]
    write: int
    at: str
    state: ScheduleDocument | None
    extras: list[ExtrasDocument]
    override_extras: NotRequired[list[OverrideExtrasDocument]]


class SentDocument(TypedDict):
    """What is about to be sent, null for a delete; secrets are references."""

    event: Literal["sent"]
    write: int
    at: str
    state: ScheduleDocument | None


class RequestDocument(TypedDict):
    """A request that writes; `code` is the platform's word where it said no."""

    endpoint: str
    request_id: str
    code: str


class AfterDocument(TypedDict):
    """What became of it; `state` is what was read back, null where that was not done."""

    event: Literal["after"]
    write: int
    at: str
    status: Literal["confirmed", "failed", "unclear", "unconfirmed", "differs", "not_started"]
    schedule_id: int | None
    requests: list[RequestDocument]
    problem: str | None
    state: ScheduleDocument | None


class EndDocument(TypedDict):
    """The last line: how the run ended. `problems` are what went wrong beside the writes."""

    event: Literal["end"]
    at: str
    exit_code: int
    complete: bool
    interrupted: bool
    problems: list[str]


Event = HeaderDocument | BeforeDocument | SentDocument | AfterDocument | EndDocument

EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])
"""Validates one line."""
