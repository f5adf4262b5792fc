"""The actions of a plan as JSON and back: a kind of document for each kind of action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from flashsync.errors import Position
from flashsync.model.calendar import Span
from flashsync.model.desired import Ignorable
from flashsync.model.schedule import Stamp, without_fields
from flashsync.plan.json.effects import CutDocument, EffectDocument, PeopleNames
from flashsync.plan.json.schedule import (
    Id,
    Instant,
    JsonDocument,
    Many,
    MirrorDocument,
    ScheduleDocument,
    Word,
)
from flashsync.plan.model import (
    VERBS,
    Action,
    Caution,
    Change,
    ChangeKind,
    Create,
    Delete,
    Reason,
    Remarks,
    Target,
    Unchanged,
    Update,
)


@dataclass(frozen=True, slots=True)
class ActionView:
    """What the documents of a plan's actions need to know of the plan.

    `timezone` is the account's, and `describe` gives a change in one line.
    """

    names: PeopleNames
    window: Span | None
    timezone: str
    describe: Callable[[Change], str]


class SourceDocument(MirrorDocument):
    """Where a schedule is declared; `line` counts from 1."""

    file: str
    line: int

    def value(self) -> Position:
        """The position."""
        return Position(self.file, self.line)


_NotEmpty = BeforeValidator(lambda value: value or None)
"""Null for what the model has as an empty text or 0."""

ValueDocument: TypeAlias = str | Many[str] | dict[str, str | Many[str]]


class ChangeDocument(JsonDocument):
    """One field that differs, in the file's words; `text` is the change in one line.

    A side is null where the field is not there, a list for a list, and an object for a part with
    keys of its own. A secret is `***`, or the reference by which the file gives it.
    """

    path: str
    kind: Word[ChangeKind]
    before: ValueDocument | None
    after: ValueDocument | None
    text: str

    @classmethod
    def of(cls, change: Change, view: ActionView) -> ChangeDocument:
        """The document of a change."""
        before, after = (
            dict(side) if isinstance(side, Mapping) else side
            for side in (change.before, change.after)
        )
        text = view.describe(change)
        return cls(path=change.path, kind=change.kind, before=before, after=after, text=text)

    def value(self) -> Change:
        """The change."""
        return Change(self.path, self.kind, self.before, self.after)


class WarningDocument(MirrorDocument):
    """What to know before a write; `check` is the id of the check that says so, if one does.

    `text` is what people read: the message, and the check that gives it.
    """

    check: Annotated[str | None, _NotEmpty]
    message: str
    text: str

    def value(self) -> Caution:
        """The warning."""
        return Caution(self.message, self.check or "")


class TargetDocument(ScheduleDocument):
    """What apply writes; secrets are references.

    `origins` has, for each layer, the place of the live rotation layer that it takes undeclared
    fields over from, or null. Overrides of files that ended by `forgotten` are dropped. The fields
    of `ignored` are left to the console: empty here, they keep their live value in the write.
    """

    origins: Many[int | None]
    forgotten: Instant | None
    ignored: Many[Ignorable] = ()

    @model_validator(mode="after")
    def _check_origins(self) -> Self:
        if len(self.origins) != len(self.layers):
            raise ValueError("a layer without an origin")
        return self

    @classmethod
    def of_target(cls, target: Target) -> TargetDocument:
        """The document of a target."""
        return cls(
            **dict(ScheduleDocument.of(target.schedule)),
            origins=target.origins,
            forgotten=target.forgotten,
            ignored=target.ignored,
        )

    def target(self) -> Target:
        """The target; its secrets have no values yet."""
        schedule = without_fields(self.value(), self.ignored)
        return Target(schedule, self.origins, self.forgotten, self.ignored)


class StampDocument(MirrorDocument):
    """Who wrote a schedule last, by id, and when; null: not known."""

    by: Annotated[Id | None, _NotEmpty]
    at: Annotated[Instant | None, _NotEmpty]

    def value(self) -> Stamp:
        """The stamp."""
        return Stamp(self.by or 0, self.at or 0)


class ActionHead(JsonDocument):
    """What an action is about, before its effect; each kind of action narrows its fields."""

    action: str
    schedule: str
    live_name: str | None
    schedule_id: Id | None
    reason: Word[Reason]
    source: SourceDocument | None
    changes: Many[ChangeDocument]


class AnyActionDocument(EffectDocument, ActionHead):
    """What happens to one schedule, and why."""

    cuts: Many[CutDocument]
    warnings: Many[WarningDocument]
    notes: Many[str]
    uncompared: Many[str]
    fingerprint: str | None
    parts: dict[str, str] | None
    stamp: StampDocument | None
    kept_overrides: Many[str]
    target: TargetDocument | None

    def remarks(self) -> Remarks:
        """Notes and warnings on the schedule."""
        warnings = tuple(warning.value() for warning in self.warnings)
        return Remarks(self.notes, warnings, self.uncompared)

    def differences(self) -> tuple[Change, ...]:
        """The changes."""
        return tuple(change.value() for change in self.changes)


class CreateDocument(AnyActionDocument):
    """A schedule that is not live yet."""

    action: Literal["create"]
    live_name: None
    schedule_id: None
    source: SourceDocument
    fingerprint: None
    parts: None
    stamp: None
    target: TargetDocument

    def value(self, window: Span | None) -> Create:
        """The create."""
        return Create(
            self.target.target(),
            self.source.value(),
            self.differences(),
            self.remarks(),
            self.reason,
            self.effect(window),
        )


class LiveActionDocument(AnyActionDocument):
    """A write to a live schedule: which one is meant, and how it looked."""

    live_name: str
    schedule_id: Annotated[Id, Field(ge=1)]
    fingerprint: Annotated[str, Field(min_length=1)]
    parts: dict[str, str]
    stamp: StampDocument


class UpdateDocument(LiveActionDocument):
    """A live schedule that becomes `target`."""

    action: Literal["update"]
    source: SourceDocument
    target: TargetDocument

    def value(self, window: Span | None) -> Update:
        """The update."""
        return Update(
            self.schedule_id,
            self.live_name,
            self.fingerprint,
            self.target.target(),
            self.source.value(),
            self.differences(),
            self.reason,
            self.remarks(),
            self.kept_overrides,
            self.effect(window),
            tuple(cut.value() for cut in self.cuts),
            self.parts,
            self.stamp.value(),
        )


class DeleteDocument(LiveActionDocument):
    """A live schedule that goes; `source` is null where no file declares it."""

    action: Literal["delete"]
    target: None

    def value(self, window: Span | None) -> Delete:
        """The delete."""
        return Delete(
            self.schedule_id,
            self.schedule,
            self.fingerprint,
            self.reason,
            self.source.value() if self.source else None,
            self.remarks(),
            self.effect(window),
            self.parts,
            self.stamp.value(),
            self.kept_overrides,
        )


class UnchangedDocument(AnyActionDocument):
    """A schedule that stays as it is; `schedule_id` is null where it is not live."""

    action: Literal["none"]
    live_name: str
    source: SourceDocument
    fingerprint: None
    parts: None
    stamp: None
    target: None

    def value(self, window: Span | None) -> Unchanged:
        """The schedule that stays as it is."""
        return Unchanged(
            self.schedule_id, self.schedule, self.source.value(), self.reason, self.remarks()
        )


ActionDocument: TypeAlias = Annotated[
    CreateDocument | UpdateDocument | DeleteDocument | UnchangedDocument,
    Field(
        discriminator="action",
        description="""What happens to one schedule, and why.

