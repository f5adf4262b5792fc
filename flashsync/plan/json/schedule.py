"""A schedule as JSON and back: in the plan's `target`, in journals, and under fingerprints.

Secrets are references only: a value never gets in. What all documents share comes first: they are
closed and frozen, and know ids, instants and lists.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Annotated, Any, Literal, Self, TypeAlias, TypeVar

from pydantic import (
    AliasChoices,
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    WithJsonSchema,
)

from flashsync.model.notify import By, Notify, Secret, SecretReference, Webhook
from flashsync.model.schedule import Group, Hours, Layer, Member, Override, Rotation, Schedule, Unit
from flashsync.model.timezone import LATEST, rfc3339, unix_seconds

Value = TypeVar("Value")


class JsonDocument(BaseModel):
    """An object of JSON: no other fields, no other types. `value` gives what it was made from."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    def plain(self) -> dict[str, Any]:
        """The document as JSON has it, without optional fields that were not given."""
        return self.model_dump(mode="json", exclude_unset=True)


class MirrorDocument(JsonDocument):
    """A document with the fields of a value of the model, or with some of them."""

    @classmethod
    def of(cls, value: object) -> Self:
        """The document of a value."""
        return cls.model_validate(value, from_attributes=True)


def json_text(document: object, indent: int) -> str:
    """JSON as `json.dumps` writes it with that indent, six times as fast (`make bench`)."""
    try:
        return _anything().dump_json(document, indent=indent, exclude_unset=True).decode()
    except ValueError:  # half characters, which a hostile account can have in its names
        plain = document.plain() if isinstance(document, JsonDocument) else document
        return json.dumps(plain, ensure_ascii=False, indent=indent)


@cache
def _anything() -> TypeAdapter[object]:
    return TypeAdapter(object)


def _unix_seconds(instant: object) -> int:
    """From RFC 3339; or from Unix seconds, as the model and journals of format 1.0 have them."""
    if isinstance(instant, str):
        return unix_seconds(instant)
    if type(instant) is not int or not 0 <= instant < LATEST:
        raise ValueError("not an instant")
    return instant


