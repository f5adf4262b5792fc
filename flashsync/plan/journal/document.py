"""The journal of an apply as JSON: one event a line, in the order in which they happened.

A run that was killed leaves the events up to then, the last one maybe cut. A write that has
`before` and `sent` but no `after` may or may not have been carried out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, TypeAdapter

from flashsync.model.desired import Ignorable
from flashsync.model.schedule import Schedule
from flashsync.plan.json.document import AccountDocument
from flashsync.plan.json.schedule import (
    Instant,
    JsonDocument,
    Many,
    MirrorDocument,
    ScheduleDocument,
    Word,
    sort_overrides,
)
from flashsync.plan.model import VERBS, Create, Delete, Write
from flashsync.plan.outcome import WriteStatus


class CountsDocument(MirrorDocument):
    """How many schedules the plan would write."""

    create: int
    update: int
    delete: int


class PlannedDocument(JsonDocument):
    """One write of the plan. The events call it by its place in this list, counted from 0.

    `changes` are the paths that differ, as in the plan; `ignored` are the fields that it leaves to
    the console. The oldest journals lack it.
    """

    action: Literal["create", "update", "delete"]
    schedule: str
    schedule_id: int | None
    changes: Many[str]
    ignored: Many[Ignorable] = ()

    @classmethod
    def of(cls, write: Write) -> PlannedDocument:
        """The document of a write."""
        changes = () if isinstance(write, Delete) else write.changes
        return cls(
            action=VERBS[type(write)],
            schedule=write.name,
            schedule_id=None if isinstance(write, Create) else write.id,
            changes=tuple(change.path for change in changes),
            ignored=() if isinstance(write, Delete) else write.target.ignored,
        )


class HeaderDocument(JsonDocument):
    """The first line: the account, the command, and what it is about to do.

    `undo_of` is the id of the journal that is undone.
    """

    event: Literal["header"]
    format_version: str
    tool_version: str
    account: AccountDocument
    started_at: Instant
    command: str
    undo_of: str | None
    summary: CountsDocument
    writes: Many[PlannedDocument]


class ExtrasDocument(JsonDocument):
    """What api.md names of a layer that no file declares; a field that it lacks is left out.

    Nothing but numbers and null is written down.
    """

    hidden: bool | int | None = None
    weight: int | float | None = None

    @classmethod
    def of(cls, carried: Mapping[str, Any], **more: Any) -> Self:
        """The document of what a layer carries."""
        plain = (int, float, type(None))
        names = ("hidden", "weight")
        return cls(
            **{name: carried[name] for name in names if isinstance(carried.get(name, ""), plain)},
            **more,
        )

    def carried(self) -> dict[str, Any]:
        """The fields that were written down."""
        return self.model_dump(include={"hidden", "weight"}, exclude_unset=True)


class OverrideExtrasDocument(ExtrasDocument):
    """What an override has that no file declares, the name of its group too."""

    group: str | None = None


class BeforeDocument(JsonDocument):
    """The live schedule as it was read right before its write, null for a create.

    All its overrides are in it, the console's too. A secret is a reference where one is
    known to have its value, else null. `extras` has one entry a layer, `override_extras` one an
    override; the oldest journals lack it.
    """

    event: Literal["before"]
    write: int
    at: Instant
    state: ScheduleDocument | None
    extras: Many[ExtrasDocument]
    override_extras: Many[OverrideExtrasDocument] = ()

    @classmethod
    def of(cls, write: int, live: Schedule | None, now: int) -> BeforeDocument:
        """The event of a live schedule right before its write."""
        layers = live.layers if live else ()
        overrides = sort_overrides(live.overrides) if live else []
        return cls(
            event="before",
            write=write,
            at=now,
            state=ScheduleDocument.of(live) if live else None,
            extras=tuple(ExtrasDocument.of(layer.carried) for layer in layers),
            override_extras=tuple(
                OverrideExtrasDocument.of(override.carried, group=override.group)
                for override in overrides
            ),
        )


class SentDocument(JsonDocument):
    """What is about to be sent, null for a delete; secrets are references."""

    event: Literal["sent"]
    write: int
    at: Instant
    state: ScheduleDocument | None


class RequestDocument(MirrorDocument):
    """A request that writes; `code` is the platform's word where it said no."""

    endpoint: str
    request_id: str
    code: str


class AfterDocument(JsonDocument):
    """What became of it; `state` is what was read back, null where that was not done."""

    event: Literal["after"]
    write: int
    at: Instant
    status: Word[WriteStatus]
    schedule_id: int | None
    requests: Many[RequestDocument]
    problem: str | None
    state: ScheduleDocument | None


class EndDocument(JsonDocument):
    """The last line: how the run ended. `problems` are what went wrong next to the writes."""

    event: Literal["end"]
    at: Instant
    exit_code: int
    complete: bool
    interrupted: bool
    problems: Many[str]


WriteEvent: TypeAlias = BeforeDocument | SentDocument | AfterDocument
"""What happens to one write."""
Event: TypeAlias = HeaderDocument | WriteEvent | EndDocument


@cache
def events() -> TypeAdapter[Event]:
    """Validates one line."""
    return TypeAdapter(Annotated[Event, Field(discriminator="event")])
