"""A schedule file's document, as the user writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import MinLen
from pydantic import BeforeValidator, Field

from flashsync.declared import patterns, scalars
from flashsync.declared.expectation import ExpectationField
from flashsync.declared.fields import (
    declared,
    has_controls,
    name,
    one_of,
    parse_flag,
    parse_whole,
    scalar,
    schema,
    several,
)
from flashsync.declared.notify import NotifyField
from flashsync.declared.people import MemberField, PersonField
from flashsync.declared.problems import shown, wrong
from flashsync.declared.scalars import Moment
from flashsync.model.check_registry import CHECKS, LAYER_CHECKS, LEVELS
from flashsync.model.desired import IGNORABLE, Ignorable, RolloutKind
from flashsync.model.schedule import MARK, Hours, Rotation, canonical_description, canonical_name

# Levels of checks: in flashsync.yaml, on a schedule, on a layer.

LevelField = Annotated[str, scalar(one_of(tuple(LEVELS), "level")), schema(enum=[*LEVELS, False])]
CheckId = Annotated[str, scalar(one_of(tuple(CHECKS), "check")), schema(enum=list(CHECKS))]
_LayerCheckId = Annotated[
    str, scalar(one_of(LAYER_CHECKS, "check of a layer")), schema(enum=list(LAYER_CHECKS))
]
ScheduleLevels = dict[CheckId, LevelField]
LayerLevels = dict[_LayerCheckId, LevelField]
LONGEST_NAME = 40
LONGEST_DESCRIPTION = 500
LONGEST_TEAM = 200
NO_TEAM_WORD = "none"


@dataclass(frozen=True, slots=True)
class Rollout:
    """A rollout as a file writes it; `at` is set for AT only."""

    kind: RolloutKind
    at: Moment | None = None


def parse_rollout(text: str) -> Rollout:
    """`next_handoff`, `now`, `exact`, or a time on a full or half hour."""
    word = text.strip()
    if word in ("next_handoff", "now", "exact"):
        return Rollout(RolloutKind(word))
    if not word[:1].isdigit():
        remedy = "use next_handoff, now, exact, or a time"
        raise wrong(f"unknown rollout {shown(text)}", remedy)
    at = scalars.parse_moment(word)
    if at.wall % 1800:
        message = f"must be a full or half hour, got {shown(text)}"
        raise wrong(message, "use a time that ends in :00 or :30")
    return Rollout(RolloutKind.AT, at)


def parse_description(text: str) -> str:
    """Markdown of at most 500 characters, with one kind of line end."""
    value = canonical_description(text)
    if len(value) > LONGEST_DESCRIPTION:
        message = f"the description has {len(value)} characters"
        raise wrong(message, f"the limit is {LONGEST_DESCRIPTION}")
    if has_controls(value.replace("\n", "").replace("\t", "")):
        raise wrong("the description contains a control character", "remove it")
    return value


def parse_override_name(text: str) -> str:
    """A name with room for the mark of declared overrides."""
    if canonical_name(text).endswith(MARK.strip()):
        raise wrong(f"the name ends in{MARK}, which flashsync adds itself", "remove it")
    return name(LONGEST_NAME - len(MARK), "an override's name")(text)


_parse_ignorable = one_of(IGNORABLE, "field")


def parse_ignored(texts: list[str]) -> tuple[Ignorable, ...]:
    """Fields left to the console, in the order of a file; `none` alone is an empty list."""
    if [text.strip() for text in texts] == ["none"]:
        return ()
    fields = [_parse_ignorable(text) for text in texts]
    if not fields:
        raise wrong("the list is empty", "write none, or a field")
    for at, field in enumerate(fields):
        if field in fields[:at]:
            raise wrong(f"`{field}` appears twice", "remove one")
    return tuple(field for field in IGNORABLE if field in fields)


NOBODY_WORD = "none"


def expand_group(tree: object) -> object:
    """`alice` or `[bob, carol]` as `{members: […]}`.

    **Guess**: the platform refuses a group without people. The official provider requires them, and
    api.md shows none without; `doctor` tries it by a preview.
    """
    people = tree.get("members") if isinstance(tree, dict) else tree
    if people in (NOBODY_WORD, [NOBODY_WORD]):
        message = "turn for nobody; the platform gives every turn to somebody"
        raise wrong(message, "write who is on call then, or a stand-in member who is not paged")
    if isinstance(tree, dict) and ("members" in tree or "group" in tree):
        return tree
    return {"members": tree if isinstance(tree, list) else [tree]}


class _GroupShorthand:
    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        mapping = handler(core)
        members = handler.resolve_ref_schema(mapping)["properties"]["members"]
        forms = [members["items"], members, mapping]
        return {"anyOf": forms, "not": {"const": NOBODY_WORD}}


parse_team = name(LONGEST_TEAM, "a team's name")
ScheduleName = Annotated[
    str, scalar(name(LONGEST_NAME, "a schedule's name")), schema(**patterns.text(LONGEST_NAME))
]
LayerName = Annotated[
    str, scalar(name(LONGEST_NAME, "a layer's name")), schema(**patterns.text(LONGEST_NAME))
]
GroupName = Annotated[
    str, scalar(name(LONGEST_NAME, "a group's name")), schema(**patterns.text(LONGEST_NAME))
]
OverrideName = Annotated[
    str,
    scalar(parse_override_name),
    schema(**patterns.text(LONGEST_NAME - len(MARK), end=re.escape(MARK.strip()))),
]
Flag = Annotated[bool, scalar(parse_flag), schema(anyOf=[{"type": "boolean"}, patterns.FLAG])]
Id = Annotated[int, scalar(parse_whole), schema(**patterns.whole_number())]
Time = Annotated[
    Moment, scalar(scalars.parse_moment), schema(**patterns.TIME, examples=["2026-01-05 10:00"])
]
RolloutField = Annotated[
    Rollout,
    scalar(parse_rollout),
    schema(**patterns.ROLLOUT, examples=["next_handoff", "now", "exact"]),
]
DescriptionField = Annotated[
    str, scalar(parse_description), schema(**patterns.paragraphs(LONGEST_DESCRIPTION))
]
TeamField = Annotated[str, scalar(parse_team), schema(**patterns.text(LONGEST_TEAM))]
"""A name, an id, or `none`."""
_IGNORABLE: dict[str, Any] = {"enum": [*IGNORABLE]}
_SEVERAL_IGNORABLE = {"type": "array", "items": _IGNORABLE, "minItems": 1, "uniqueItems": True}
IgnoreField = Annotated[
    tuple[Ignorable, ...],
    several(parse_ignored),
    schema(anyOf=[{"enum": [*IGNORABLE, "none"]}, _SEVERAL_IGNORABLE]),
]
"""Fields of a schedule that are left to the console."""
DAYS_SCHEMA = patterns.one_or_several({**patterns.DAYS, "examples": ["mon-fri"]})
HOURS_SCHEMA = patterns.one_or_several(
    {**patterns.DAILY_HOURS, "examples": ["09:00-18:00"]}, patterns.WEEKLY_HOURS
)
NO_DUPLICATES = Field(json_schema_extra={"uniqueItems": True})


@declared
class Group:
    """The people who share a turn."""

    group: GroupName | None = None
    members: Annotated[tuple[MemberField, ...], MinLen(1), NO_DUPLICATES]


GroupField = Annotated[Group, BeforeValidator(expand_group), _GroupShorthand]


@declared
class Layer:
    """A rotation."""

    layer: LayerName
    rotation: Annotated[
        Rotation,
        scalar(scalars.parse_rotation),
        schema(**patterns.ROTATION, examples=["1 week", "12 hours", "daily"]),
    ]
    start: Time
    groups: Annotated[tuple[GroupField, ...], MinLen(1)]
    handoff: (
        Annotated[
            int, scalar(scalars.parse_handoff), schema(**patterns.HANDOFF, examples=["mon 10:00"])
        ]
        | None
    ) = None
    end: Time | None = None
    days: Annotated[frozenset[int], several(scalars.parse_days), schema(**DAYS_SCHEMA)] | None = (
        None
    )
    hours: Annotated[Hours, several(scalars.parse_hours), schema(**HOURS_SCHEMA)] | None = None
    continuous: Flag | None = None
    fair: Flag = False
    rollout: RolloutField | None = None
    renamed_from: LayerName | None = None
    checks: LayerLevels | None = None


@declared
class Override:
    """Planned cover."""

    override: OverrideName
    from_: Annotated[Time, Field(alias="from")]
    to: Time
    people: Annotated[tuple[PersonField, ...], MinLen(1), NO_DUPLICATES]


@declared
class Schedule:
    """One schedule of a file."""

    schedule: ScheduleName
    id: Id | None = None
    renamed_from: ScheduleName | None = None
    absent: Flag = False
    ignore: IgnoreField | None = None
    description: DescriptionField | None = None
    team: TeamField | None = None
    rollout: RolloutField | None = None
    layers: Annotated[tuple[Layer, ...], MinLen(1)] | None = None
    overrides: tuple[Override, ...] = ()
    notify: NotifyField | None = None
    expect: tuple[ExpectationField, ...] = ()
    checks: ScheduleLevels | None = None
