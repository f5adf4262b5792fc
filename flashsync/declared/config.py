"""flashsync.yaml: the account, short names, defaults, limits and accepted differences."""

from __future__ import annotations

import re
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field

from flashsync.declared import scalars
from flashsync.declared.fields import (
    CONTROLS,
    INVISIBLE,
    any_text,
    declared,
    keys_of,
    name,
    one_or_several,
    parse_text_list,
    parse_whole,
    scalar,
    schema,
    several,
    text_of_form,
    whole_number,
)
from flashsync.declared.notify import Chat, Notify, NotifyField
from flashsync.declared.people import PersonField, is_digits
from flashsync.declared.problems import shown, suggestion, wrong
from flashsync.declared.scalars import Moment
from flashsync.declared.schedule import (
    CheckId,
    DescriptionField,
    IgnoreField,
    Layer,
    LevelField,
    RolloutField,
    Schedule,
    TeamField,
)
from flashsync.declared.secrets import Secrets
from flashsync.model.check_registry import LEVELS, SHORT_NOTICE
from flashsync.model.timezone import zone

DEFAULT_MAX_DELETES = 0
DEFAULT_MAX_CHANGE_PERCENT = 50
_LONGEST = 200


def parse_version(text: str) -> int:
    """Accepts 1, the only version of the file format."""
    if text.strip() != "1":
        raise wrong(f"unsupported version {shown(text)}", "write 1")
    return 1


def parse_timezone(text: str) -> str:
    """`Asia/Shanghai`: an IANA zone."""
    try:
        zone(text.strip())
    except ValueError:
        remedy = "use a name like Asia/Shanghai"
        raise wrong(f"unknown IANA time zone {shown(text)}", remedy) from None
    return text.strip()


def parse_percent(text: str) -> int:
    """`0` to `100`."""
    value = parse_whole(text)
    if value > 100:
        raise wrong(f"must be 0 to 100, got {shown(text)}")
    return value


_parse_name = name(_LONGEST, "a short name", visible=True)


def parse_short_name(text: str) -> str:
    """A name that does not look like an id or an address."""
    short_name = _parse_name(text)
    looks_like = "an id" if is_digits(short_name) else "an address" if "@" in short_name else ""
    if looks_like:
        message = f"{shown(text)} cannot be a short name because it looks like {looks_like}"
        raise wrong(message, "choose another name")
    return short_name


_Text = Annotated[
    str, scalar(name(_LONGEST, visible=True)), schema(**any_text(_LONGEST, visible=True))
]
_STRINGS: dict[str, Any] = one_or_several(any_text(_LONGEST, visible=True))
_Strings = Annotated[tuple[str, ...], several(parse_text_list), schema(**_STRINGS)]


@declared
class Defaults:
    """Whole values for keys that a schedule leaves out."""

    ignore: IgnoreField | None = None
    description: DescriptionField | None = None
    team: TeamField | None = None
    rollout: RolloutField | None = None
    notify: NotifyField | None = None


@declared
class Manage:
    """What --prune may delete: schedules that match every given key."""

    teams: _Strings | None = None
    names: _Strings | None = None


@declared
class Safety:
    """How much one run may delete and change."""

    max_deletes: Annotated[int, scalar(parse_whole), schema(**whole_number())] = DEFAULT_MAX_DELETES
    max_change_percent: Annotated[int, scalar(parse_percent), schema(**whole_number(100))] = (
        DEFAULT_MAX_CHANGE_PERCENT
    )


@declared
class Check:
    """The level of a check's findings; `within` is in seconds."""

    level: LevelField
    within: Annotated[int, scalar(scalars.parse_span), schema(**scalars.SPAN_SCHEMA)] | None = None


class _LevelShorthand:
    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"enum": [*LEVELS, False]}, handler(core)]}


def _expand_check(tree: object) -> object:
    return tree if isinstance(tree, dict) else {"level": tree}


CheckField = Annotated[Check, BeforeValidator(_expand_check), _LevelShorthand]


def _refuse_within(checks: dict[str, Check]) -> dict[str, Check]:
    """Raises where `within` is given to a check that does not look ahead."""
    for id, check in checks.items():
        if check.within is not None and id != SHORT_NOTICE:
            message = f"`within` works only for `{SHORT_NOTICE}`"
            raise wrong(message, f"remove it from `{id}`", at_key=id)
    return checks


