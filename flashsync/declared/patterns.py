"""The forms of texts as JSON Schema: what an editor can mark without knowing the account.

The parsers of `scalars.py` and its neighbours decide. These patterns refuse what the parsers refuse
by form alone, and nothing else; they use what Python and ECMAScript share.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_CONTROLS = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
_INVISIBLE = r"\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""As `fields.find_invisible` has them, without joiners: those depend on their neighbours."""


def _any_case(text: str) -> str:
    """`[mM][oO][nN]`: JSON Schema has no flag that ignores case."""
    return "".join(f"[{char}{char.upper()}]" if char.islower() else char for char in text)


def _whole(*forms: str) -> dict[str, Any]:
    """A text that is one of these forms as a whole, between spaces."""
    return {"type": "string", "pattern": rf"^\s*(?:{'|'.join(forms)})\s*$"}


_NUMBER_TO_30 = "0{0,3}(?:[1-9]|[12][0-9]|30)"
_HOUR = "(?:[01]?[0-9]|2[0-3])"
_CLOCK = f"{_HOUR}:[0-5][0-9]"
_END = f"(?:{_CLOCK}|24:00)"
_DAY = (
    f"(?:{_any_case('mon')}(?:{_any_case('day')})?|{_any_case('tue')}(?:{_any_case('sday')})?"
    f"|{_any_case('wed')}(?:{_any_case('nesday')})?|{_any_case('thu')}(?:{_any_case('rsday')})?"
    f"|{_any_case('fri')}(?:{_any_case('day')})?|{_any_case('sat')}(?:{_any_case('urday')})?"
    f"|{_any_case('sun')}(?:{_any_case('day')})?)"
)
_DAYS = rf"{_DAY}(?:\s*-\s*{_DAY})?"
_NOT_EMPTY = r"(?!([0-9]+:[0-9]+)\s*-\s*\1\s*$)"
_DAILY = rf"{_NOT_EMPTY}{_CLOCK}\s*-\s*{_END}"
_WEEKLY = rf"{_DAYS}\s+{_CLOCK}\s*-\s*{_END}|{_DAY}\s+{_CLOCK}\s*-\s*{_DAY}\s+{_END}"
_DATE = (
    "(?:19(?:7[1-9]|[89][0-9])|2[0-9]{3})-"
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))"
)
_OFFSET = "(?: ?(?:Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9]))?"
_TIME = rf"{_DATE}[ T](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?{_OFFSET}"
_HALF_HOUR = rf"{_DATE}[ T](?:[01][0-9]|2[0-3]):[03]0(?::00)?{_OFFSET}"
FLAG = _whole(_any_case("true"), _any_case("false"))
TIME = _whole(_TIME)
ROLLOUT = _whole("next_handoff|now|exact", _HALF_HOUR)
ROTATION = _whole(
    "|".join(map(_any_case, ("hourly", "daily", "weekly", "monthly"))),
    rf"{_NUMBER_TO_30}\s*(?:{'|'.join(map(_any_case, ('hour', 'day', 'week', 'month')))})[sS]?",
)
WEEKLY_ROTATION = _whole(
    _any_case("weekly"),
    rf"0{{0,3}}1\s*{_any_case('week')}[sS]?",
    rf"0{{0,3}}7\s*{_any_case('day')}[sS]?",
)
HANDOFF = _whole(rf"{_DAY}\s+{_CLOCK}")
DAYS = _whole(_DAYS)
DAILY_HOURS = _whole(_DAILY)
WEEKLY_HOURS = _whole(_WEEKLY)
CLOCK = _whole(_CLOCK)
LEAD = _whole(
    rf"[0-9]{{0,4}}[05]\s*(?:{_any_case('min')}(?:{_any_case('ute')}[sS]?)?|[mM])",
    rf"[0-9]{{1,5}}\s*[hH](?:{_any_case('our')}[sS]?)?",
)
SPAN = _whole(
    rf"[0-9]{{1,4}}\s*(?:[mM](?:{_any_case('in')}(?:{_any_case('ute')}[sS]?)?)?"
    rf"|[hH](?:{_any_case('our')}[sS]?)?|[dD](?:{_any_case('ay')}[sS]?)?)"
)
LENGTH = _whole(
    rf"(?!0+\s*[a-zA-Z])[0-9]{{1,4}}\s*"
    rf"(?:{_any_case('hour')}|{_any_case('day')}|{_any_case('week')})[sS]?"
)
ZONE = _whole("[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
EMAIL = {"type": "string", "pattern": rf"^[^{_CONTROLS}{_INVISIBLE}]*@[^{_CONTROLS}{_INVISIBLE}]*$"}
VARIABLE = _whole(rf"(?!{_any_case('flashduty_')})[A-Za-z_][A-Za-z0-9_]*")
PATH = _whole(r"(?!/+(?:proc|dev|sys)(?:/|\s*$))(?:/|~/).*")

VARIABLES = _whole(rf"(?!{_any_case('flashduty_')})[^{_CONTROLS}\s](?:[^{_CONTROLS}]*)")
FOLDER = _whole(r"(?!(?:.*/)?\.\.(?:/|\s*$))(?:/|~/).*")


def text(longest: int, *, refused: str = "", end: str = "") -> dict[str, Any]:
    """Any scalar with 1 to `longest` characters, on one line; `end` may not be its last word."""
    not_at_end = rf"(?!.*{end}\s*$)" if end else ""
    inner = rf"[^{_CONTROLS}{refused}]"
    pattern = rf"^{not_at_end}\s*(?=\S){inner}*\s*$"
    return {"type": ["string", "number", "boolean"], "pattern": pattern, "maxLength": longest}


def visible_text(longest: int) -> dict[str, Any]:
    """As `text`, without invisible characters."""
    return text(longest, refused=_INVISIBLE)


def person(longest: int) -> dict[str, Any]:
    """A person by one text."""
    return text(longest, refused=rf"{_INVISIBLE}，、；")


def short_name(longest: int) -> dict[str, Any]:
    """A short name: it does not look like an id or an address."""
    inner = rf"[^{_CONTROLS}{_INVISIBLE}@]"
    pattern = rf"^(?!\s*[0-9]+\s*$)\s*(?=\S){inner}*\s*$"
    return {"type": "string", "pattern": pattern, "maxLength": longest}


def paragraphs(longest: int) -> dict[str, Any]:
    """Any scalar of at most `longest` characters without outer spaces; lines and tabs are fine."""
    inner = r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]"
    return {
        "type": ["string", "number", "boolean"],
        "pattern": rf"^\s*{inner}{{0,{longest}}}\s*$",
    }


def whole_number(most: int = 2**63 - 1) -> dict[str, Any]:
    """A number of digits, or its text."""
    digits = "[0-9]+" if most >= 10**9 else "0*(?:[0-9]|[1-9][0-9]|100)"
    return {
        "anyOf": [{"type": "integer", "minimum": 0, "maximum": most}, _whole(digits)],
    }


def one_or_several(*items: Mapping[str, Any]) -> dict[str, Any]:
    """One text, or a list of texts that all have the same of these forms."""
    lists = [{"type": "array", "items": item, "minItems": 1} for item in items]
    return {"anyOf": [*items, *lists]}
