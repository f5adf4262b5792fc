"""A schedule file's document, as the user writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import MinLen
from pydantic import BeforeValidator, Field

from flashsync.declared import scalars
from flashsync.declared.expectation import ExpectationField
from flashsync.declared.fields import (
    TEXT_SCHEMA,
    declared,
    flag,
    has_controls,
    name,
    scalar,
    schema,
    several,
    whole,
)
from flashsync.declared.notify import NotifyField
from flashsync.declared.people import MemberField, PersonField
from flashsync.declared.problems import shown, wrong
from flashsync.declared.scalars import Moment
from flashsync.model.desired import RolloutKind
from flashsync.model.schedule import MARK, Hours, Rotation, canonical_description, canonical_name

LONGEST_NAME = 40
LONGEST_DESCRIPTION = 500
NO_TEAM_WORD = "none"


@dataclass(frozen=True, slots=True)
class Rollout:
    """A rollout as a file gives it; `at` is set for AT only."""

    kind: RolloutKind
    at: Moment | None = None


def rollout(text: str) -> Rollout:
    """`next_handoff`, `now`, `exact`, or a time that is a whole half-hour."""
    word = text.strip()
    if word in ("next_handoff", "now", "exact"):
        return Rollout(RolloutKind(word))
    if not word[:1].isdigit():
        remedy = "use next_handoff, now, exact, or a time"
        raise wrong(f"unknown rollout {shown(text)}", remedy)
    at = scalars.moment(word)
    if at.wall % 1800:
        raise wrong(
            f"must be a full or half hour, got {shown(text)}", "use a time that ends in :00 or :30"
        )
    return Rollout(RolloutKind.AT, at)


def description(text: str) -> str:
    """Markdown of at most 500 characters, with one kind of line end."""
    found = canonical_description(text)
    if len(found) > LONGEST_DESCRIPTION:
        message = f"the description has {len(found)} characters"
        raise wrong(message, f"the limit is {LONGEST_DESCRIPTION}")
    if has_controls(found.replace("\n", "").replace("\t", "")):
        raise wrong("the description contains a control character", "remove it")
    return found


def override_name(text: str) -> str:
    """A name that has room for the mark that tells our overrides from the console's."""
    if canonical_name(text).endswith(MARK.strip()):
        raise wrong(f"the name ends in{MARK}, which flashsync adds itself", "remove it")
    return name(LONGEST_NAME - len(MARK), "an override's name")(text)


def team(text: str) -> str:
    """A team's name or id, or `none`."""
    return name(200, "a team's name")(text)


def _several(parse: Any, *examples: str) -> tuple[Any, Any]:
    """The validator and schema of a field that is one scalar or a list of them."""
    one = {"type": "string", "examples": list(examples)}
    any_of = [one, {"type": "array", "items": one, "minItems": 1}]
    return several(parse), schema(anyOf=any_of)


def expand_group(tree: object) -> object:
    """An entry of `groups`, as the mapping that it is short for."""
    if isinstance(tree, dict) and ("members" in tree or "group" in tree):
        return tree
    return {"members": tree if isinstance(tree, list) else [tree]}


class _GroupShorthand:
    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        whole_form = handler(core)
        members = handler.resolve_ref_schema(whole_form)["properties"]["members"]
        return {"anyOf": [members["items"], members, whole_form]}


ScheduleName = Annotated[
    str, scalar(name(LONGEST_NAME, "a schedule's name")), schema(**TEXT_SCHEMA)
]
LayerName = Annotated[str, scalar(name(LONGEST_NAME, "a layer's name")), schema(**TEXT_SCHEMA)]
GroupName = Annotated[str, scalar(name(LONGEST_NAME, "a group's name")), schema(**TEXT_SCHEMA)]
OverrideName = Annotated[str, scalar(override_name), schema(**TEXT_SCHEMA)]
Flag = Annotated[
    bool, scalar(flag), schema(anyOf=[{"type": "boolean"}, {"enum": ["true", "false"]}])
]
Id = Annotated[int, scalar(whole), schema(type=["integer", "string"])]
Time = Annotated[
    Moment, scalar(scalars.moment), schema(type="string", examples=["2026-01-05 10:00"])
]
RolloutField = Annotated[
    Rollout, scalar(rollout), schema(type="string", examples=["next_handoff", "now", "exact"])
]
DescriptionField = Annotated[str, scalar(description), schema(**TEXT_SCHEMA)]
TeamField = Annotated[str, scalar(team), schema(**TEXT_SCHEMA)]


@declared
class Group:
    """The people who share a turn."""

    group: GroupName | None = None
    members: Annotated[tuple[MemberField, ...], MinLen(1)]


GroupField = Annotated[Group, BeforeValidator(expand_group), _GroupShorthand]


@declared
class Layer:
    """A rotation."""

    layer: LayerName
    rotation: Annotated[
        Rotation,
        scalar(scalars.rotation),
        schema(type="string", examples=["1 week", "12 hours", "daily"]),
    ]
    start: Time
    groups: Annotated[tuple[GroupField, ...], MinLen(1)]
    handoff: (
        Annotated[int, scalar(scalars.handoff), schema(type="string", examples=["mon 10:00"])]
        | None
    ) = None
    end: Time | None = None
    days: Annotated[frozenset[int], *_several(scalars.days, "mon-fri")] | None = None
    hours: Annotated[Hours, *_several(scalars.hours, "09:00-18:00")] | None = None
    continuous: Flag | None = None
    fair: Flag = False
    rollout: RolloutField | None = None
    renamed_from: LayerName | None = None


@declared
class Override:
    """Planned cover."""

    override: OverrideName
    from_: Annotated[Time, Field(alias="from")]
    to: Time
    people: Annotated[tuple[PersonField, ...], MinLen(1)]


@declared
class Schedule:
    """One schedule of a file."""

    schedule: ScheduleName
    id: Id | None = None
    renamed_from: ScheduleName | None = None
    absent: Flag = False
    description: DescriptionField | None = None
    team: TeamField | None = None
    rollout: RolloutField | None = None
    layers: Annotated[tuple[Layer, ...], MinLen(1)] | None = None
    overrides: tuple[Override, ...] = ()
    notify: NotifyField | None = None
    expect: tuple[ExpectationField, ...] = ()
