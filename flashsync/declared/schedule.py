"""A schedule file's document, as the user writes it: layers, overrides, expectations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Annotated, Any

from annotated_types import MinLen
from pydantic import BeforeValidator, Field

from flashsync.declared import scalars
from flashsync.declared.fields import (
    FLAG_SCHEMA,
    any_text,
    declared,
    has_controls,
    name,
    one_of,
    one_or_several,
    parse_flag,
    parse_whole,
    scalar,
    schema,
    several,
    whole_number,
)
from flashsync.declared.notify import NotifyField
from flashsync.declared.people import MemberField, PersonField, PersonName, RoleField
from flashsync.declared.problems import Finding, Path, shown, wrong
from flashsync.declared.scalars import Length, Moment
from flashsync.model.check_registry import CHECKS, LAYER_CHECKS, LEVELS
from flashsync.model.desired import IGNORABLE, Ignorable, RolloutKind
from flashsync.model.schedule import MARK, Hours, Rotation, canonical_description, canonical_name
from flashsync.model.wording import joined

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
    ignored = [_parse_ignorable(text) for text in texts]
    if not ignored:
        raise wrong("the list is empty", "write none, or a field")
    for at, field in enumerate(ignored):
        if field in ignored[:at]:
            raise wrong(f"`{field}` appears twice", "remove one")
    return tuple(field for field in IGNORABLE if field in ignored)


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
    str, scalar(name(LONGEST_NAME, "a schedule's name")), schema(**any_text(LONGEST_NAME))
]
LayerName = Annotated[
    str, scalar(name(LONGEST_NAME, "a layer's name")), schema(**any_text(LONGEST_NAME))
]
GroupName = Annotated[
    str, scalar(name(LONGEST_NAME, "a group's name")), schema(**any_text(LONGEST_NAME))
]
OverrideName = Annotated[
    str,
    scalar(parse_override_name),
    schema(**any_text(LONGEST_NAME - len(MARK), end=re.escape(MARK.strip()))),
]
Flag = Annotated[bool, scalar(parse_flag), schema(anyOf=[{"type": "boolean"}, FLAG_SCHEMA])]
Id = Annotated[int, scalar(parse_whole), schema(**whole_number())]
Time = Annotated[
    Moment,
    scalar(scalars.parse_moment),
    schema(**scalars.TIME_SCHEMA, examples=["2026-01-05 10:00"]),
]
RolloutField = Annotated[
    Rollout,
    scalar(parse_rollout),
    schema(**scalars.ROLLOUT_SCHEMA, examples=["next_handoff", "now", "exact"]),
]
_IN_PARAGRAPHS = r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]"
_PARAGRAPHS: dict[str, Any] = {
    "type": ["string", "number", "boolean"],
    "pattern": rf"^\s*{_IN_PARAGRAPHS}{{0,{LONGEST_DESCRIPTION}}}\s*$",
}
"""Lines and tabs are fine; outer spaces do not count."""
DescriptionField = Annotated[str, scalar(parse_description), schema(**_PARAGRAPHS)]
TeamField = Annotated[str, scalar(parse_team), schema(**any_text(LONGEST_TEAM))]
"""A name, an id, or `none`."""
_IGNORABLE: dict[str, Any] = {"enum": [*IGNORABLE]}
_SEVERAL_IGNORABLE = {"type": "array", "items": _IGNORABLE, "minItems": 1, "uniqueItems": True}
IgnoreField = Annotated[
    tuple[Ignorable, ...],
    several(parse_ignored),
    schema(anyOf=[{"enum": [*IGNORABLE, "none"]}, _SEVERAL_IGNORABLE]),
]
"""Fields of a schedule that are left to the console."""
DAYS_SCHEMA = one_or_several({**scalars.DAYS_SCHEMA, "examples": ["mon-fri"]})
HOURS_SCHEMA = one_or_several(
    {**scalars.DAILY_HOURS_SCHEMA, "examples": ["09:00-18:00"]}, scalars.WEEKLY_HOURS_SCHEMA
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
        schema(**scalars.ROTATION_SCHEMA, examples=["1 week", "12 hours", "daily"]),
    ]
    start: Time
    groups: Annotated[tuple[GroupField, ...], MinLen(1)]
    handoff: (
        Annotated[
            int,
            scalar(scalars.parse_handoff),
            schema(**scalars.HANDOFF_SCHEMA, examples=["mon 10:00"]),
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


# Expectations: tests of the rota.

COVERED = "covered"

_ExpectedTime = Annotated[
    Moment,
    scalar(scalars.parse_moment),
    schema(**scalars.TIME_SCHEMA, examples=["2026-12-25 10:00"]),
]
_People = Annotated[tuple[PersonField, ...], MinLen(1)]
_Covered = Annotated[str, scalar(one_of((COVERED,), "value of `always`")), schema(enum=[COVERED])]
_Length = Annotated[
    Length, scalar(scalars.parse_length), schema(**scalars.LENGTH_SCHEMA, examples=["7 days"])
]


@declared
class Expectation:
    """Who is on call at a time, that somebody always is, or the longest time without a break.

    Without `from` and `to`, always is one full cycle of the rota from now on.
    """

    at: _ExpectedTime | None = None
    on_call: _People | None = None
    any_of: _People | None = None
    not_: Annotated[_People | None, Field(alias="not")] = None
    role: RoleField | None = None
    always: _Covered | None = None
    from_: Annotated[_ExpectedTime | None, Field(alias="from")] = None
    to: _ExpectedTime | None = None
    at_most: _Length | None = None


_FORMS: dict[str, tuple[str, ...]] = {
    "at": ("on_call", "any_of", "not", "role"),
    "always": ("role", "from", "to"),
    "at_most": (),
}
"""The forms of an expectation by their key, each with the keys allowed next to it."""
_WHO = ("on_call", "any_of", "not")


class _Forms:
    """The JSON Schema: one of the forms."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        forms: list[dict[str, Any]] = [
            {"required": [key], "propertyNames": {"enum": [key, *others]}}
            for key, others in _FORMS.items()
        ]
        forms[0]["oneOf"] = [
            {
                "required": ["on_call"],
                "propertyNames": {"enum": ["at", "on_call", "role"]},
            },
            {
                "anyOf": [{"required": ["any_of"]}, {"required": ["not"]}],
                "propertyNames": {"enum": ["at", "any_of", "not", "role"]},
            },
        ]
        forms[1]["dependentRequired"] = {"from": ["to"], "to": ["from"]}
        return {"allOf": [handler(core)], "oneOf": forms}


