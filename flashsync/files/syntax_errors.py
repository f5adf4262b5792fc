"""YAML syntax errors in plain words.

A parser says where it gave up and what it expected there. People want to know what they typed
wrong: a few slips cause most errors, and each complaint has its usual cause.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from flashsync.errors import Position, Problem
from flashsync.files.document import printable, quoted
from flashsync.files.parser import SyntaxFault

# The lines around a syntax error.

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class Place(NamedTuple):
    """A line and a column, from 1."""

    line: int
    column: int


def place_of(text: str, index: int) -> Place:
    """The line and column of a character."""
    lines = _LINE_BREAK.split(text[:index])
    return Place(len(lines), len(lines[-1]) + 1)


class SyntaxExplanation(NamedTuple):
    """A message, its remedy, and the place."""

    message: str
    remedy: str
    place: Place


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the parser gave up (`at`), and where the value that it was reading began (`since`)."""

    lines: list[str]
    at: Place
    since: Place

    @classmethod
    def of(cls, text: str, at: tuple[int, int], since: tuple[int, int]) -> Spot:
        """A spot in a text, with the lines as YAML counts them."""
        return cls(_LINE_BREAK.split(text), Place(*at), Place(*since))

    def line(self, number: int) -> str:
        """A line; empty outside the text."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def char(self, place: Place) -> str:
        """The character at a place; empty at the end of a line."""
        return self.line(place.line)[place.column - 1 : place.column]

    def before(self, place: Place) -> str:
        """The part of a line before a place."""
        return self.line(place.line)[: place.column - 1]

    def line_above(self) -> int:
        """The number of the last line with content before the spot, or 0."""
        number = self.at.line - 1
        while number > 0 and self.line(number).strip() in ("", "---"):
            number -= 1
        return number


# Slips of the keyboard that YAML reads as something else and refuses elsewhere.
#
# Only the lines around an error are searched: the same characters may be right in other text.

_Slips: TypeAlias = tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str], Place], SyntaxExplanation]], ...
]

_BEGIN = r"^(?: |- )*"
_NO_KEY = r"\s'\"#:：,\[\]{}&*!|>%@`"
_ODD_SPACES = "[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]"


def find_slip(spot: Spot) -> SyntaxExplanation | None:
    """A slip in the lines around an error."""
    lines = sorted({spot.since.line, spot.line_above(), spot.at.line} - {0})
    slips = [_search(_ANYWHERE, spot, line) for line in lines]
    slips.append(_search(_AT_ONCE, spot, spot.at.line))
    return next(filter(None, slips), None)


def find_key_slip(spot: Spot, line: int) -> SyntaxExplanation | None:
    """A slip in a line that should be a key or a list entry."""
    return _search(_IN_KEYS, spot, line)


def _search(slips: _Slips, spot: Spot, line: int) -> SyntaxExplanation | None:
    for pattern, explain in slips:
        if match := pattern.search(spot.line(line)):
            return explain(match, Place(line, match.start("slip") + 1))
    return None


def _conflict(match: re.Match[str], place: Place) -> SyntaxExplanation:
    message = "unresolved merge conflict"
    return SyntaxExplanation(message, "resolve it and remove its marker lines", place)


def _slip_tab(match: re.Match[str], place: Place) -> SyntaxExplanation:
    return SyntaxExplanation("tab in indentation", "use spaces", place)


def _wide_colon(match: re.Match[str], place: Place) -> SyntaxExplanation:
    message = f"full-width colon after {quoted(match['key'])}"
    return SyntaxExplanation(message, "use an ASCII colon and a space", place)


def _odd_space(match: re.Match[str], place: Place) -> SyntaxExplanation:
    message = f"U+{ord(match['slip']):04X} is not a plain space"
    return SyntaxExplanation(message, "use a plain space", place)


def _tight_colon(match: re.Match[str], place: Place) -> SyntaxExplanation:
    message = f"missing space after the colon of {quoted(match['key'])}"
    return SyntaxExplanation(message, f"write {quoted(match['key'] + ': ' + match['rest'])}", place)


def _tight_dash(match: re.Match[str], place: Place) -> SyntaxExplanation:
    message = "missing space after the dash"
    return SyntaxExplanation(message, f"write {quoted('- ' + match['rest'])}", place)


_ANYWHERE: _Slips = (
    (re.compile(r"^(?P<slip><{7}|={7}|>{7})(?: |$)"), _conflict),
    (re.compile(rf"{_BEGIN}(?:[\w-]+:)?(?P<slip>{_ODD_SPACES})"), _odd_space),
)
_AT_ONCE: _Slips = ((re.compile(r"^ *(?:- +)*(?P<slip>\t)"), _slip_tab),)
_IN_KEYS: _Slips = (
    (re.compile(rf"{_BEGIN}(?P<key>[^{_NO_KEY}]+)(?P<slip>：)"), _wide_colon),
    (re.compile(rf"{_BEGIN}(?P<key>[^{_NO_KEY}]+)(?P<slip>:)(?P<rest>[^\s:/].*)$"), _tight_colon),
    (re.compile(rf"{_BEGIN}(?P<slip>-)(?P<rest>[^\s-].*)$"), _tight_dash),
)

_Cause: TypeAlias = Callable[[Spot], SyntaxExplanation]

_CLOSING = {"[": "]", "{": "}"}


def explain(fault: SyntaxFault, text: str, shown_as: str) -> Problem:
    """A syntax error in plain words."""
    spot = Spot.of(text, fault.at, fault.since)
    explanation = find_slip(spot) or _usual_cause(fault, spot)
    position = Position(shown_as, *explanation.place)
    return Problem(explanation.message, explanation.remedy, position)


def _usual_cause(fault: SyntaxFault, spot: Spot) -> SyntaxExplanation:
    complaint = f"{fault.context}: {fault.problem}"
    for pattern, cause in _CAUSES:
        if pattern.search(complaint):
            return cause(spot)
    message = f"not valid YAML ({printable(fault.problem)})"
    return SyntaxExplanation(
        message, "check the quotes, brackets and indentation around here", spot.at
    )


def _bad_start(spot: Spot) -> SyntaxExplanation:
    place = spot.since if spot.char(spot.since) in ("*", "&", "!") else spot.at
    char = spot.char(place)
    sign = "a backtick" if char == "`" else quoted(char)
    return SyntaxExplanation(f"a value cannot begin with {sign}", "put it in quotes", place)


def _tab(spot: Spot) -> SyntaxExplanation:
    return SyntaxExplanation("unexpected tab", "use spaces", spot.at)


def _open_quote(spot: Spot) -> SyntaxExplanation:
    quote = spot.char(spot.since)
    message = f"unclosed quote {quote}"
    return SyntaxExplanation(message, f"add {quote} at the end of the text", spot.since)


def _open_bracket(spot: Spot) -> SyntaxExplanation:
    bracket = spot.char(spot.since)
    closing = _CLOSING.get(bracket, "}")
    if spot.at.line == spot.since.line:
        remedy = "add it, or quote the text between the commas"
        return SyntaxExplanation(f"missing comma or {quoted(closing)}", remedy, spot.at)
    message = f"unclosed {quoted(bracket)} or missing comma"
    remedy = f"add {quoted(closing)} at the end, and a comma after each entry"
    return SyntaxExplanation(message, remedy, spot.since)


def _no_content(spot: Spot) -> SyntaxExplanation:
    char = spot.char(spot.at)
    if not char:
        message = "the file ends inside a list or mapping"
        return SyntaxExplanation(message, "add the closing bracket", spot.at)
    message = f"expected a value, found {quoted(char)}"
    return SyntaxExplanation(message, "quote the value if it begins with this character", spot.at)


def _second_colon(spot: Spot) -> SyntaxExplanation:
    """A colon that makes a key where no key is allowed."""
    line, above = spot.line(spot.at.line), spot.line_above()
    if re.search(r":\s", spot.before(spot.at)):
        message = "colon inside a value"
        return SyntaxExplanation(message, "put the value in quotes, or start a new line", spot.at)
    if line.startswith("---"):
        message = "a mapping cannot begin on the line of ---"
        return SyntaxExplanation(message, "begin it on the next line", spot.at)
    if re.search(r":(\s|$)", spot.line(above)):
        message = f"this key is indented below the value on line {above}"
        remedy = "indent it like the keys around it, or remove that value"
        return SyntaxExplanation(message, remedy, _indented(spot, spot.at.line))
    if above:
        return _no_key(spot, above)
    return SyntaxExplanation(
        "this key is longer than 1,024 characters", "shorten it", _indented(spot, 1)
    )


def _no_key(spot: Spot, line: int) -> SyntaxExplanation:
    if slip := find_key_slip(spot, line):
        return slip
    message = "expected a key with a value or a list entry"
    return SyntaxExplanation(message, "write `key: value` or `- entry`", _indented(spot, line))


def _no_colon(spot: Spot) -> SyntaxExplanation:
    return _no_key(spot, spot.since.line)


def _indented(spot: Spot, line: int) -> Place:
    """The first character of a line after its indentation."""
    text = spot.line(line)
    return Place(line, len(text) - len(text.lstrip(" ")) + 1)


def _leftover(spot: Spot) -> SyntaxExplanation:
    before = spot.before(spot.at).rstrip()
    if not before.strip("- "):
        message = "this indentation matches no line above"
        return SyntaxExplanation(message, "indent it like the lines around it", spot.at)
    if before[-1] in "'\"]}":
        message = f"unexpected text after the closing {before[-1]}"
        return SyntaxExplanation(
            message, "put the whole value in quotes, or remove the rest", spot.at
        )
    message = "unexpected text after the value"
    return SyntaxExplanation(message, "put the whole value in quotes", spot.at)


def _no_dash(spot: Spot) -> SyntaxExplanation:
    message = "expected the next list entry"
    return SyntaxExplanation(message, "begin the line with `- `, or fix its indentation", spot.at)


def _late_dash(spot: Spot) -> SyntaxExplanation:
    message = "a list cannot begin on the line of its key"
    return SyntaxExplanation(
        message, "write `- ` on the next line, or the whole list in [ ]", spot.at
    )


def _bad_escape(spot: Spot) -> SyntaxExplanation:
    place = spot.at
    if spot.char(place) != "\\":  # one of the parsers is already past the backslash
        place = Place(place.line, max(1, spot.before(place).rfind("\\") + 1))
    escape = spot.line(place.line)[place.column - 1 :][:2]
    message = f"{quoted(escape)} is not a valid escape in double quotes"
    return SyntaxExplanation(message, "write two backslashes, or use single quotes", place)


def _bad_block(spot: Spot) -> SyntaxExplanation:
    sign = quoted(spot.char(spot.since))
    message = f"text cannot follow {sign} on the same line"
    return SyntaxExplanation(
        message, "write it on the lines below, or put the value in quotes", spot.since
    )


def _bad_document(spot: Spot) -> SyntaxExplanation:
    if spot.line(spot.line_above()).startswith("%"):
        message = "a % line must be followed by ---"
        return SyntaxExplanation(message, "add ---, or remove the % line", spot.at)
    message = "the document has already ended"
    return SyntaxExplanation(message, "begin another document with ---, or remove this", spot.at)


def _bad_version(spot: Spot) -> SyntaxExplanation:
    return SyntaxExplanation("unsupported YAML version", "remove the %YAML line", spot.at)


def _bad_directive(spot: Spot) -> SyntaxExplanation:
    message = "unknown YAML directive"
    return SyntaxExplanation(
        message, "remove it, or put the text in quotes", Place(spot.at.line, 1)
    )


_CAUSES: tuple[tuple[re.Pattern[str], _Cause], ...] = tuple(
    (re.compile(pattern), cause)
    for pattern, cause in (
        (r"tab character|'\\t' that cannot", _tab),
        ("cannot start any token|alphabetic or numeric|a tag|tag handle", _bad_start),
        ("quoted scalar: found unexpected", _open_quote),
        ("quoted scalar", _bad_escape),
        ("block scalar", _bad_block),
        (r"',' or '[\]}]'", _open_bracket),
        ("node content", _no_content),
        ("mapping values", _second_colon),
        ("sequence entries", _late_dash),
        ("expected ':'", _no_colon),
        ("<document start>|document end", _bad_document),
        ("block collection", _no_dash),
        ("block mapping", _leftover),
        ("incompatible", _bad_version),
        ("directive", _bad_directive),
    )
)
