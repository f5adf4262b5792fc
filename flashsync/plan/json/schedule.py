"""A schedule as JSON and back: in the plan's `target`, in journals, and under fingerprints.

Secrets are references only: a value never gets in.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from flashsync.model.notify import By, Notify, Secret, SecretReference, Webhook
from flashsync.model.schedule import Group, Hours, Layer, Member, Override, Rotation, Schedule, Unit
from flashsync.plan.json.values import Id, Instant, JsonDocument, Many

Weekday: TypeAlias = Annotated[int, Field(ge=0, le=6)]
Window: TypeAlias = Annotated[tuple[int, int], Field(strict=False)]


class MemberDocument(JsonDocument):
    """A person id and a role id."""

    person: Id
    role: Id


@lru_cache(4096)
def _members_of(members: frozenset[Member]) -> tuple[MemberDocument, ...]:
    """Documents of members in their order; the same people are in many groups (`make bench`)."""
    return tuple(MemberDocument(person=one.person, role=one.role) for one in sorted(members))


def _members(documents: Iterable[MemberDocument]) -> frozenset[Member]:
    return frozenset(Member(one.person, one.role) for one in documents)


class GroupDocument(JsonDocument):
    """The people who share a turn."""

    name: str | None
    members: Many[MemberDocument]


@lru_cache(4096)
def _group_of(group: Group) -> GroupDocument:
    """The document of a group; a plan has most of them four times (`make bench`)."""
    return GroupDocument(name=group.name, members=_members_of(group.members))


class HoursDocument(JsonDocument):
    """Windows of duty in seconds from 00:00, or from Monday 00:00."""

    every: Literal["day", "week"]
    windows: Many[Window]


class LayerDocument(JsonDocument):
    """A rotation; `handoff` in seconds from Monday 00:00."""

    name: str
    start: Instant
    end: Instant | None
    rotation_value: Annotated[int, Field(ge=1, lt=1 << 63)]
    rotation_unit: Literal["hour", "day", "week", "month"]
    handoff: int | None
    days: Many[Weekday] | None
    continuous: bool
    hours: HoursDocument | None
    fair: bool
    groups: Many[GroupDocument]

    @classmethod
    def of(cls, layer: Layer) -> LayerDocument:
        """The document of a layer, without what no file declares."""
        hours = layer.hours
        return cls(
            name=layer.name,
            start=layer.start,
            end=layer.end,
            rotation_value=layer.rotation.value,
            rotation_unit=layer.rotation.unit.value,
            handoff=layer.handoff,
            days=None if layer.days is None else tuple(sorted(layer.days)),
            continuous=layer.continuous,
            hours=None
            if hours is None
            else HoursDocument(every=hours.every, windows=hours.windows),
            fair=layer.fair,
            groups=tuple(map(_group_of, layer.groups)),
        )

    def value(self) -> Layer:
        """The layer."""
        return Layer(
            name=self.name,
            start=self.start,
            end=self.end,
            rotation=Rotation(self.rotation_value, Unit(self.rotation_unit)),
            groups=tuple(Group(_members(group.members), group.name) for group in self.groups),
            handoff=self.handoff,
            days=None if self.days is None else frozenset(self.days),
            continuous=self.continuous,
            hours=None if self.hours is None else Hours(self.hours.every, self.hours.windows),
            fair=self.fair,
        )


class OverrideDocument(JsonDocument):
    """Planned cover of a file."""

    name: str
    start: Instant
    end: Instant
    members: Many[MemberDocument]

    @classmethod
    def of(cls, override: Override) -> OverrideDocument:
        """The document of an override, without what no file declares."""
        return cls(
            name=override.name,
            start=override.start,
            end=override.end,
            members=_members_of(override.members),
        )

    def value(self) -> Override:
        """The override."""
        return Override(self.name, self.start, self.end, _members(self.members))


class SecretDocument(JsonDocument):
    """The environment variable or the file of a secret. Null where it is the live one's."""

    kind: Literal["env", "file"] | None
    name: str | None

    @classmethod
    def of(cls, secret: Secret | None) -> SecretDocument | None:
        """The document of a secret, if there is one; its value is left out."""
        if secret is None:
            return None
        reference = secret.reference
        return cls(
            kind=reference.kind if reference else None, name=reference.name if reference else None
        )

    def value(self) -> Secret:
        """The secret, not read yet."""
        if not self.kind or not self.name:
            return Secret()
        return Secret(None, SecretReference(self.kind, self.name))


class WebhookDocument(JsonDocument):
    """A chat that gets messages."""

    type: str
    alias: str
    data_source: Id
    chats: Many[str]
    token: SecretDocument | None
    verify_token: SecretDocument | None
    sign_secret: SecretDocument | None

    @classmethod
    def of(cls, hook: Webhook) -> WebhookDocument:
        """The document of a chat."""
        return cls(
            type=hook.type,
            alias=hook.alias,
            data_source=hook.data_source,
            chats=tuple(sorted(hook.chats)),
            token=SecretDocument.of(hook.token),
            verify_token=SecretDocument.of(hook.verify_token),
            sign_secret=SecretDocument.of(hook.sign_secret),
        )

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


class NotifyDocument(JsonDocument):
    """Who gets messages; `before` in seconds, null is off."""

    before: int | None
    daily_at: str | None
    preference: bool
    channels: Many[str]
    webhooks: Many[WebhookDocument]

    @classmethod
    def of(cls, notify: Notify) -> NotifyDocument:
        """The document of a notify."""
        return cls(
            before=notify.before,
            daily_at=notify.daily_at,
            preference=notify.by.preference,
            channels=tuple(sorted(notify.by.channels)),
            webhooks=tuple(map(WebhookDocument.of, notify.webhooks)),
        )

    def value(self) -> Notify:
        """The notify."""
        return Notify(
            before=self.before,
            daily_at=self.daily_at,
            by=By(self.preference, frozenset(self.channels)),
            webhooks=tuple(hook.value() for hook in self.webhooks),
        )


class ScheduleDocument(JsonDocument):
    """A schedule as apply writes it: by ids. `team` is 0 without a team."""

    id: Id | None
    name: str
    description: str
    team: Id
    layers: Many[LayerDocument]
    overrides: Many[OverrideDocument]
    notify: NotifyDocument

    @classmethod
    def of(cls, schedule: Schedule) -> ScheduleDocument:
        """The document of a schedule; equal schedules give equal documents."""
        return cls(
            id=schedule.id,
            name=schedule.name,
            description=schedule.description,
            team=schedule.team,
            layers=tuple(map(LayerDocument.of, schedule.layers)),
            overrides=tuple(map(OverrideDocument.of, sort_overrides(schedule.overrides))),
            notify=NotifyDocument.of(schedule.notify),
        )

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


def sort_overrides(overrides: Iterable[Override]) -> list[Override]:
    """The overrides in the order of a document."""
    return sorted(overrides, key=lambda one: (one.start, one.end, one.name, sorted(one.members)))