ExpectationField = Annotated[Expectation, _Forms]


def people_in(expectations: Iterable[Expectation]) -> Iterator[PersonName]:
    """Everyone whom expectations name."""
    for expectation in expectations:
        lists = (expectation.on_call, expectation.any_of, expectation.not_)
        yield from (name for names in lists for name in names or ())


def check_expectation(expectation: Expectation, path: Path) -> Iterator[Finding]:
    """The rules that an expectation breaks."""
    keys = [
        field.name.rstrip("_")
        for field in fields(expectation)
        if getattr(expectation, field.name) is not None
    ]
    forms = [key for key in keys if key in _FORMS]
    if not forms:
        remedy = "add `at` with people, `always: covered` or `at_most`"
        yield Finding(path, "empty expectation", remedy)
        return
    form, *others = forms
    for key in others:
        message = f"`{form}` and `{key}` cannot be in one entry"
        yield Finding((*path, key), message, "write an entry for each", at_key=True)
    allowed = {key for form in forms for key in _FORMS[form]}
    for key in keys:
        if key not in _FORMS and key not in allowed:
            homes = joined([f"`{form}`" for form in _FORMS if key in _FORMS[form]], "or")
            message = f"`{key}` works only with {homes}"
            yield Finding((*path, key), message, "remove it", at_key=True)
    if not others:
        yield from _check_form(form, keys, path)


def _check_form(form: str, keys: list[str], path: Path) -> Iterator[Finding]:
    """The missing keys of a form, and keys that contradict each other."""
    if form == "always" and ("from" in keys) != ("to" in keys):
        key = "to" if "from" in keys else "from"
        yield Finding(path, f"`{key}` is missing", f"add `{key}:`")
    if form == "at":
        if not any(key in keys for key in _WHO):
            remedy = "add `on_call`, `any_of` or `not`"
            yield Finding((*path, "at"), "`at` needs people", remedy)
        if "on_call" in keys:
            for key in ("any_of", "not"):
                if key in keys:
                    message = f"`{key}` has no effect next to `on_call`"
                    yield Finding((*path, key), message, "remove it", at_key=True)


# The document.


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
