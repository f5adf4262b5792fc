"""Slips of the keyboard that YAML reads as something else, and then refuses elsewhere.

They are looked for only in the lines around a refusal: the same characters may well be right in
text that the parser accepts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from flashsync.files.quote import quoted
from flashsync.files.spot import Explanation, Place, Spot

_Slips: TypeAlias = tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str], Place], Explanation]], ...
]

_BEGIN = r"^(?: |- )*"
_NO_KEY = r"\s'\"#:：,\[\]{}&*!|>%@`"
_ODD_BLANKS = "[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]"


def find_slip(spot: Spot) -> Explanation | None:
    """A slip that leads to any complaint, in the lines around it."""
    lines = sorted({spot.since.line, spot.line_above(), spot.at.line} - {0})
    slips = [_search(_ANYWHERE, spot, line) for line in lines]
    slips.append(_search(_AT_ONCE, spot, spot.at.line))
    return next(filter(None, slips), None)


def find_key_slip(spot: Spot, line: int) -> Explanation | None:
    """A slip in a line that is neither a key nor an entry of a list, and should be."""
    return _search(_IN_KEYS, spot, line)


def _search(slips: _Slips, spot: Spot, line: int) -> Explanation | None:
    for pattern, explain in slips:
        if match := pattern.search(spot.line(line)):
            return explain(match, Place(line, match.start("slip") + 1))
    return None


def _conflict(match: re.Match[str], place: Place) -> Explanation:
    message = "a merge conflict was left in the file"
    return Explanation(message, "resolve it, and take out the lines with its markers", place)


def _tab(match: re.Match[str], place: Place) -> Explanation:
    return Explanation("a tab stands in the indentation", "indent with blanks", place)


def _wide_colon(match: re.Match[str], place: Place) -> Explanation:
    message = f"the colon after {quoted(match['key'])} is a full-width one"
    return Explanation(message, "write an ordinary colon and a blank", place)


def _odd_blank(match: re.Match[str], place: Place) -> Explanation:
    message = f"the character U+{ord(match['slip']):04X} looks like a blank, and is none to YAML"
    return Explanation(message, "write an ordinary blank", place)


def _tight_colon(match: re.Match[str], place: Place) -> Explanation:
    message = f"there is no blank after the colon of {quoted(match['key'])}"
    return Explanation(message, f"write {quoted(match['key'] + ': ' + match['rest'])}", place)


def _tight_dash(match: re.Match[str], place: Place) -> Explanation:
    message = "there is no blank after the dash"
    return Explanation(message, f"write {quoted('- ' + match['rest'])}", place)


_ANYWHERE: _Slips = (
    (re.compile(r"^(?P<slip><{7}|={7}|>{7})(?: |$)"), _conflict),
    (re.compile(rf"{_BEGIN}(?:[\w-]+:)?(?P<slip>{_ODD_BLANKS})"), _odd_blank),
)
_AT_ONCE: _Slips = ((re.compile(r"^ *(?:- +)*(?P<slip>\t)"), _tab),)
_IN_KEYS: _Slips = (
    (re.compile(rf"{_BEGIN}(?P<key>[^{_NO_KEY}]+)(?P<slip>：)"), _wide_colon),
    (re.compile(rf"{_BEGIN}(?P<key>[^{_NO_KEY}]+)(?P<slip>:)(?P<rest>[^\s:/].*)$"), _tight_colon),
    (re.compile(rf"{_BEGIN}(?P<slip>-)(?P<rest>[^\s-].*)$"), _tight_dash),
)
