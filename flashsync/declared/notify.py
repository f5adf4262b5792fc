"""`notify:` in a schedule file: who gets a notice before a shift, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainValidator

from flashsync.declared import scalars
from flashsync.declared.fields import (
    any_case,
    any_text,
    declared,
    name,
    one_of,
    parse_whole,
    scalar,
    schema,
    several,
    text_of,
    text_of_form,
    whole_number,
)
from flashsync.declared.problems import Finding, Path, ascii_form, nearest, shown, wrong
from flashsync.declared.secrets import Secrets, refusal
from flashsync.model.notify import SECRETS, SecretReference
from flashsync.model.wording import joined

CHAT_TYPES = (
    "feishu_app",
    "dingtalk_app",
    "slack_app",
    "wecom_app",
    "teams_app",
    "feishu",
    "dingtalk",
    "wecom",
    "slack",
    "telegram",
    "zoom",
)
PREFERENCE = "preference"
OFF = "off"
_PLAIN_CHANNELS = ("email", "sms", "phone")
_APPS = ("feishu_app", "dingtalk_app", "wecom_app", "slack_app", "teams_app")
_APP_PATTERN = rf"({'|'.join(_APPS)}):[^\s:]+"
_APP_CHANNEL = re.compile(_APP_PATTERN)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")
_LONGEST = 2000


def parse_secret(tree: object) -> SecretReference:
    """`{env: NAME}` or `{file: PATH}`; never the secret itself."""
    if isinstance(tree, str):
        variable = _VARIABLE.fullmatch(tree.strip())
        remedy = f"write {{env: {variable[1] if variable else 'NAME'}}} or {{file: PATH}}"
        raise wrong("a secret must be a reference", remedy)
    if isinstance(tree, dict) and len(tree) == 1:
        kind, value = next(iter(tree.items()))
        if kind in ("env", "file"):
            target = name(_LONGEST, "a reference")(text_of(value))
            _check_reference(kind, target)
            reference = SecretReference(kind, target)
            if refused := refusal(reference):
                raise wrong(*refused)
            return reference
    raise wrong("not a reference to a secret", "write {env: NAME} or {file: PATH}")


def _check_reference(kind: str, target: str) -> None:
    """Raises where `target` is not a variable's name or an absolute path.

    The error does not show it: it may be the secret itself.
    """
    if kind == "env" and (variable := _VARIABLE.fullmatch(target)):
        remedy = f"write {{env: {variable[1]}}}"
        raise wrong("`env` takes the name of a variable without `$`", remedy)
    if kind == "env" and not _NAME.fullmatch(target):
        remedy = "use letters, digits and _, as in {env: DING_TOKEN}"
        raise wrong("not a variable name in `env`", remedy)
    if kind == "file" and not target.startswith(("/", "~/")):
        remedy = "use a path like {file: /run/secrets/ding}"
        raise wrong("the path of a secret must be absolute", remedy)


def parse_channel(text: str) -> str:
    """`email`, `feishu_app:…`: a personal channel (api.md, `personal_channels`)."""
    word = text.strip()
    if word in _PLAIN_CHANNELS or _APP_CHANNEL.fullmatch(word):
        return word
    if _APP_CHANNEL.fullmatch(ascii_form(word)):
        raise wrong(f"{shown(word)} has full-width characters", f"write {ascii_form(word)}")
    forms = {channel: channel for channel in _PLAIN_CHANNELS} | {app: f"{app}:…" for app in _APPS}
    near = nearest(word, forms)
    remedy = f"did you mean {forms[near]}?" if near else f"use {joined([*forms.values()], 'or')}"
    raise wrong(f"unknown personal channel {shown(word)}", remedy)


def parse_channels(texts: list[str]) -> tuple[str, ...] | None:
    """`preference`, which gives None, or a list of channels."""
    if [text.strip() for text in texts] == [PREFERENCE]:
        return None
    if not texts:
        raise wrong("the list of channels is empty", "name a channel or remove `by`")
    return tuple(parse_channel(text) for text in texts)


_SECRET_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {
            "type": "object",
            "properties": {key: pattern},
            "required": [key],
            "additionalProperties": False,
        }
        for key, pattern in (
            ("env", text_of_form(rf"(?!{any_case('flashduty_')})[A-Za-z_][A-Za-z0-9_]*")),
            ("file", text_of_form(r"(?!/+(?:proc|dev|sys)(?:/|\s*$))(?:/|~/).*")),
        )
    ]
}
_CHANNEL_SCHEMA: list[dict[str, Any]] = [
    {"enum": list(_PLAIN_CHANNELS)},
    {"type": "string", "pattern": f"^{_APP_PATTERN}$"},
]
_CHANNELS_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"const": PREFERENCE},
        *_CHANNEL_SCHEMA,
        {"type": "array", "items": {"anyOf": _CHANNEL_SCHEMA}, "minItems": 1},
    ]
}
SecretField = Annotated[SecretReference, PlainValidator(parse_secret), schema(**_SECRET_SCHEMA)]
TextField = Annotated[str, scalar(name(_LONGEST, "a text")), schema(**any_text(_LONGEST))]
ChatType = Annotated[
    str,
    scalar(one_of(CHAT_TYPES, "chat type")),
    schema(enum=list(CHAT_TYPES)),
]
Lead = Annotated[int, scalar(scalars.parse_lead), schema(**scalars.LEAD_SCHEMA)]
Clock = Annotated[str, scalar(scalars.parse_clock), schema(**scalars.CLOCK_SCHEMA)]
Whole = Annotated[int, scalar(parse_whole), schema(**whole_number())]


@declared
class Chat:
    """A chat that gets a notice."""

    type: ChatType
    alias: TextField | None = None
    data_source_id: Whole | None = None
    chat_ids: tuple[TextField, ...] = ()
    token: SecretField | None = None
    verify_token: SecretField | None = None
    sign_secret: SecretField | None = None


Channels = Annotated[tuple[str, ...] | None, several(parse_channels), schema(**_CHANNELS_SCHEMA)]


@declared
class By:
    """Personal channels; None where each person's preference decides."""

    channels: Channels


class _ByShorthand:
    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return _CHANNELS_SCHEMA


ByField = Annotated[By, BeforeValidator(lambda tree: {"channels": tree}), _ByShorthand]


@declared
class Notify:
    """When and how people get a notice; an absent key is off."""

    before: Lead | None = None
    daily_at: Clock | None = None
    by: ByField | None = None
    chats: tuple[Chat, ...] = ()


def expand_off(tree: object) -> object:
    """`notify: off` as an empty mapping."""
    if isinstance(tree, str):
        if tree.strip() == OFF:
            return {}
        raise wrong(f"expected `off` or a mapping, got {shown(tree)}")
    return tree


class _OffShorthand:
    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"enum": [OFF, False]}, handler(core)]}


NotifyField = Annotated[Notify, BeforeValidator(expand_off), _OffShorthand]


def check_references(
    notify: Notify | None, limits: Secrets | None, path: Path
) -> Iterator[Finding]:
    """The references to secrets that `limits` does not allow; `path` is that of `notify`."""
    for reference, reference_path in references(notify, path):
        if refused := refusal(reference, limits):
            yield Finding(reference_path, refused.message, refused.remedy)


def references(notify: Notify | None, path: Path) -> Iterator[tuple[SecretReference, Path]]:
    """The references to secrets, each with its path; `path` is that of `notify`."""
    for index, chat in enumerate(notify.chats if notify else ()):
        for field in SECRETS:
            reference: SecretReference | None = getattr(chat, field)
            if reference is not None:
                yield reference, (*path, "chats", index, field)
