"""Strict models, and validators of fields that are one text or a list, with their JSON Schema.

A schema refuses what the validator refuses by form alone, and nothing else: what an editor can mark
without knowing the account. Its patterns use what Python and ECMAScript share.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any, TypeVar
from unicodedata import category

from pydantic import ConfigDict, PlainValidator, WithJsonSchema
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError
from typing_extensions import dataclass_transform

from flashsync.declared.problems import at, kind_of, nearest, not_read, shown, wrong
from flashsync.model.schedule import canonical_name

Value = TypeVar("Value")
Model = TypeVar("Model")

_MOST_DIGITS = 19
_REMEMBERED = 4096


@dataclass_transform(frozen_default=True, kw_only_default=True)
def declared(model: type[Model]) -> type[Model]:
    """Make a class a frozen model that refuses unknown keys and has None for absent ones."""
    config = ConfigDict(extra="forbid", defer_build=True)  # a whole document is built at once
    make = dataclass(config=config, frozen=True, slots=True, kw_only=True)
    return make(model)  # type: ignore[return-value]


def keys_of(model: Any) -> tuple[str, ...]:
    """The keys of a declared model, as a file writes them."""
    return tuple(field.name.rstrip("_") for field in fields(model))


def scalar(parse: Callable[[str], Value]) -> PlainValidator:
    """The validator of a field that is one text, which `parse` turns into a value."""

    # Remembered: the same times, people and names appear in file after file.
    known = lru_cache(_REMEMBERED)(parse)

    def validate(tree: object) -> Value:
        return known(tree if type(tree) is str else text_of(tree))

    return PlainValidator(validate)


def text_of(tree: object) -> str:
    """Raises `wrong` for a mapping or a list."""
    if isinstance(tree, str):
        return tree
    raise wrong(f"expected one value, found {kind_of(tree)}")


def several(parse: Callable[[list[str]], Value]) -> PlainValidator:
    """The validator of a field that is one text or a list; an error points at the wrong entry."""

    def validate(tree: object) -> Value:
        texts = [text_of(item) for item in tree] if isinstance(tree, list) else [text_of(tree)]
        try:
            return parse(texts)
        except PydanticCustomError as error:
            raise _locate(error, parse, texts) if isinstance(tree, list) else error from None

    return PlainValidator(validate)


def _locate(
    error: PydanticCustomError, parse: Callable[[list[str]], Value], texts: list[str]
) -> PydanticCustomError:
    """The error of the first text that is wrong by itself, else that of the whole list."""
    for index, text in enumerate(texts):
        try:
            parse([text])
        except PydanticCustomError as alone:
            return at(alone, index)
    return error


def parse_text_list(
    texts: list[str], *, remedy: str = "add an entry or remove the key"
) -> tuple[str, ...]:
    """At least one text, none of them empty; the `remedy` is for an empty list."""
    if not texts:
        raise wrong("the list is empty", remedy)
    return tuple(_parse_text(text) for text in texts)


def name(longest: int, what: str = "a name", *, visible: bool = False) -> Callable[[str], str]:
    """A parser of names of 1 to `longest` characters; NFC, outer spaces cut.

    With `visible`, invisible characters are never meant.
    """

    def parse(text: str) -> str:
        value = canonical_name(text)
        if not value:
            raise wrong(f"{what} must not be empty")
        if len(value) > longest:
            message = f"{shown(value)} has {len(value)} characters"
            raise wrong(message, f"{what} has at most {longest}")
        if not value.isprintable() and has_controls(value):
            message = f"{what} contains a line break or a control character"
            raise wrong(message, "write it on one line")
        if visible and (invisible := find_invisible(value)):
            raise wrong(f"invisible character {invisible} in {shown(value)}", "remove it")
        return value

    return parse


def has_controls(text: str) -> bool:
    """Whether a text has control characters, line ends or half characters.

    `str.isprintable` also refuses wide spaces and the joiners of emoji, which names have.
    """
    return any(category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text)


_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    "|(?:^|(?<=[\\x00-\\x7f]))[\u200c\u200d]|[\u200c\u200d](?=[\\x00-\\x7f]|$)"
)
"""Characters that nobody sees. Joiners count next to ASCII only: emoji and Persian need them."""


def find_invisible(text: str) -> str | None:
    """`U+200B`: the first invisible character of a text, if it has one."""
    if text.isprintable() or not (match := _INVISIBLE.search(text)):
        return None
    return f"U+{ord(match[0]):04X}"


_parse_text = name(200, "a text", visible=True)


def parse_flag(text: str) -> bool:
    """`true` or `false`."""
    word = text.strip().lower()
    if word not in ("true", "false"):
        raise wrong(f"expected true or false, got {shown(text)}")
    return word == "true"


def parse_whole(text: str) -> int:
    """`5`: ASCII digits, below 2⁶³."""
    stripped = text.strip()
    if re.fullmatch("-[0-9]+", stripped):
        raise wrong(f"must be 0 or more, got {stripped}")
    if not (stripped.isascii() and stripped.isdigit()):
        raise not_read(text, "a whole number", "5")
    digits = stripped.lstrip("0") or "0"
    if len(digits) > _MOST_DIGITS or int(digits) >= 2**63:
        raise wrong(f"must be below 2^63, got {shown(text)}")
    return int(digits)


def one_of(words: Sequence[str], what: str) -> Callable[[str], str]:
    """A parser of a closed set of words; suggests the nearest."""

    def parse(text: str) -> str:
        word = text.strip()
        if word in words:
            return word
        near = nearest(word, words)
        known = f"use one of {', '.join(words)}" if len(words) > 1 else f"use {words[0]}"
        raise wrong(f"unknown {what} {shown(text)}", f"did you mean {near}?" if near else known)

    return parse


# The JSON Schema of fields.

CONTROLS = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
INVISIBLE = r"\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""As `find_invisible` has them, without joiners: those depend on their neighbours."""


