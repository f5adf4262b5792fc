"""How a value in a file is refused: what is wrong, and what to write instead."""

from __future__ import annotations

import re
import unicodedata

from pydantic_core import PydanticCustomError

KIND = "flashsync"
"""The type of pydantic errors that are ours; their context has `message` and `remedy`."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−～〜", "-"))
_SHOWN = 60


def wrong(message: str, remedy: str = "", *, at_key: str = "") -> PydanticCustomError:
    """An error for pydantic to collect; `at_key` names a key of the mapping that it stands at."""
    context = {"message": _line(message), "remedy": _line(remedy), "at_key": at_key}
    return PydanticCustomError(KIND, "{message}", context)


def at(error: PydanticCustomError, place: int) -> PydanticCustomError:
    """The same error, at one entry of the list that it stands at."""
    return PydanticCustomError(KIND, "{message}", {**(error.context or {}), "place": place})


def shown(value: object) -> str:
    """A value from a file, quoted, on one line, cut where it is long."""
    text = _line(value) if isinstance(value, str) else "this"
    return f"`{text[:_SHOWN]}…`" if len(text) > _SHOWN else f"`{text}`"


def _line(text: str) -> str:
    """The text on one line, without what a terminal would act on."""
    return "".join(char if char.isprintable() else "�" for char in " ".join(text.split()))


def ascii_form(text: str) -> str:
    """The text with full-width characters and long dashes as a keyboard would write them."""
    plain = unicodedata.normalize("NFKC", text.translate(_DASHES))
    return re.sub(r"\s+", " ", plain).strip()


def not_read(text: str, expected: str, example: str) -> PydanticCustomError:
    """The error for a text that is not of its form; points out full-width characters and dashes."""
    if text.strip() and ascii_form(text) != " ".join(text.split()):
        message = f"{shown(text)} has full-width characters or long dashes"
        return wrong(message, f"write {ascii_form(text)}, with the characters of a plain keyboard")
    return wrong(f"{shown(text)} is not {expected}", f"write for example {example}")
