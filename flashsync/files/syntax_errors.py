"""YAML syntax errors in plain words.

A parser says where it gave up and what it expected there. People want to know what they typed
wrong: a few slips cause most errors, and each complaint has its usual cause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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

_BEGIN = r"^(?: |- )*"
_NO_KEY = r"\s'\"#:：,\[\]{}&*!|>%@`"
_ODD_SPACES = "[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]"


class _Slip(NamedTuple):
    """A slip with its message and remedy, which may have `{key}`, `{code}` and `{fixed}`."""

    pattern: re.Pattern[str]
    message: str
    remedy: str


_ANYWHERE = (
    _Slip(
        re.compile(r"^(?P<slip><{7}|={7}|>{7})(?: |$)"),
        "unresolved merge conflict",
        "resolve it and remove its marker lines",
    ),
    _Slip(
        re.compile(rf"{_BEGIN}(?:[\w-]+:)?(?P<slip>{_ODD_SPACES})"),
        "{code} is not a plain space",
        "use a plain space",
    ),
)
_AT_ONCE = (_Slip(re.compile(r"^ *(?:- +)*(?P<slip>\t)"), "tab in indentation", "use spaces"),)
_IN_KEYS = (
    _Slip(
        re.compile(rf"{_BEGIN}(?P<key>[^{_NO_KEY}]+)(?P<slip>：)"),
        "full-width colon after {key}",
        "use an ASCII colon and a space",
    ),
    _Slip(
        re.compile(rf"{_BEGIN}(?P<key>[^{_NO_KEY}]+)(?P<slip>:)(?P<rest>[^\s:/].*)$"),
        "missing space after the colon of {key}",
        "write {fixed}",
    ),
    _Slip(
        re.compile(rf"{_BEGIN}(?P<slip>-)(?P<rest>[^\s-].*)$"),
        "missing space after the dash",
        "write {fixed}",
    ),
)


def _find_slip(spot: Spot) -> SyntaxExplanation | None:
    """A slip in the lines around an error."""
    lines = sorted({spot.since.line, spot.line_above(), spot.at.line} - {0})
    slips = [_search(_ANYWHERE, spot, line) for line in lines]
    slips.append(_search(_AT_ONCE, spot, spot.at.line))
    return next(filter(None, slips), None)


def _search(slips: Sequence[_Slip], spot: Spot, line: int) -> SyntaxExplanation | None:
    for pattern, message, remedy in slips:
        if match := pattern.search(spot.line(line)):
            parts = match.groupdict()
            before = f"{parts['key']}:" if "key" in parts else "-"
            words = {
                "key": quoted(parts.get("key", "")),
                "code": f"U+{ord(match['slip'][0]):04X}",
                "fixed": quoted(f"{before} {parts.get('rest', '')}"),
            }
            place = Place(line, match.start("slip") + 1)
            return SyntaxExplanation(message.format(**words), remedy.format(**words), place)
    return None


# The usual cause of each complaint of a parser.


def explain(fault: SyntaxFault, text: str, shown_as: str) -> Problem:
    """A syntax error in plain words."""
    spot = Spot.of(text, fault.at, fault.since)
    explanation = _find_slip(spot) or _find_cause(fault, spot)
    position = Position(shown_as, *explanation.place)
    return Problem(explanation.message, explanation.remedy, position)


def _find_cause(fault: SyntaxFault, spot: Spot) -> SyntaxExplanation:
    complaint = f"{fault.context}: {fault.problem}"
    for pattern, cause in _CAUSES:
        if re.search(pattern, complaint):
            return SyntaxExplanation(*cause, spot.at) if isinstance(cause, tuple) else cause(spot)
    message = f"not valid YAML ({printable(fault.problem)})"
    return SyntaxExplanation(
        message, "check the quotes, brackets and indentation around here", spot.at
    )


def _bad_start(spot: Spot) -> SyntaxExplanation:
    place = spot.since if spot.char(spot.since) in ("*", "&", "!") else spot.at
    char = spot.char(place)
    sign = "a backtick" if char == "`" else quoted(char)
    return SyntaxExplanation(f"a value cannot begin with {sign}", "put it in quotes", place)


def _open_quote(spot: Spot) -> SyntaxExplanation:
    quote = spot.char(spot.since)
    message = f"unclosed quote {quote}"
    return SyntaxExplanation(message, f"add {quote} at the end of the text", spot.since)


def _open_bracket(spot: Spot) -> SyntaxExplanation:
    bracket = spot.char(spot.since)
    closing = "]" if bracket == "[" else "}"
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
    if slip := _search(_IN_KEYS, spot, line):
        return slip
    message = "expected a key with a value or a list entry"
    return SyntaxExplanation(message, "write `key: value` or `- entry`", _indented(spot, line))


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


def _bad_directive(spot: Spot) -> SyntaxExplanation:
    place = Place(spot.at.line, 1)
    return SyntaxExplanation(
        "unknown YAML directive", "remove it, or put the text in quotes", place
    )


_CAUSES: tuple[tuple[str, tuple[str, str] | Callable[[Spot], SyntaxExplanation]], ...] = (
    (r"tab character|'\\t' that cannot", ("unexpected tab", "use spaces")),
    ("cannot start any token|alphabetic or numeric|a tag|tag handle", _bad_start),
    ("quoted scalar: found unexpected", _open_quote),
    ("quoted scalar", _bad_escape),
    ("block scalar", _bad_block),
    (r"',' or '[\]}]'", _open_bracket),
    ("node content", _no_content),
    ("mapping values", _second_colon),
    (
        "sequence entries",
        (
            "a list cannot begin on the line of its key",
            "write `- ` on the next line, or the whole list in [ ]",
        ),
    ),
    ("expected ':'", lambda spot: _no_key(spot, spot.since.line)),
    ("<document start>|document end", _bad_document),
    (
        "block collection",
        ("expected the next list entry", "begin the line with `- `, or fix its indentation"),
    ),
    ("block mapping", _leftover),
    ("incompatible", ("unsupported YAML version", "remove the %YAML line")),
    ("directive", _bad_directive),
)
"""By complaint: the message and remedy at the place of the error, or a function for them."""