def schema(**keywords: Any) -> WithJsonSchema:
    """The JSON Schema of a field with a function as validator."""
    return WithJsonSchema(keywords)


def any_case(text: str) -> str:
    """`[mM][oO][nN]`: JSON Schema has no flag that ignores case."""
    return "".join(f"[{char}{char.upper()}]" if char.islower() else char for char in text)


def text_of_form(*forms: str) -> dict[str, Any]:
    """A text that is one of these forms as a whole, between spaces."""
    return {"type": "string", "pattern": rf"^\s*(?:{'|'.join(forms)})\s*$"}


def any_text(
    longest: int, *, visible: bool = False, refused: str = "", end: str = ""
) -> dict[str, Any]:
    """Any scalar with 1 to `longest` characters, on one line; `end` may not be its last word.

    With `visible`, as the parser of names; `refused` are more characters that it may not have.
    """
    not_at_end = rf"(?!.*{end}\s*$)" if end else ""
    inner = rf"[^{CONTROLS}{INVISIBLE if visible else ''}{refused}]"
    pattern = rf"^{not_at_end}\s*(?=\S){inner}*\s*$"
    return {"type": ["string", "number", "boolean"], "pattern": pattern, "maxLength": longest}


def whole_number(most: int = 2**63 - 1) -> dict[str, Any]:
    """A number of digits, or its text."""
    digits = "[0-9]+" if most >= 10**9 else "0*(?:[0-9]|[1-9][0-9]|100)"
    number = {"type": "integer", "minimum": 0, "maximum": most}
    return {"anyOf": [number, text_of_form(digits)]}


def one_or_several(*items: Mapping[str, Any]) -> dict[str, Any]:
    """One text, or a list of texts that all have the same of these forms."""
    lists = [{"type": "array", "items": item, "minItems": 1} for item in items]
    return {"anyOf": [*items, *lists]}


FLAG_SCHEMA = text_of_form(any_case("true"), any_case("false"))
