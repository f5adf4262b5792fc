"""flashsync.yaml: the account, short names, defaults, accepted differences, and what a run may
delete.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field

from flashsync.declared import scalars
from flashsync.declared.fields import (
    TEXT_SCHEMA,
    declared,
    keys_of,
    name,
    one_of,
    scalar,
    schema,
    several,
    whole,
)
from flashsync.declared.notify import Chat, Notify, NotifyField
from flashsync.declared.people import PersonField, is_digits
from flashsync.declared.problems import shown, suggestion, wrong
from flashsync.declared.scalars import Moment
from flashsync.declared.schedule import DescriptionField, Layer, RolloutField, Schedule, TeamField
from flashsync.declared.secrets import Secrets
from flashsync.model.check_names import CHECKS, LEVELS
from flashsync.model.timezone import zone

LOOKS_AHEAD = "short_notice"
"""The only check that takes `within`."""
DEFAULT_MAX_DELETES = 0
DEFAULT_MAX_CHANGE_PERCENT = 50
_LONGEST = 200


def version(text: str) -> int:
    """The version of the file format: 1."""
    if text.strip() != "1":
        raise wrong(f"unsupported version {shown(text)}", "write 1")
    return 1


def timezone(text: str) -> str:
    """An IANA zone."""
    try:
        zone(text.strip())
    except ValueError:
        remedy = "use a name like Asia/Shanghai"
        raise wrong(f"unknown IANA time zone {shown(text)}", remedy) from None
    return text.strip()


def percent(text: str) -> int:
    """0 to 100."""
    found = whole(text)
    if found > 100:
        raise wrong(f"must be 0 to 100, got {shown(text)}")
    return found


_plain_name = name(_LONGEST, "a short name")


def short_name(text: str) -> str:
    """A short name cannot look like an id or an address."""
    found = _plain_name(text)
    looks_like = "an id" if is_digits(found) else "an address" if "@" in found else ""
    if looks_like:
        message = f"{shown(text)} cannot be a short name because it looks like {looks_like}"
        raise wrong(message, "choose another name")
    return found


_Text = Annotated[str, scalar(name(_LONGEST)), schema(**TEXT_SCHEMA)]
_STRINGS: dict[str, Any] = {
    "anyOf": [TEXT_SCHEMA, {"type": "array", "items": TEXT_SCHEMA, "minItems": 1}]
}
_one_text = name(_LONGEST, "a text")


def _some(texts: list[str]) -> tuple[str, ...]:
    if not texts:
        raise wrong("the list is empty", "add an entry or remove the key")
    return tuple(_one_text(text) for text in texts)


_Strings = Annotated[tuple[str, ...], several(_some), schema(**_STRINGS)]


@declared
class Defaults:
    """Whole values for keys that a schedule leaves out."""

    description: DescriptionField | None = None
    team: TeamField | None = None
    rollout: RolloutField | None = None
    notify: NotifyField | None = None


@declared
class Manage:
    """What --prune may delete: schedules that meet every key given."""

    teams: _Strings | None = None
    names: _Strings | None = None


@declared
class Safety:
    """How much one run may delete and change."""

    max_deletes: Annotated[int, scalar(whole), schema(type=["integer", "string"], minimum=0)] = (
        DEFAULT_MAX_DELETES
    )
    max_change_percent: Annotated[
        int, scalar(percent), schema(type=["integer", "string"], minimum=0, maximum=100)
    ] = DEFAULT_MAX_CHANGE_PERCENT


_level = one_of(LEVELS, "level")
_LevelField = Annotated[str, scalar(_level), schema(enum=[*LEVELS, False])]


@declared
class Check:
    """How grave a check's finding is; `within` is in seconds."""

    level: _LevelField
    within: Annotated[int, scalar(scalars.span), schema(type="string")] | None = None


class _LevelShorthand:
    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"enum": [*LEVELS, False]}, handler(core)]}


