"""`notify:` in a schedule file: who gets a notice before a shift, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainValidator

from flashsync.declared import scalars
from flashsync.declared.fields import (
    TEXT_SCHEMA,
    declared,
    name,
    one_of,
    one_text,
    scalar,
    schema,
    several,
    whole,
)
from flashsync.declared.problems import Finding, Path, ascii_form, shown, wrong
from flashsync.declared.secrets import Secrets, refusal
from flashsync.model.notify import SECRETS, SecretReference

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
_PLAIN_CHANNELS = ("email", "sms")
_APP_CHANNEL = re.compile(r"(feishu_app|dingtalk_app|wecom_app):[^\s:]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")
_LONGEST = 2000


def secret(tree: object) -> SecretReference:
    """`{env: NAME}` or `{file: PATH}`; a secret itself has no place in a file."""
    if isinstance(tree, str):
        variable = _VARIABLE.fullmatch(tree.strip())
        remedy = f"write {{env: {variable[1] if variable else 'NAME'}}} or {{file: PATH}}"
        raise wrong("a secret must be a reference", remedy)
    if isinstance(tree, dict) and len(tree) == 1:
        kind, value = next(iter(tree.items()))
        if kind in ("env", "file"):
            found = name(_LONGEST, "a reference")(one_text(value))
            if kind == "env" and (variable := _VARIABLE.fullmatch(found)):
                remedy = f"write {{env: {variable[1]}}}"
                raise wrong("`env` takes the name of a variable without `$`", remedy)
            _check_reference(kind, found)
            reference = SecretReference(kind, found)
            if refused := refusal(reference):
                raise wrong(*refused)
            return reference
    raise wrong("not a reference to a secret", "write {env: NAME} or {file: PATH}")


def _check_reference(kind: str, found: str) -> None:
    """A variable's name, or a path that means the same wherever the program runs.

    What is refused is not shown: it may be the secret itself.
    """
    if kind == "env" and not _NAME.fullmatch(found):
        remedy = "use letters, digits and _, as in {env: DING_TOKEN}"
        raise wrong("not a variable name in `env`", remedy)
    if kind == "file" and not found.startswith(("/", "~/")):
        remedy = "use a path like {file: /run/secrets/ding}"
        raise wrong("the path of a secret must be absolute", remedy)


def channel(text: str) -> str:
    """One personal channel (api.md, `personal_channels`)."""
    word = text.strip()
    if word in _PLAIN_CHANNELS or _APP_CHANNEL.fullmatch(word):
        return word
    if _APP_CHANNEL.fullmatch(ascii_form(word)):
        raise wrong(f"{shown(word)} has full-width characters", f"write {ascii_form(word)}")
    remedy = "use email, sms, feishu_app:…, dingtalk_app:… or wecom_app:…"
    raise wrong(f"unknown personal channel {shown(word)}", remedy)


def channels(texts: list[str]) -> tuple[str, ...] | None:
    """`preference` (None), or channels."""
    if [text.strip() for text in texts] == [PREFERENCE]:
        return None
    if not texts:
        raise wrong("the list of channels is empty", "name a channel or remove `by`")
    return tuple(channel(text) for text in texts)


_SECRET_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {
            "type": "object",
            "properties": {key: TEXT_SCHEMA},
            "required": [key],
            "additionalProperties": False,
        }
        for key in ("env", "file")
    ]
}
_CHANNELS_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"const": PREFERENCE},
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
    ]
}
SecretField = Annotated[SecretReference, PlainValidator(secret), schema(**_SECRET_SCHEMA)]
TextField = Annotated[str, scalar(name(_LONGEST, "a text")), schema(**TEXT_SCHEMA)]
ChatType = Annotated[
    str,
    scalar(one_of(CHAT_TYPES, "chat type")),
    schema(enum=list(CHAT_TYPES)),
]
Lead = Annotated[int, scalar(scalars.lead), schema(type="string")]
Clock = Annotated[str, scalar(scalars.clock), schema(type="string")]
Whole = Annotated[int, scalar(whole), schema(type=["integer", "string"])]


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


Channels = Annotated[tuple[str, ...] | None, several(channels), schema(**_CHANNELS_SCHEMA)]


@declared
class By:
    """The personal ways; `channels` is None for what each person prefers."""

    channels: Channels


class _ByShorthand:
    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return _CHANNELS_SCHEMA


ByField = Annotated[By, BeforeValidator(lambda tree: {"channels": tree}), _ByShorthand]


@declared
class Notify:
    """When and how people get a notice; a key that is left out is off."""

    before: Lead | None = None
    daily_at: Clock | None = None
    by: ByField | None = None
    chats: tuple[Chat, ...] = ()


def expand_off(tree: object) -> object:
    """`notify: off` as a notify that tells nobody."""
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


def broken_references(
    notify: Notify | None, limits: Secrets | None, path: Path
) -> Iterator[Finding]:
    """References of a notify that may not be used; `path` leads to the notify."""
    for reference, place in references(notify, path):
        if found := refusal(reference, limits):
            yield Finding(place, found.message, found.remedy)


def references(notify: Notify | None, path: Path) -> Iterator[tuple[SecretReference, Path]]:
    """The references of a notify, each with its place."""
    for at, chat in enumerate(notify.chats if notify else ()):
        for field in SECRETS:
            reference: SecretReference | None = getattr(chat, field)
            if reference is not None:
                yield reference, (*path, "chats", at, field)
