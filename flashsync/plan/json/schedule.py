"""A schedule as JSON and back: in the plan's `target`, and under fingerprints.

Secrets are references only: a value never gets in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import Field
from typing_extensions import TypedDict

from flashsync.model.notify import By, Notify, Secret, SecretReference, Webhook
from flashsync.model.schedule import Group, Hours, Layer, Member, Override, Rotation, Schedule, Unit
from flashsync.model.timezone import LATEST

# A plan's file may hold any number; these are what the platform can have given.
Id: TypeAlias = Annotated[int, Field(ge=-(1 << 63), lt=1 << 63)]
Instant: TypeAlias = Annotated[int, Field(ge=0, lt=LATEST)]
Weekday: TypeAlias = Annotated[int, Field(ge=0, le=6)]


class MemberDocument(TypedDict):
    """A person id and a role id."""

    person: Id
    role: Id


class GroupDocument(TypedDict):
    """The people who share a turn."""

    name: str | None
    members: list[MemberDocument]


class HoursDocument(TypedDict):
    """Windows of duty in seconds from 00:00, or from Monday 00:00."""

    every: Literal["day", "week"]
    windows: list[list[int]]


class LayerDocument(TypedDict):
    """A rotation; times in Unix seconds, `handoff` in seconds from Monday 00:00."""

    name: str
    start: Instant
    end: Instant | None
    rotation_value: Annotated[int, Field(ge=1, lt=1 << 63)]
    rotation_unit: Literal["hour", "day", "week", "month"]
    handoff: int | None
    days: list[Weekday] | None
    continuous: bool
    hours: HoursDocument | None
    fair: bool
    groups: list[GroupDocument]


class OverrideDocument(TypedDict):
    """Planned cover of a file; times in Unix seconds."""

    name: str
    start: Instant
    end: Instant
    members: list[MemberDocument]


class SecretDocument(TypedDict):
    """Where a secret stands: an environment variable or a file. Null where it is the live one's."""

    kind: Literal["env", "file"] | None
    name: str | None


class WebhookDocument(TypedDict):
    """A chat that is told."""

    type: str
    alias: str
    data_source: Id
    chats: list[str]
    token: SecretDocument | None
    verify_token: SecretDocument | None
    sign_secret: SecretDocument | None


class NotifyDocument(TypedDict):
    """Who is told; `before` in seconds, null is off."""

    before: int | None
    daily_at: str | None
    preference: bool
    channels: list[str]
    webhooks: list[WebhookDocument]


class ScheduleDocument(TypedDict):
    """A schedule as apply writes it: ids and Unix seconds. `team` 0 is no team."""

    id: Id | None
    name: str
    description: str
    team: Id
    layers: list[LayerDocument]
    overrides: list[OverrideDocument]
    notify: NotifyDocument


def encode_schedule(schedule: Schedule) -> ScheduleDocument:
    """The schedule as plain values; equal schedules give equal documents."""
    return {
        "id": schedule.id,
        "name": schedule.name,
        "description": schedule.description,
        "team": schedule.team,
        "layers": [_layer(layer) for layer in schedule.layers],
        "overrides": [_override(one) for one in in_order(schedule.overrides)],
        "notify": _notify(schedule.notify),
    }


def in_order(overrides: Iterable[Override]) -> list[Override]:
    """The overrides as a document lists them."""
    return sorted(overrides, key=_by_time)


def _by_time(override: Override) -> tuple[int, int, str, list[Member]]:
    return override.start, override.end, override.name, sorted(override.members)


def _layer(layer: Layer) -> LayerDocument:
    hours = layer.hours
    return {
        "name": layer.name,
        "start": layer.start,
        "end": layer.end,
        "rotation_value": layer.rotation.value,
        "rotation_unit": layer.rotation.unit.value,
        "handoff": layer.handoff,
        "days": None if layer.days is None else sorted(layer.days),
        "continuous": layer.continuous,
        "hours": None if hours is None else _hours(hours),
        "fair": layer.fair,
        "groups": [_group(group) for group in layer.groups],
    }


def _hours(hours: Hours) -> HoursDocument:
    return {"every": hours.every, "windows": [list(window) for window in hours.windows]}


def _group(group: Group) -> GroupDocument:
    return {"name": group.name, "members": _members(group.members)}


def _members(members: frozenset[Member]) -> list[MemberDocument]:
    return [{"person": one.person, "role": one.role} for one in sorted(members)]


def _override(override: Override) -> OverrideDocument:
    return {
        "name": override.name,
        "start": override.start,
        "end": override.end,
        "members": _members(override.members),
    }


def _notify(notify: Notify) -> NotifyDocument:
    return {
        "before": notify.before,
        "daily_at": notify.daily_at,
        "preference": notify.by.preference,
        "channels": sorted(notify.by.channels),
        "webhooks": [_webhook(hook) for hook in notify.webhooks],
    }


def _webhook(hook: Webhook) -> WebhookDocument:
    return {
        "type": hook.type,
        "alias": hook.alias,
        "data_source": hook.data_source,
        "chats": sorted(hook.chats),
        "token": _secret(hook.token),
        "verify_token": _secret(hook.verify_token),
        "sign_secret": _secret(hook.sign_secret),
    }


def _secret(secret: Secret | None) -> SecretDocument | None:
    if secret is None:
        return None
    reference = secret.reference
    if reference is None:
        return {"kind": None, "name": None}
    return {"kind": reference.kind, "name": reference.name}


def decode_schedule(document: ScheduleDocument) -> Schedule:
    """The schedule of a document that its schema has checked; secrets have no value yet."""
    return Schedule(
        id=document["id"],
        name=document["name"],
        description=document["description"],
        team=document["team"],
        layers=tuple(_read_layer(layer) for layer in document["layers"]),
        overrides=tuple(
            Override(one["name"], one["start"], one["end"], _read_members(one["members"]))
            for one in document["overrides"]
        ),
        notify=_read_notify(document["notify"]),
    )


def _read_layer(document: LayerDocument) -> Layer:
    hours = document["hours"]
    return Layer(
        name=document["name"],
        start=document["start"],
        end=document["end"],
        rotation=Rotation(document["rotation_value"], Unit(document["rotation_unit"])),
        groups=tuple(_read_group(group) for group in document["groups"]),
        handoff=document["handoff"],
        days=None if document["days"] is None else frozenset(document["days"]),
        continuous=document["continuous"],
        hours=hours and Hours(hours["every"], tuple((a, b) for a, b in hours["windows"])),
        fair=document["fair"],
    )


def _read_group(document: GroupDocument) -> Group:
    return Group(_read_members(document["members"]), document["name"])


def _read_members(documents: Sequence[MemberDocument]) -> frozenset[Member]:
    return frozenset(Member(one["person"], one["role"]) for one in documents)


def _read_notify(document: NotifyDocument) -> Notify:
    return Notify(
        before=document["before"],
        daily_at=document["daily_at"],
        by=By(document["preference"], frozenset(document["channels"])),
        webhooks=tuple(_read_webhook(hook) for hook in document["webhooks"]),
    )


def _read_webhook(document: WebhookDocument) -> Webhook:
    return Webhook(
        type=document["type"],
        alias=document["alias"],
        data_source=document["data_source"],
        chats=frozenset(document["chats"]),
        token=_read_secret(document["token"]),
        verify_token=_read_secret(document["verify_token"]),
        sign_secret=_read_secret(document["sign_secret"]),
    )


def _read_secret(document: SecretDocument | None) -> Secret | None:
    if document is None:
        return None
    kind, name = document["kind"], document["name"]
    return Secret(None, SecretReference(kind, name) if kind and name else None)
