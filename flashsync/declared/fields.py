"""What all declared models share: strictness, and fields that are one scalar of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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

TEXT_SCHEMA = {"type": ["string", "number", "boolean"]}
"""Any scalar is text: an editor that reads `2026` as a number must not object."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def declared(model: type[Model]) -> type[Model]:
    """A frozen model that refuses unknown keys. A key that is left out has the value None."""
    config = ConfigDict(extra="forbid", defer_build=True)  # a whole document is built at once
    make = dataclass(config=config, frozen=True, slots=True, kw_only=True)
    return make(model)  # type: ignore[return-value]


def keys_of(model: Any) -> tuple[str, ...]:
    """The keys that such a model takes, as a file writes them."""
    return tuple(field.name.rstrip("_") for field in fields(model))


def scalar(parse: Callable[[str], Value]) -> PlainValidator:
    """The validator of a field that is one scalar; `parse` turns its text into a value."""

    # The same times, people and names appear in file after file.
    known = lru_cache(_REMEMBERED)(parse)

    def validate(tree: object) -> Value:
        return known(tree if type(tree) is str else one_text(tree))

    return PlainValidator(validate)


def one_text(tree: object) -> str:
    """The text of a scalar. Raises the error of `problems.py` for a mapping or a list."""
    if isinstance(tree, str):
        return tree
    raise wrong(f"expected one value, found {kind_of(tree)}")


def texts(tree: object) -> list[str]:
    """The texts of a scalar, or of a list of scalars."""
    items = tree if isinstance(tree, list) else [tree]
    return [one_text(item) for item in items]


def several(parse: Callable[[list[str]], Value]) -> PlainValidator:
    """The validator of a field that is one scalar or a list of them; points at the wrong one."""

    def validate(tree: object) -> Value:
        found = texts(tree)
        try:
            return parse(found)
        except PydanticCustomError as error:
            raise _first_wrong(parse, found, error) if isinstance(tree, list) else error from None

    return PlainValidator(validate)


def _first_wrong(
    parse: Callable[[list[str]], Value], found: list[str], error: PydanticCustomError
) -> PydanticCustomError:
    """The error of the first text that is wrong by itself, else the one of all together."""
    for place, text in enumerate(found):
        try:
            parse([text])
        except PydanticCustomError as alone:
            return at(alone, place)
    return error


def name(longest: int, what: str = "a name") -> Callable[[str], str]:
    """A parser of names of 1 to `longest` characters; NFC, outer spaces cut."""

    def parse(text: str) -> str:
        found = canonical_name(text)
        if not found:
            raise wrong(f"{what} must not be empty")
        if len(found) > longest:
            message = f"{shown(found)} has {len(found)} characters"
            raise wrong(message, f"{what} has at most {longest}")
        if not found.isprintable() and has_controls(found):
            raise wrong(
                f"{what} contains a line break or a control character", "write it on one line"
            )
        return found

    return parse


def has_controls(text: str) -> bool:
    """Whether a text holds what no name can: control characters, line ends, half characters.

    Wide spaces and the joiners of emoji are not "printable" to Python, but names have them.
    """
    return any(category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text)


def flag(text: str) -> bool:
    """`true` or `false`."""
    known = {"true": True, "false": False}
    if text.strip().lower() not in known:
        raise wrong(f"expected true or false, got {shown(text)}")
    return known[text.strip().lower()]


def whole(text: str) -> int:
    """Digits of the keyboard: a number that is not negative, below 2⁶³."""
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


def schema(**keywords: Any) -> WithJsonSchema:
    """The JSON Schema of a field with a function as validator."""
    return WithJsonSchema(keywords)
