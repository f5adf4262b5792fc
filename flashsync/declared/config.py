"""flashsync.yaml: the account, short names, defaults, and what a run may delete."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from flashsync.declared import scalars
from flashsync.declared.accept import Accept
from flashsync.declared.base import (
    TEXT_SCHEMA,
    declared,
    name,
    one_of,
    scalar,
    schema,
    several,
    whole,
)
from flashsync.declared.notify import NotifyField
from flashsync.declared.people import PersonField, is_digits
from flashsync.declared.schedule import DescriptionField, RolloutField, TeamField
from flashsync.declared.secrets import Secrets
from flashsync.declared.wrong import shown, wrong
from flashsync.model.check_names import CHECKS, LEVELS
from flashsync.model.timezone import zone

LOOKS_AHEAD = "short_notice"
"""The one check that `within` has a meaning for."""
DEFAULT_MAX_DELETES = 0
DEFAULT_MAX_CHANGE_PERCENT = 50
_LONGEST = 200


def version(text: str) -> int:
    """The version of the file format: 1."""
    if text.strip() != "1":
        raise wrong(f"{shown(text)} is no version that this flashsync reads", "write 1")
    return 1


def timezone(text: str) -> str:
    """An IANA zone."""
    try:
        zone(text.strip())
    except ValueError:
        remedy = "write for example Asia/Shanghai"
        raise wrong(f"{shown(text)} is no IANA time zone", remedy) from None
    return text.strip()


def percent(text: str) -> int:
    """0 to 100."""
    found = whole(text)
    if found > 100:
        raise wrong(f"{shown(text)} is more than 100 percent", "write 0 to 100")
    return found


_plain_name = name(_LONGEST, "a short name")


def short_name(text: str) -> str:
    """A short name cannot look like an id or an address."""
    found = _plain_name(text)
    if is_digits(found):
        remedy = "digits mean a person's id: choose another name"
        raise wrong(f"{shown(text)} cannot be a short name", remedy)
    if "@" in found:
        remedy = "text with @ means an address: choose another name"
        raise wrong(f"{shown(text)} cannot be a short name", remedy)
    return found


_Text = Annotated[str, scalar(name(_LONGEST)), schema(**TEXT_SCHEMA)]
_STRINGS: dict[str, Any] = {
    "anyOf": [TEXT_SCHEMA, {"type": "array", "items": TEXT_SCHEMA, "minItems": 1}]
}
_one_text = name(_LONGEST, "a text")


def _some(texts: list[str]) -> tuple[str, ...]:
    if not texts:
        raise wrong("the list is empty", "name at least one, or leave the key out")
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


_level = one_of(LEVELS, "a level")
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
_CheckId = Annotated[str, scalar(one_of(CHECKS, "a check")), schema(enum=list(CHECKS))]


def _only_ahead(checks: dict[str, Check]) -> dict[str, Check]:
    for id, check in checks.items():
        if check.within is not None and id != LOOKS_AHEAD:
            message = f"`within` has a meaning only for `{LOOKS_AHEAD}`"
            raise wrong(message, f"leave it out of `{id}`", at_key=id)
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
