"""What may be shown: texts from outside, and for `-v` and `-vv` requests and answers, without the
APP key and other secrets."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

from flashsync.model import mask
from flashsync.model.mask import STARS, Mask
from flashsync.model.notify import SECRETS, Secret

LONGEST = 300
"""Characters of a message from the server that are shown."""

_SECRET_FIELDS = frozenset({*SECRETS, "app_key"})
_SECRET_IN_TEXT = re.compile(
    rf'("(?:{"|".join(sorted(_SECRET_FIELDS))})"\s*:\s*")(?:[^"\\]|\\.)+', re.DOTALL
)
"""The value of a secret in JSON that is itself a text, whole or cut: a body in the audit log."""
# Whole escape sequences go, so that no `[31m` stays behind: CSI, then OSC and its kin.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90])[^\x07\x1b\x9c]*"
)


def clean(text: str, key: str = "", longest: int = LONGEST) -> str:
    """One harmless line: no control characters or escapes, not the key, not endless."""
    text = hide(_ESCAPES.sub("", text), key)[: 10 * longest]
    if not (text.isascii() and text.isprintable()):  # as it nearly always is
        text = "".join(character if _harmless(character) else " " for character in text)
    text = _hide_in_echo(" ".join(text.split()), key)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def hide(text: str, key: str) -> str:
    """The text without the key and without the secrets of this run, in any usual encoding.

    Called before anything is cut, so that no half of a secret stays behind.
    """
    return mask.hide(_mask_of(key).hide(text))


def _hide_in_echo(text: str, key: str) -> str:
    """The same, also where the server has broken or cut what it quotes."""
    return mask.hide_in_echo(_mask_of(key).hide_in_echo(text))


_mask_of = lru_cache(4)(Mask)


def mask_body(value: Any, key: str = "") -> str:
    """A JSON value as text, with every secret field and the key replaced."""
    return hide(json.dumps(_masked(value, key), ensure_ascii=True), key)


def _harmless(character: str) -> bool:
    # C: controls, formats (also marks for the direction of writing), surrogates; Z: unusual spaces,
    # line ends.
    return character == " " or unicodedata.category(character)[0] not in "CZ"


def _masked(value: Any, key: str) -> Any:
    match value:
        case dict():
            return {
                name: STARS if name in _SECRET_FIELDS and part else _masked(part, key)
                for name, part in value.items()
            }
        case list() | tuple():
            return [_masked(part, key) for part in value]
        case str():
            return _hide_in_echo(_SECRET_IN_TEXT.sub(rf"\1{STARS}", value), key)
    return value


@dataclass(frozen=True, slots=True)
class Exchange:
    """One attempt of a call, and its answer.

    `status` is 0 and `failure` names the class of the failure where no answer came; `seconds` is
    how long it took, waiting for a turn not included. `date` is the header of that name. Bodies are
    shown without secrets, and only made readable when somebody asks.
    """

    endpoint: str
    method: str
    status: int
    code: str
    request_id: str
    seconds: float
    attempt: int
    failure: str = ""
    body: Any = field(default=None, repr=False)
    answer: bytes = field(default=b"", repr=False)
    key: Secret = field(default=Secret(), repr=False)
    date: str = ""

    def shown_body(self) -> str:
        """What was sent, as JSON without secrets; "" where nothing was."""
        return "" if self.body is None else mask_body(self.body, self.key.value or "")

    def shown_answer(self) -> str:
        """What came back, without secrets; cleaned and cut where it is not JSON."""
        key = self.key.value or ""
        try:
            return mask_body(json.loads(self.answer), key)
        except (ValueError, RecursionError):
            return clean(self.answer.decode("utf-8", "replace"), key)


def instant(date: str) -> float | None:
    """What a Date header says, in Unix seconds; None where it says nothing."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
