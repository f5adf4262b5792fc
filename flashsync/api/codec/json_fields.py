"""Reading JSON of the platform with types checked: a wrong one is named by its path.

Hand-written: a schedule of three layers takes a fraction of a millisecond less than by a pydantic
model, and there are a thousand of them in a plan. Keys come with their mirrors; the first that is
neither absent nor null decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from flashsync.model.timezone import LATEST

Raw = Mapping[str, Any]
Item = TypeVar("Item")

_INT64 = 1 << 63
NOTHING: Raw = {}
"""The one empty mapping for everything that carries nothing."""


class WrongShape(Exception):  # noqa: N818 - never leaves this room
    """The value of `key` in `holder` is of another type than documented. The text shows no value.

    Readers do not pass a path along, which would cost time for each value: the path of `holder` is
    looked up in the document, once one has failed.
    """

    def __init__(
        self, holder: Raw | None, key: str, expected: str, value: Any, found: str = ""
    ) -> None:
        super().__init__(key, expected)
        self._holder, self._key, self._expected = holder, key, expected
        self._found = found or _KINDS.get(type(value), "another number")

    def within(self, document: Any) -> str:
        """One clause: where in the document, what was expected, what was found."""
        path, parts = "", [("", document)] if self._holder is not None else []
        while parts:
            place, value = parts.pop()
            if value is self._holder:
                path = f"{place}." if place else ""
                break
            if type(value) is dict:
                parts += ((f"{place}.{key}" if place else key, part) for key, part in value.items())
            elif type(value) is list:
                parts += ((f"{place or 'data'}[{index}]", part) for index, part in enumerate(value))
        return f"{path}{self._key or 'data'} should be {self._expected} and is {self._found}"


_EXPECTED: Mapping[type, str] = {dict: "an object", int: "a whole number", str: "text"}
_KINDS: Mapping[type, str] = {
    type(None): "missing",
    str: "text",
    bool: "true or false",
    float: "a fraction",
    list: "a list",
    dict: "an object",
}


def integer(raw: Raw, *keys: str, default: int | None = None) -> int:
    """A whole number of 64 bits; `default` where it is absent or null."""
    for key in keys:
        value = raw.get(key)
        if value is not None:
            if type(value) is int and -_INT64 <= value < _INT64:
                return value
            raise WrongShape(raw, key, "a whole number", value)
    if default is None:
        raise WrongShape(raw, keys[0], "a whole number", None)
    return default


def instant(raw: Raw, *keys: str, default: int | None = None) -> int:
    """A time in Unix seconds; `default` where it is absent or null."""
    value = integer(raw, *keys, default=default)
    if 0 <= value < LATEST:
        return value
    raise WrongShape(raw, keys[0], "a time in Unix seconds", value)


def text(raw: Raw, *keys: str, default: str | None = "") -> str:
    """A text; `default` where it is absent or null; None as default: it must be there."""
    for key in keys:
        value = raw.get(key)
        if value is not None:
            if type(value) is str:
                return value
            raise WrongShape(raw, key, "text", value)
    if default is None:
        raise WrongShape(raw, keys[0], "text", None)
    return default


def flag(raw: Raw, key: str, *, default: bool = False) -> bool:
    """True or false, 0 and 1 are taken too; `default` where it is absent or null."""
    value = raw.get(key)
    if value is None:
        return default
    if value is True or value is False or (type(value) is int and value in (0, 1)):
        return bool(value)
    raise WrongShape(raw, key, "true or false", value)


def listing(raw: Raw, key: str, of: type[Item]) -> list[Item]:
    """A list, each item of a type; null, {} and absent are an empty one (api.md, A schedule on the
    wire)."""
    values = raw.get(key)
    if values is None or values == {}:
        return []
    if type(values) is not list:
        raise WrongShape(raw, key, "a list", values)
    for index, value in enumerate(values):
        kind = type(value)
        if kind is not of or (kind is int and not -_INT64 <= value < _INT64):
            raise WrongShape(raw, f"{key}[{index}]", _EXPECTED[of], value)
    return values


def mapping(raw: Raw, key: str) -> Raw:
    """An object; null, [] and absent are an empty one (api.md, A schedule on the wire)."""
    value = raw.get(key)
    if type(value) is dict:
        return value
    if value is None or value == []:
        return NOTHING
    raise WrongShape(raw, key, "an object", value)


def whole(value: Any) -> Raw:
    """The value as an object that must be there."""
    if type(value) is dict:
        return value
    raise WrongShape(None, "", "an object", value)


def rest(raw: Raw, known: frozenset[str]) -> Raw:
    """What the object has besides the known keys; `NOTHING` where that is nothing."""
    if raw.keys() <= known:
        return NOTHING
    return {key: value for key, value in raw.items() if key not in known}