_Checks = Annotated[dict[CheckId, CheckField], AfterValidator(_refuse_within)]
_Version = Annotated[int, scalar(parse_version), schema(enum=[1, "1"])]
_Zone = Annotated[
    str,
    scalar(parse_timezone),
    schema(**text_of_form("[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")),
]
_SHORT_NAME: dict[str, Any] = {
    "type": "string",
    "pattern": rf"^(?!\s*[0-9]+\s*$)\s*(?=\S)[^{CONTROLS}{INVISIBLE}@]*\s*$",
    "maxLength": _LONGEST,
}
_ShortName = Annotated[str, scalar(parse_short_name), schema(**_SHORT_NAME)]


@declared
class Config:
    """The content of flashsync.yaml."""

    version: _Version = 1
    account: _Text | None = None
    timezone: _Zone | None = None
    schedules: _Strings | None = None
    people: dict[_ShortName, PersonField] = Field(default_factory=dict)
    defaults: Defaults = Field(default_factory=Defaults)
    manage: Manage | None = None
    safety: Safety = Field(default_factory=Safety)
    secrets: Secrets | None = None
    checks: _Checks = Field(default_factory=dict)
    accept: tuple[Accept, ...] = ()


# An entry of `accept`: a difference between account and file that drift accepts until a date.

_LONGEST_REASON = 300
_NAMED = re.compile(r"(layers|notify\.chats)\[.*\]", re.DOTALL)
"""A path that ends with a name, which may contain any character."""
_END = re.compile(r"[.\[]")
_AS_SHOWN = "write the field as drift shows it, like description or layers[Primary].groups"


class _FieldGroup(NamedTuple):
    """The beginning of a field's path, and the keys that can follow it."""

    path: str
    keys: tuple[str, ...]

    def rest(self, field: str) -> str | None:
        """The part of a field after this path; None where it begins otherwise."""
        lead = re.escape(self.path).replace("NAME", ".*")
        match = re.fullmatch(rf"{lead}(.*)", field, re.DOTALL)
        return match and match[1]


def _comparable_keys(model: type) -> tuple[str, ...]:
    """The keys of a model that a live schedule has too."""
    in_files = ("id", "renamed_from", "absent", "ignore", "rollout", "expect", "layer", "checks")
    return tuple(key for key in keys_of(model) if key not in in_files)


_WITHIN = (
    _FieldGroup("layers[NAME].", _comparable_keys(Layer)),
    _FieldGroup("notify.chats[NAME].", _comparable_keys(Chat)),
    _FieldGroup("notify.", _comparable_keys(Notify)),
)
_TOP = _FieldGroup("", _comparable_keys(Schedule))


def parse_accept_field(text: str) -> str:
    """`layers[Primary].groups`, `notify`: a path as a plan shows it, or its beginning."""
    field = text.strip()
    group = next(group for group in (*_WITHIN, _TOP) if group.rest(field) is not None)
    key = group.rest(field) or ""
    if key in group.keys or _NAMED.fullmatch(field):
        return field
    raise wrong(f"unknown field {shown(text)}", _suggest_field(group, _END.split(key)[0]))


def _suggest_field(group: _FieldGroup, key: str) -> str:
    """The remedy for a key that is unknown in its group or has nothing below it."""
    if key in group.keys:
        return _AS_SHOWN if key in ("layers", "chats") else f"write {group.path}{key} alone"
    inner = (other for other in _WITHIN if group is _TOP and key in other.keys)
    if home := next(inner, None):
        return f"write {home.path}{key}"
    return suggestion(key, group.keys)


_ANYTHING = r"[\s\S]*"
_FIELD = text_of_form(
    rf"(?:layers|notify\.chats)\[{_ANYTHING}\]",
    *(
        f"{re.escape(group.path).replace('NAME', _ANYTHING)}(?:{'|'.join(group.keys)})"
        for group in (*_WITHIN, _TOP)
    ),
)
"""A field of `accept` as an editor can check it."""
_Reason = Annotated[
    str, scalar(name(_LONGEST_REASON, "a text")), schema(**any_text(_LONGEST_REASON))
]
_Field = Annotated[
    str, scalar(parse_accept_field), schema(**_FIELD, examples=["layers[Primary].groups"])
]
_Until = Annotated[
    Moment,
    scalar(scalars.parse_moment),
    schema(**scalars.TIME_SCHEMA, examples=["2026-12-01 10:00"]),
]


@declared
class Accept:
    """A difference that drift accepts: where (`schedule` may be a glob), why, and until when."""

    schedule: _Reason
    field: _Field | None = None
    reason: _Reason
    until: _Until