Instant: TypeAlias = Annotated[
    int,
    PlainValidator(_unix_seconds),
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""Unix seconds, written as RFC 3339 in UTC."""
Id: TypeAlias = Annotated[int, Field(ge=-(1 << 63), lt=1 << 63)]
"""What the platform can have given."""
Many: TypeAlias = Annotated[tuple[Value, ...], Field(strict=False)]
"""A list, which a frozen document has as a tuple."""
Word: TypeAlias = Annotated[Value, Field(strict=False)]
"""A word of a closed set."""


# A schedule, by ids.

Weekday: TypeAlias = Annotated[int, Field(ge=0, le=6)]
Window: TypeAlias = Annotated[tuple[int, int], Field(strict=False)]


def _from(name: str, *path: str) -> Any:
    """A field that a value of the model has in another place."""
    return Field(validation_alias=AliasChoices(name, AliasPath(*path)))


@lru_cache(4096)
def _group_of(group: Group) -> GroupDocument:
    """The document of a group; a plan has most of them four times (`make bench`)."""
    return GroupDocument.of(group)


def _reference_of(secret: Secret) -> SecretDocument:
    """The reference of a secret, never its value."""
    reference = secret.reference
    kind, name = (reference.kind, reference.name) if reference else (None, None)
    return SecretDocument(kind=kind, name=name)


_MAKERS: Mapping[type, Callable[[Any], object]] = {
    Group: _group_of,
    Secret: _reference_of,
    frozenset: sorted,
}


def _plain(value: object) -> object:
    """What a document has for a value of the model, which has sets, groups and secrets."""
    make = _MAKERS.get(type(value))
    return make(value) if make else value


_Plain = BeforeValidator(_plain)


def sort_overrides(overrides: Iterable[Override]) -> list[Override]:
    """The overrides in the order of a document."""
    return sorted(
        overrides,
        key=lambda cover: (cover.start, cover.end, cover.name, sorted(cover.members)),
    )


def _in_order(overrides: Any) -> Any:
    of_model = isinstance(overrides, tuple) and overrides and isinstance(overrides[0], Override)
    return sort_overrides(overrides) if of_model else overrides


class MemberDocument(MirrorDocument):
    """A person id and a role id."""

    person: Id
    role: Id


Members: TypeAlias = Annotated[Many[MemberDocument], _Plain]


def _read_members(documents: Iterable[MemberDocument]) -> frozenset[Member]:
    return frozenset(Member(document.person, document.role) for document in documents)


class GroupDocument(MirrorDocument):
    """The people who share a turn."""

    name: str | None
    members: Members


class HoursDocument(MirrorDocument):
    """Windows of duty in seconds from 00:00, or from Monday 00:00."""

    every: Literal["day", "week"]
    windows: Many[Window]


class LayerDocument(MirrorDocument):
    """A rotation; `handoff` in seconds from Monday 00:00."""

    name: str
    start: Instant
    end: Instant | None
    rotation_value: Annotated[
        int, Field(ge=1, lt=1 << 63), _from("rotation_value", "rotation", "value")
    ]
    rotation_unit: Annotated[
        Literal["hour", "day", "week", "month"], _from("rotation_unit", "rotation", "unit")
    ]
    handoff: int | None
    days: Annotated[Many[Weekday] | None, _Plain]
    continuous: bool
    hours: HoursDocument | None
    fair: bool
    groups: Many[Annotated[GroupDocument, _Plain]]

    def value(self) -> Layer:
        """The layer, without what no file declares."""
        return Layer(
            name=self.name,
            start=self.start,
            end=self.end,
            rotation=Rotation(self.rotation_value, Unit(self.rotation_unit)),
            groups=tuple(Group(_read_members(group.members), group.name) for group in self.groups),
            handoff=self.handoff,
            days=None if self.days is None else frozenset(self.days),
            continuous=self.continuous,
            hours=None if self.hours is None else Hours(self.hours.every, self.hours.windows),
            fair=self.fair,
        )


class OverrideDocument(MirrorDocument):
    """Planned cover of a file."""

    name: str
    start: Instant
    end: Instant
    members: Members

    def value(self) -> Override:
        """The override, without what no file declares."""
        return Override(self.name, self.start, self.end, _read_members(self.members))


class SecretDocument(JsonDocument):
    """The environment variable or the file of a secret. Null where it is the live one's."""

    kind: Literal["env", "file"] | None
    name: str | None

    def value(self) -> Secret:
        """The secret, not read yet."""
        if not self.kind or not self.name:
            return Secret()
        return Secret(None, SecretReference(self.kind, self.name))


class WebhookDocument(MirrorDocument):
    """A chat that gets messages."""

    type: str
    alias: str
    data_source: Id
    chats: Annotated[Many[str], _Plain]
    token: Annotated[SecretDocument | None, _Plain]
    verify_token: Annotated[SecretDocument | None, _Plain]
    sign_secret: Annotated[SecretDocument | None, _Plain]

    def value(self) -> Webhook:
        """The chat."""
        return Webhook(
            type=self.type,
            alias=self.alias,
            data_source=self.data_source,
            chats=frozenset(self.chats),
            token=self.token.value() if self.token else None,
            verify_token=self.verify_token.value() if self.verify_token else None,
            sign_secret=self.sign_secret.value() if self.sign_secret else None,
        )


class NotifyDocument(MirrorDocument):
    """Who gets messages; `before` in seconds, null is off."""

    before: int | None
    daily_at: str | None
    preference: Annotated[bool, _from("preference", "by", "preference")]
    channels: Annotated[Many[str], _Plain, _from("channels", "by", "channels")]
    webhooks: Many[WebhookDocument]

    def value(self) -> Notify:
        """The notify."""
        return Notify(
            before=self.before,
            daily_at=self.daily_at,
            by=By(self.preference, frozenset(self.channels)),
            webhooks=tuple(hook.value() for hook in self.webhooks),
        )


class ScheduleDocument(MirrorDocument):
    """A schedule as apply writes it: by ids. `team` is 0 without a team."""

    id: Id | None
    name: str
    description: str
    team: Id
    layers: Many[LayerDocument]
    overrides: Annotated[Many[OverrideDocument], BeforeValidator(_in_order)]
    notify: NotifyDocument

    def value(self) -> Schedule:
        """The schedule; its secrets have no values yet."""
        return Schedule(
            id=self.id,
            name=self.name,
            description=self.description,
            team=self.team,
            layers=tuple(layer.value() for layer in self.layers),
            overrides=tuple(override.value() for override in self.overrides),
            notify=self.notify.value(),
        )

    def with_sorted_chats(self) -> ScheduleDocument:
        """The same with its chats in an order of their own: theirs means nothing."""
        hooks = tuple(sorted(self.notify.webhooks, key=repr))
        notify = self.notify.model_copy(update={"webhooks": hooks})
        return self.model_copy(update={"notify": notify})