def _expand_check(tree: object) -> object:
    return tree if isinstance(tree, dict) else {"level": tree}


CheckField = Annotated[Check, BeforeValidator(_expand_check), _LevelShorthand]
_CheckId = Annotated[str, scalar(one_of(CHECKS, "check")), schema(enum=list(CHECKS))]


def _only_ahead(checks: dict[str, Check]) -> dict[str, Check]:
    for id, check in checks.items():
        if check.within is not None and id != LOOKS_AHEAD:
            message = f"`within` works only for `{LOOKS_AHEAD}`"
            raise wrong(message, f"remove it from `{id}`", at_key=id)
    return checks


_Checks = Annotated[dict[_CheckId, CheckField], AfterValidator(_only_ahead)]


# Named outside the class: inside it, `version` and `timezone` are its fields.
_Version = Annotated[int, scalar(version), schema(enum=[1, "1"])]
_Zone = Annotated[str, scalar(timezone), schema(type="string")]
_ShortName = Annotated[str, scalar(short_name), schema(type="string", pattern="^(?![0-9]+$)[^@]+$")]


@declared
class Config:
    """What flashsync.yaml holds."""

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


# An entry of `accept`: a difference between account and file that drift lets pass for a time.

_LONGEST_REASON = 300
_NAMED = re.compile(r"(layers|notify\.chats)\[.*\]", re.DOTALL)
"""A path that ends with a name, which may hold anything."""
_END = re.compile(r"[.\[]")
_AS_SHOWN = "write the field as drift shows it, like description or layers[Primary].groups"


class _Place(NamedTuple):
    """Where keys are: how a path begins there, and by which keys it can go on."""

    path: str
    keys: tuple[str, ...]

    def key(self, field: str) -> str | None:
        """What follows in a path that begins so; only the last bracket is compared."""
        lead = re.escape(self.path).replace("NAME", ".*")
        found = re.fullmatch(rf"{lead}(.*)", field, re.DOTALL)
        return found and found[1]


def _comparable(model: type) -> tuple[str, ...]:
    """The keys of a model that a live schedule has as well, so that they can differ."""
    only_in_files = ("id", "renamed_from", "absent", "rollout", "expect", "layer")
    return tuple(key for key in keys_of(model) if key not in only_in_files)


_WITHIN = (
    _Place("layers[NAME].", _comparable(Layer)),
    _Place("notify.chats[NAME].", _comparable(Chat)),
    _Place("notify.", _comparable(Notify)),
)
_TOP = _Place("", _comparable(Schedule))


def accept_field(text: str) -> str:
    """A path as a plan shows it, or what it begins with: `layers[Primary].groups`, `notify`."""
    found = text.strip()
    place = next(one for one in (*_WITHIN, _TOP) if one.key(found) is not None)
    key = place.key(found) or ""
    if key in place.keys or _NAMED.fullmatch(found):
        return found
    raise wrong(f"unknown field {shown(text)}", _remedy(place, _END.split(key)[0]))


def _remedy(place: _Place, key: str) -> str:
    """What to write instead of a key that is unknown there or has nothing below it."""
    if key in place.keys:
        return _AS_SHOWN if key in ("layers", "chats") else f"write {place.path}{key} alone"
    inner = (one for one in _WITHIN if place is _TOP and key in one.keys)
    if found := next(inner, None):
        return f"write {found.path}{key}"
    return suggestion(key, place.keys)


_Reason = Annotated[str, scalar(name(_LONGEST_REASON, "a text")), schema(**TEXT_SCHEMA)]
_Field = Annotated[
    str, scalar(accept_field), schema(type="string", examples=["layers[Primary].groups"])
]
_Until = Annotated[
    Moment, scalar(scalars.moment), schema(type="string", examples=["2026-12-01 10:00"])
]


@declared
class Accept:
    """What may differ: a schedule (a name or a glob) or one field of it, why, and until when."""

    schedule: _Reason
    field: _Field | None = None
    reason: _Reason
    until: _Until
