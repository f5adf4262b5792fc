"""Reads the JSON object of a request, field by field, and refuses wrong values.

A null counts as absent, as the platform has it for optional lists and objects (api.md, A schedule
on the wire).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from flashsync.sandbox.protocol import ApiError, invalid

T = TypeVar("T")

MAX_INT64: Final = 2**63 - 1
# Guess: the largest instant is not documented; the year 9000 leaves room for the calendar.
MAX_INSTANT: Final = 221845392000
MAX_IDS: Final = 100


class Fields:
    """One JSON object. Each read marks its field as known; `end` refuses fields never read.

    strict: whether unknown fields and mirrors that differ are refused.
    """

    def __init__(self, value: object, path: str = "", *, strict: bool = True) -> None:
        if not isinstance(value, dict):
            raise invalid(f"{path or 'the body'} must be an object, is {kind(value)}")
        self.strict = strict
        self._value: Mapping[str, Any] = value
        self._path = path
        self._known: set[str] = set()

    def at(self, name: str) -> str:
        """The path of a field, as messages name it: `layers[0].groups[1].name`."""
        return f"{self._path}.{name}" if self._path else name

    def has(self, name: str) -> bool:
        """Whether the field was sent, null included."""
        return name in self._value

    def end(self) -> None:
        """Refuses fields that were never read; ignores them where `strict` is off."""
        for name in self._value:
            if self.strict and name not in self._known:
                raise invalid(f"{self.at(name)} is not a known field")

    def raw(self, name: str) -> Any:
        """The field as sent; None where it is absent."""
        self._known.add(name)
        return self._value.get(name)

    def required(self, name: str) -> Any:
        """The field as sent; refused where it is absent or null."""
        value = self.raw(name)
        if value is None:
            raise invalid(f"{self.at(name)} is required")
        return value

    def integer(
        self, name: str, default: int | None = None, *, low: int = 0, high: int = MAX_INT64
    ) -> int:
        """An integer; required without a default."""
        value = self.optional_integer(name, low=low, high=high)
        if value is not None:
            return value
        if default is None:
            raise invalid(f"{self.at(name)} is required")
        return default

    def optional_integer(self, name: str, *, low: int = 0, high: int = MAX_INT64) -> int | None:
        """An integer, or None where it is absent or null."""
        value = self.raw(name)
        return None if value is None else integer(value, self.at(name), low, high)

    def text(self, name: str, default: str | None = None, *, low: int = 0, high: int = 500) -> str:
        """A text of `low` to `high` characters; required without a default.

        Guess: a text of undocumented length may have 500.
        """
        value = self.raw(name)
        if value is None:
            if default is None:
                raise invalid(f"{self.at(name)} is required")
            return default
        return text(value, self.at(name), low, high)

    def flag(self, name: str, default: bool | None = False) -> bool:
        """A boolean; required with a default of None."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, bool):
            raise invalid(f"{self.at(name)} must be true or false, is {kind(value)}")
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """One of `choices`; required without a default."""
        value = self.text(name, default)
        if value not in choices:
            words = ", ".join(filter(None, choices))
            raise invalid(f"{self.at(name)} must be one of {words}, is {value!r}")
        return value

    def items(self, name: str) -> list[Any]:
        """A list; empty where it is absent or null."""
        value = self.raw(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise invalid(f"{self.at(name)} must be a list, is {kind(value)}")
        return value

    def integers(self, name: str, *, low: int = 0, high: int = MAX_INT64) -> tuple[int, ...]:
        """A list of distinct integers."""
        path = self.at(name)
        values = tuple(
            integer(value, f"{path}[{index}]", low, high)
            for index, value in enumerate(self.items(name))
        )
        if len(set(values)) != len(values):
            raise invalid(f"{path} names a value twice")  # Guess: duplicates are not documented
        return values

    def ids(self, name: str, most: int = MAX_IDS) -> tuple[int, ...]:
        """A list of at least one and at most `most` ids.

        Guess: documented for team_ids only; the harshest reading serves a client best.
        """
        ids = self.integers(name, low=1)
        self.check_count(name, len(ids), most)
        return ids

    def check_count(self, name: str, count: int, most: int) -> None:
        """Refuses a list of ids that is empty or too long."""
        if not count:
            raise invalid(f"{self.at(name)} is required and may not be empty")
        if count > most:
            raise invalid(f"{self.at(name)} may have at most {most} ids, has {count}")

    def texts(self, name: str, *, high: int = 500) -> tuple[str, ...]:
        """A list of non-empty texts."""
        path = self.at(name)
        return tuple(
            text(value, f"{path}[{index}]", 1, high) for index, value in enumerate(self.items(name))
        )

    def objects(self, name: str) -> list[Fields]:
        """A list of objects."""
        path = self.at(name)
        return [
            Fields(value, f"{path}[{index}]", strict=self.strict)
            for index, value in enumerate(self.items(name))
        ]

    def object(self, name: str) -> Fields | None:
        """An object, or None where it is absent, null or empty."""
        value = self.raw(name)
        if value is None or value == {}:
            return None
        return Fields(value, self.at(name), strict=self.strict)

    def mirrored(self, name: str, mirror: str, read: Callable[[str], T]) -> T:
        """A field that may be sent under either of two names, or both.

        Where they differ, `strict` refuses them, which is not documented; else `name` wins, unless
        it is 0 or empty, which clients send for a field that they do not set.
        """
        sent = [key for key in (name, mirror) if self.has(key)] or [name]
        values = [read(key) for key in sent]
        if self.strict and values[0] != values[-1]:
            raise invalid(
                f"{self.at(name)} and {self.at(mirror)} contradict each other: "
                f"{values[0]!r}, {values[-1]!r}"
            )
        return next(filter(None, values), values[0])

    def span(
        self, days: int, *, below: bool = False, names: tuple[str, str] = ("start", "end")
    ) -> tuple[int, int]:
        """The window `start` to `end` (Unix seconds), at most `days` long; less with `below`."""
        first, last = names
        start = self.integer(first, high=MAX_INSTANT)
        end = self.integer(last, high=MAX_INSTANT)
        if start >= end:
            raise invalid(f"{last} must be after {first}, is {end} for {start}")
        if end - start > days * 86400 or (below and end - start == days * 86400):
            most = f"{'less' if below else 'no more'} than {days} days apart"
            raise invalid(f"{first} and {last} must lie {most}")
        return start, end


def integer(value: object, path: str, low: int, high: int) -> int:
    """An integer within bounds; a boolean and a float are not integers."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid(f"{path} must be an integer, is {kind(value)}")
    if not low <= value <= high:
        raise invalid(f"{path} must be {low} to {high}, is {value}")
    return value


def text(value: object, path: str, low: int, high: int) -> str:
    """A text of `low` to `high` characters, not bytes."""
    if not isinstance(value, str):
        raise invalid(f"{path} must be a string, is {kind(value)}")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ApiError("BadRequest", f"{path} is not valid Unicode")
    if not low <= len(value) <= high:
        raise invalid(f"{path} must have {low} to {high} characters, has {len(value)}")
    return value


def kind(value: object) -> str:
    """The JSON type of a value, for a message."""
    names = {bool: "a boolean", int: "an integer", float: "a number", str: "a string"}
    names |= {list: "a list", dict: "an object", type(None): "null"}
    return names[type(value)]


# Paging by `p` and `limit`, with the documented cap and a `total` of at most 1,000.

MAX_LIMIT: Final = 100
MAX_DEPTH: Final = 10_000
MAX_TOTAL: Final = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """The part of a listing that a request asks for: page `number`, from 1."""

    number: int
    limit: int

    def of(self, items: Sequence[T]) -> Sequence[T]:
        """The items of this page."""
        return items[(self.number - 1) * self.limit : self.number * self.limit]


def read_page(fields: Fields, default: int, *, low: int = 1) -> Page:
    """`p` and `limit`, which reach at most the first 10,000 items; 0 counts as absent."""
    page = Page(
        fields.integer("p", 1, low=low) or 1,
        fields.integer("limit", default, low=low, high=MAX_LIMIT) or default,
    )
    if page.number * page.limit > MAX_DEPTH:
        raise invalid(f"p * limit may not exceed {MAX_DEPTH}, is {page.number * page.limit}")
    return page


def total(items: Sequence[object]) -> int:
    """Exact below 1,000, and 1,000 from there on."""
    return min(len(items), MAX_TOTAL)