`reason` says why. `declared_absent` is `absent: true` of a file, `not_declared` is --prune,
`already_absent` leaves nothing to delete, `secrets_sent` is --send-secrets, `tidied` and `undone`
are of these commands, and `accepted` is what drift lets pass.
`effects_source` is who computed both sides of the effects, null where they are not known or were
not asked for; `effects_remark` says why. `gaps` are introduced by the change; `old_gaps` were
there before it, `left_gaps` are there after it.
`uncompared` are the paths of secrets that were not compared; each has its note.
`fingerprint` is of the live schedule, `parts` are of its fields, by path.
`stamp` is its own, which tells later writers from earlier ones.
`kept_overrides` identifies the console's, which an update leaves as they are, and a delete takes
along.""",
    ),
]


AnyDocument: TypeAlias = CreateDocument | UpdateDocument | DeleteDocument | UnchangedDocument

_DOCUMENTS: Mapping[type[Action], type[AnyDocument]] = {
    Create: CreateDocument,
    Update: UpdateDocument,
    Delete: DeleteDocument,
    Unchanged: UnchangedDocument,
}


def action_document(action: Action, view: ActionView) -> AnyDocument:
    """The document of an action: fields that its kind does not have are null or empty."""
    effect = None if isinstance(action, Unchanged) else action.effect
    fields: dict[str, Any] = {
        "action": "none" if isinstance(action, Unchanged) else VERBS[type(action)],
        "schedule": action.name,
        "live_name": None if isinstance(action, Create) else action.name,
        "schedule_id": None if isinstance(action, Create) else action.id,
        "reason": action.reason,
        "source": SourceDocument.of(action.source) if action.source else None,
        "warnings": tuple(map(WarningDocument.of, action.remarks.warnings)),
        "notes": action.remarks.notes,
        "uncompared": action.remarks.uncompared,
        **dict(EffectDocument.of_effect(effect, view.window, view.timezone, view.names)),
        **dict.fromkeys(("fingerprint", "parts", "stamp", "target")),
        **dict.fromkeys(("changes", "cuts", "kept_overrides"), ()),
    }
    if isinstance(action, Create | Update):
        fields["changes"] = tuple(ChangeDocument.of(change, view) for change in action.changes)
        fields["target"] = TargetDocument.of_target(action.target)
    if isinstance(action, Update | Delete):
        fields["fingerprint"], fields["parts"] = action.fingerprint, dict(action.parts)
        fields["stamp"] = StampDocument.of(action.stamp)
    if isinstance(action, Update):
        fields["live_name"], fields["kept_overrides"] = action.live_name, action.kept
        fields["cuts"] = tuple(CutDocument.of(cut, view.names) for cut in action.cuts)
    elif isinstance(action, Delete):
        fields["kept_overrides"] = action.taken
    return _DOCUMENTS[type(action)](**fields)
