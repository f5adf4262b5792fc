"""What all declared models share: strictness, and fields that are one scalar of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ConfigDict, PlainValidator, WithJsonSchema
from pydantic.dataclasses import dataclass
from typing_extensions import dataclass_transform

from flashsync.declared.wrong import shown, wrong
from flashsync.state import canonical

Value = TypeVar("Value")
Model = TypeVar("Model")

TEXT_SCHEMA = {"type": ["string", "number", "boolean"]}
"""Any scalar is text: an editor that reads `2026` as a number must not object."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def declared(model: type[Model]) -> type[Model]:
    """A frozen model that refuses unknown keys. A key that is left out has the value None."""
    config = ConfigDict(extra="forbid")
    make = dataclass(config=config, frozen=True, slots=True, kw_only=True)
    return make(model)  # type: ignore[return-value]


def scalar(parse: Callable[[str], Value]) -> PlainValidator:
    """The validator of a field that is one scalar, whose text `parse` turns into a value."""

    def validate(tree: object) -> Value:
        return parse(one_text(tree))

    return PlainValidator(validate)


def one_text(tree: object) -> str:
    """The text of a scalar. Raises the error of `wrong.py` for a mapping or a list."""
    if isinstance(tree, str):
        return tree
    kind = "a mapping" if isinstance(tree, dict) else "a list"
    raise wrong(f"{kind} stands where one value is due", "write one value")


def texts(tree: object) -> list[str]:
    """The texts of a scalar, or of a list of scalars."""
    items = tree if isinstance(tree, list) else [tree]
    return [one_text(item) for item in items]


def name(longest: int, what: str = "a name") -> Callable[[str], str]:
    """A parser of names of 1 to `longest` characters; NFC, outer blanks cut."""

    def parse(text: str) -> str:
        found = canonical.name(text)
        if not found:
            raise wrong(f"{what} is empty", "write one")
        if len(found) > longest:
            message = f"{shown(found)} has {len(found)} characters"
            raise wrong(message, f"{what} has at most {longest}")
        if not found.isprintable():
            raise wrong(f"{what} holds a line break or a control character", "write it on one line")
        return found

    return parse


def flag(text: str) -> bool:
    """`true` or `false`."""
    known = {"true": True, "false": False}
    if text.strip().lower() not in known:
        raise wrong(f"{shown(text)} is neither true nor false", "write true or false")
    return known[text.strip().lower()]


def whole(text: str) -> int:
    """Digits of the keyboard: a number that is not negative, below 2⁶³."""
    stripped = text.strip()
    if not (stripped.isascii() and stripped.isdigit()) or int(stripped[:25]) >= 2**63:
        raise wrong(f"{shown(text)} is not a whole number", "write digits only")
    return int(stripped)


def one_of(words: dict[str, Value], what: str) -> Callable[[str], Value]:
    """A parser of a closed set of words; suggests the nearest."""
    from difflib import get_close_matches

    def parse(text: str) -> Value:
        word = text.strip()
        if word in words:
            return words[word]
        near = get_close_matches(word, words, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"write one of {', '.join(words)}"
        raise wrong(f"{shown(text)} is not {what}", remedy)

    return parse


def schema(**keywords: Any) -> WithJsonSchema:
    """The JSON Schema of a field whose validator is a function."""
    return WithJsonSchema(keywords)
