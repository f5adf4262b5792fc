"""The lines around the place where a parser gave up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class Place(NamedTuple):
    """A line and a column, from 1."""

    line: int
    column: int


def place_of(text: str, index: int) -> Place:
    """Where in a text its character of this index stands."""
    lines = _LINE_BREAK.split(text[:index])
    return Place(len(lines), len(lines[-1]) + 1)


class Explanation(NamedTuple):
    """What is wrong, what to write instead, and where."""

    message: str
    remedy: str
    place: Place


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the parser gave up, and where the thing began that it was reading then."""

    lines: list[str]
    at: Place
    since: Place

    @classmethod
    def of(cls, text: str, at: tuple[int, int], since: tuple[int, int]) -> Spot:
        """The spot in a text, with its lines as YAML counts them."""
        return cls(_LINE_BREAK.split(text), Place(*at), Place(*since))

    def line(self, number: int) -> str:
        """A line, empty before the first and after the last."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def char(self, place: Place) -> str:
        """The character at a place, empty at the end of a line."""
        return self.line(place.line)[place.column - 1 : place.column]

    def before(self, place: Place) -> str:
        """What stands before a place in its line."""
        return self.line(place.line)[: place.column - 1]

    def line_above(self) -> int:
        """The number of the last line before the spot that says something, or 0."""
        number = self.at.line - 1
        while number > 0 and self.line(number).strip() in ("", "---"):
            number -= 1
        return number
