"""Reading JSON of the platform with types checked: a wrong one is named by its path.

Hand-written: a schedule of three layers takes a fraction of a millisecond less than by a pydantic
model, and there are a thousand of them in a plan. Keys come with their mirrors; the first that is
neither absent nor null decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flashsync.model.timezone import LATEST

Raw = Mapping[str, Any]
Value = TypeVar("Value")

_INT64 = 1 << 63
NOTHING: Raw = {}
"""The one empty mapping for everything that carries nothing."""


class WrongShape(Exception):  # noqa: N818 - never leaves this room
    """A value of the platform is of another type than documented. Its text shows no value."""

    def __init__(self, path: str, expected: str, value: Any, found: str = "") -> None:
        super().__init__(path, expected)
        self.path = path
        self._expected = expected
        self._found = found or _KINDS.get(type(value), "another number")

    @property
    def text(self) -> str:
        """One clause: where, what was expected, what was found."""
        return f"{self.path or 'data'} should be {self._expected} and is {self._found}"

    def within(self, place: str) -> WrongShape:
        """The same, with the path from further outside."""
        dot = "" if not self.path or self.path.startswith("[") else "."
        self.path = f"{place}{dot}{self.path}"
        return self


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
            raise WrongShape(key, "a whole number", value)
    if default is None:
        raise WrongShape(keys[0], "a whole number", None)
    return default


def instant(raw: Raw, *keys: str, default: int | None = None) -> int:
    """A time in Unix seconds; `default` where it is absent or null."""
    value = integer(raw, *keys, default=default)
    if 0 <= value < LATEST:
        return value
    raise WrongShape(keys[0], "a time in Unix seconds", value)


def text(raw: Raw, *keys: str, default: str | None = "") -> str:
    """A text; `default` where it is absent or null; None as default: it must be there."""
    for key in keys:
        value = raw.get(key)
        if value is not None:
            if type(value) is str:
                return value
            raise WrongShape(key, "text", value)
    if default is None:
        raise WrongShape(keys[0], "text", None)
    return default


def flag(raw: Raw, key: str) -> bool:
    """True or false; null and absent are false, 0 and 1 are taken too."""
    value = raw.get(key)
    if value is None:
        return False
    if value is True or value is False or (type(value) is int and value in (0, 1)):
        return bool(value)
    raise WrongShape(key, "true or false", value)


def listing(raw: Raw, key: str) -> list[Any]:
    """A list; null, {} and absent are an empty one (api.md, A schedule on the wire)."""
    value = raw.get(key)
    if type(value) is list:
        return value
    if value is None or value == {}:
        return []
    raise WrongShape(key, "a list", value)


def mapping(raw: Raw, key: str) -> Raw:
    """An object; null, [] and absent are an empty one (api.md, A schedule on the wire)."""
    value = raw.get(key)
    if type(value) is dict:
        return value
    if value is None or value == []:
        return NOTHING
    raise WrongShape(key, "an object", value)


def objects(raw: Raw, key: str, read: Callable[[Raw], Value]) -> tuple[Value, ...]:
    """The values that `read` makes of a list of objects."""
    values = []
    for index, item in enumerate(listing(raw, key)):
        try:
            values.append(read(whole(item)))
        except WrongShape as wrong:
            raise wrong.within(f"{key}[{index}]") from None
    return tuple(values)


def inside(raw: Raw, key: str, read: Callable[[Raw], Value]) -> Value:
    """The value that `read` makes of an object."""
    part = mapping(raw, key)
    try:
        return read(part)
    except WrongShape as wrong:
        raise wrong.within(key) from None


def integers(raw: Raw, key: str) -> list[int]:
    """A list of whole numbers."""
    values = listing(raw, key)
    for index, value in enumerate(values):
        if type(value) is not int or not -_INT64 <= value < _INT64:
            raise WrongShape(f"{key}[{index}]", "a whole number", value)
    return values


def texts(raw: Raw, key: str) -> list[str]:
    """A list of texts."""
    values = listing(raw, key)
    for index, value in enumerate(values):
        if type(value) is not str:
            raise WrongShape(f"{key}[{index}]", "text", value)
    return values


def whole(value: Any) -> Raw:
    """The value as an object that must be there."""
    if type(value) is dict:
        return value
    raise WrongShape("", "an object", value)


def rest(raw: Raw, known: frozenset[str]) -> Raw:
    """What the object has besides the known keys; `NOTHING` where that is nothing."""
    if raw.keys() <= known:
        return NOTHING
    return {key: value for key, value in raw.items() if key not in known}
