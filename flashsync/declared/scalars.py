"""The small languages of a schedule file: `1 week`, `mon 10:00`, `09:00-18:00`, `mon-fri`.

Each function turns text into a value of `model`, or raises `wrong`. `model/wording.py` is the
inverse.
"""

from __future__ import annotations

import re
from calendar import monthrange, timegm
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic_core import PydanticCustomError

from flashsync.declared.fields import any_case, text_of_form
from flashsync.declared.problems import ascii_form, not_read, shown, wrong
from flashsync.model.schedule import Hours, Rotation, Unit, canonical_hours
from flashsync.model.timezone import DAY, HOUR, MINUTE, WEEK
from flashsync.model.wording import count, day_ranges

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_UNITS = 30
LEAD_STEP = 5 * MINUTE
FIRST_YEAR, LAST_YEAR = 1971, 2999

_LONG_DAYS = {"monday": "mon", "tuesday": "tue", "wednesday": "wed", "thursday": "thu"}
_LONG_DAYS |= {"friday": "fri", "saturday": "sat", "sunday": "sun"}
_EVERY = {"hourly": Unit.HOUR, "daily": Unit.DAY, "weekly": Unit.WEEK, "monthly": Unit.MONTH}
_ROTATION = re.compile(r"([0-9]{1,4}) ?(hour|day|week|month)s?")
_CLOCK = r"([0-9]{1,2}):([0-9]{2})"
_DAY = "(" + "|".join([*_LONG_DAYS, *WEEKDAYS]) + ")"
_HANDOFF = re.compile(rf"{_DAY} {_CLOCK}")
_DAILY = re.compile(rf"{_CLOCK} ?- ?{_CLOCK}")
_WEEKLY = re.compile(rf"{_DAY} {_CLOCK} ?- ?{_DAY} {_CLOCK}")
_EACH_DAY = re.compile(rf"{_DAY}(?: ?- ?{_DAY})? {_CLOCK} ?- ?{_CLOCK}")
_DAYS = re.compile(rf"{_DAY}(?: ?- ?{_DAY})?")
_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?"
    r" ?(?:(Z)|([+-])([0-9]{2}):?([0-9]{2}))?"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEAD = re.compile(r"([0-9]{1,5}) ?(m|min|minute|minutes|h|hour|hours)")
_SPAN = re.compile(r"([0-9]{1,4}) ?(m|min|minutes?|h|hours?|d|days?)")
_LENGTH = re.compile(r"([0-9]{1,4}) ?(hour|day|week)s?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a file writes it.

    `wall` is the wall clock in seconds as if it were UTC's; `offset` is the distance from UTC in
    seconds, if the file gives one. Without it, `resolve` takes the account's zone.
    """

    wall: int
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time that keeps its unit: a day is not 24 hours where clocks change."""

    value: int
    unit: Unit


_CHINESE_DAYS = dict(zip("一二三四五六日天", (*WEEKDAYS, "sun"), strict=True))
_CHINESE_DAY = re.compile("(?:周|星期|礼拜)([一二三四五六日天])")
_DAY_WORDS = {"工作日": "mon-fri", "weekdays": "mon-fri", "weekday": "mon-fri"}
_DAY_WORDS |= {"周末": "sat-sun", "weekends": "sat-sun", "weekend": "sat-sun"}
_TURN_WORDS = {"fortnightly": "2 weeks", "biweekly": "2 weeks", "bi-weekly": "2 weeks"}
_TURN_WORDS |= {"双周": "2 weeks", "bimonthly": "2 months", "quarterly": "3 months"}
_TURN = re.compile(
    r"(?:every |每)?(?P<value>[0-9]{1,2}|[一二两三四五六七八九十])? ?个?"
    r"(?P<unit>h|hour|小时|d|day|天|日|w|week|周|星期|month|月)s?"
)
_TURN_UNITS = {"h": "hour", "小": "hour", "d": "day", "天": "day", "日": "day", "w": "week"}
_TURN_UNITS |= {"周": "week", "星": "week", "m": "month", "月": "month"}
_CHINESE_NUMBERS = {"两": 2} | {char: at for at, char in enumerate("一二三四五六七八九十", 1)}


def _rewrite_turn(text: str) -> str:
    """`每周`, `fortnightly`, `12h` as `1 week`, `2 weeks`, `12 hours`; other texts unchanged."""
    folded = _fold(ascii_form(text))
    if word := _TURN_WORDS.get(folded):
        return word
    if not (match := _TURN.fullmatch(folded)):
        return text
    value = match["value"] or "1"
    number = _CHINESE_NUMBERS.get(value) or int(value)
    return count(number, _TURN_UNITS[match["unit"][0]])


def _rewrite_days(text: str) -> str:
    """`周一至周五`, `weekdays` as `mon-fri`; other texts unchanged."""
    folded = _fold(ascii_form(text))
    for word, days in _DAY_WORDS.items():
        folded = folded.replace(word, days)
    english = _CHINESE_DAY.sub(lambda match: _CHINESE_DAYS[match[1]], folded)
    return re.sub(" ?[至到] ?", "-", english)


def _refuse(
    text: str,
    expected: str,
    example: str,
    rewrite: Callable[[str], str],
    parse: Callable[[str], object],
) -> PydanticCustomError:
    """The error for a text of the wrong form, with the right form where `rewrite` finds it."""
    rewritten = rewrite(text)
    if rewritten not in (text, ascii_form(text)):
        with suppress(PydanticCustomError):
            parse(rewritten)
            return wrong(f"expected {expected}, got {shown(text)}", f"write {rewritten}")
    return not_read(text, expected, example)


def parse_rotation(text: str) -> Rotation:
    """`1 week`, `12 hours`, `daily`: the length of a turn."""
    lowered = " ".join(text.lower().split())
    if lowered in _EVERY:
        return Rotation(1, _EVERY[lowered])
    match = _ROTATION.fullmatch(lowered)
    if not match:
        expected, example = "the length of a turn", "1 week, 12 hours or daily"
        raise _refuse(text, expected, example, _rewrite_turn, parse_rotation)
    value = int(match[1])
    if not 1 <= value <= MOST_UNITS:
        raise wrong(f"a turn must last 1 to {MOST_UNITS} {match[2]}s, got {shown(text)}")
    return Rotation(value, Unit(match[2]))


def parse_handoff(text: str) -> int:
    """`mon 10:00`: seconds from Monday 00:00."""
    match = _HANDOFF.fullmatch(_fold(text))
    if not match:
        raise _refuse(text, "a time of the week", "mon 10:00", _rewrite_days, parse_handoff)
    return _weekday(match[1]) * DAY + _parse_time(match[2], match[3], text)


def parse_moment(text: str, *, hint: str = "; the end is not included") -> Moment:
    """`2026-01-05 10:00`, with an offset or without; `hint` ends the remedy for a date alone."""
    stripped = text.strip()
    match = _MOMENT.fullmatch(stripped)
    if not match:
        if _DATE.fullmatch(stripped):
            remedy = f"write {stripped} 00:00{hint}"
            raise wrong(f"{shown(text)} is a date without a time", remedy)
        raise not_read(text, "a time", "2026-01-05 10:00")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    if (hour, minute, second) == (24, 0, 0):
        raise wrong(f"{shown(text)} has the hour 24", "write 00:00 of the next day")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise wrong(f"the year must be {FIRST_YEAR} to {LAST_YEAR}, got {shown(text)}")
    if not 1 <= month <= 12:
        raise wrong(f"no such date: month {month}")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise wrong(f"no such date: {stripped[:10]}")
    if hour > 23 or minute > 59 or second > 59:
        raise wrong(f"no such time: {stripped[11:]}", "use 00:00 to 23:59")
    wall = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return Moment(timegm(wall.timetuple()), _parse_offset(match, text))


def _parse_offset(match: re.Match[str], text: str) -> int | None:
    if match[7]:
        return 0
    if not match[8]:
        return None
    hours, minutes = int(match[9]), int(match[10])
    if hours > 14 or minutes > 59:
        raise wrong(f"no zone has the offset in {shown(text)}", "use an offset like +08:00")
    return (hours * HOUR + minutes * MINUTE) * (1 if match[8] == "+" else -1)


def parse_clock(text: str) -> str:
    """`08:00`: a time of day, as the platform writes it."""
    match = re.fullmatch(_CLOCK, text.strip())
    if not match:
        raise not_read(text, "a time of day", '"08:00"')
    seconds = _parse_time(match[1], match[2], text)
    return f"{seconds // HOUR:02}:{seconds % HOUR // MINUTE:02}"


def parse_hours(texts: list[str]) -> Hours:
    """`09:00-18:00`, `mon 09:00 - fri 18:00`, `mon-fri 09:00-18:00`, one or several."""
    daily: list[tuple[int, int]] = []
    weekly: list[tuple[int, int]] = []
    for text in texts:
        if window := _parse_daily(text):
            daily.append(window)
        else:
            weekly.extend(_parse_weekly(text))
    if daily and weekly:
        raise wrong("`hours` mixes daily and weekly windows", "name the days in each, or in none")
    hours = canonical_hours("day", daily) if daily else canonical_hours("week", weekly)
    if hours is None:
        raise wrong("`hours` is empty", "add a window like 09:00-18:00 or remove the key")
    return hours


def _parse_daily(text: str) -> tuple[int, int] | None:
    match = _DAILY.fullmatch(_fold(text))
    if not match:
        return None
    return _check_window(
        _parse_time(match[1], match[2], text), _parse_end(match[3], match[4], text), text
    )


def _parse_weekly(text: str) -> list[tuple[int, int]]:
    folded = _fold(text)
    if match := _WEEKLY.fullmatch(folded):
        start = _weekday(match[1]) * DAY + _parse_time(match[2], match[3], text)
        return [
            _check_window(
                start, _weekday(match[4]) * DAY + _parse_end(match[5], match[6], text), text
            )
        ]
    match = _EACH_DAY.fullmatch(folded)
    if not match:
        expected, example = "a window of hours", "09:00-18:00 or mon-fri 09:00-18:00"
        raise _refuse(text, expected, example, _rewrite_days, _parse_weekly)
    start, end = _parse_time(match[3], match[4], text), _parse_end(match[5], match[6], text)
    _check_window(start, end, text)
    length = end - start if end > start else end - start + DAY  # over midnight
    starts = [day * DAY + start for day in _day_range(match[1], match[2])]
    return [(start, (start + length) % WEEK or WEEK) for start in starts]


def _check_window(start: int, end: int, text: str) -> tuple[int, int]:
    if start == end:
        remedy = "change one of them, or remove `hours` for the whole day"
        raise wrong(f"{shown(text)} begins and ends at the same time", remedy)
    return start, end


def parse_days(texts: list[str]) -> frozenset[int]:
    """`mon-fri`, `sun`, several: the days of duty, Sunday 0 (api.md, `day_mask`)."""
    mask: set[int] = set()
    for text in texts:
        match = _DAYS.fullmatch(_fold(text))
        if not match:
            expected, example = "a day or a range of days", "mon-fri or [sat, sun]"
            raise _refuse(text, expected, example, _rewrite_days, lambda day: parse_days([day]))
        mask |= {(day + 1) % 7 for day in _day_range(match[1], match[2])}
    if not mask:
        raise wrong("`days` is empty", "add days like mon-fri or remove the key")
    return frozenset(mask)


def shorten_days(texts: list[str]) -> list[str]:
    """`[mon, tue, wed]` as `[mon-wed]`; texts that are not days stay as they are."""
    try:
        return day_ranges(parse_days(texts))
    except PydanticCustomError:
        return texts


def parse_lead(text: str) -> int:
    """`5 min`: seconds before a shift, in steps of 5 minutes; `0 min` is at its start."""
    match = _LEAD.fullmatch(_fold(text))
    if not match:
        raise not_read(text, "a time before the shift", "30 min")
    seconds = int(match[1]) * (HOUR if match[2].startswith("h") else MINUTE)
    if seconds % LEAD_STEP:
        nearest = max(1, round(seconds / LEAD_STEP)) * 5
        raise wrong(f"must be a multiple of 5 min, got {shown(text)}", f"write {nearest} min")
    return seconds


def parse_span(text: str) -> int:
    """`24h`, `7 days`: seconds."""
    match = _SPAN.fullmatch(_fold(text))
    if not match:
        raise not_read(text, "a length of time", "24h")
    return int(match[1]) * {"m": MINUTE, "h": HOUR, "d": DAY}[match[2][0]]


def parse_length(text: str) -> Length:
    """`7 days`, `1 week`, `36 hours`, with the unit kept."""
    match = _LENGTH.fullmatch(_fold(text))
    if not match:
        raise not_read(text, "a length of time", "7 days, 1 week or 36 hours")
    if not int(match[1]):
        raise wrong(f"must be at least 1 hour, got {shown(text)}")
    return Length(int(match[1]), Unit(match[2]))


def _fold(text: str) -> str:
    return " ".join(text.lower().split())


def _weekday(word: str) -> int:
    return WEEKDAYS.index(_LONG_DAYS.get(word, word))


def _day_range(first: str, last: str | None) -> list[int]:
    """Weekdays, Monday 0; over Sunday where the last comes before the first."""
    start = _weekday(first)
    length = (_weekday(last) - start) % 7 + 1 if last else 1
    return [(start + step) % 7 for step in range(length)]


def _parse_time(hour: str, minute: str, text: str) -> int:
    seconds = _parse_end(hour, minute, text)
    if seconds == DAY:
        raise wrong(f"must be before 24:00, got {shown(text)}", "write 00:00")
    return seconds


def _parse_end(hour: str, minute: str, text: str) -> int:
    seconds = int(hour) * HOUR + int(minute) * MINUTE
    if int(minute) >= 60 or seconds > DAY:
        raise wrong(f"no such time in {shown(text)}", "use 00:00 to 24:00")
    return seconds


# The same languages as JSON Schema.

_NUMBER_TO_30 = "0{0,3}(?:[1-9]|[12][0-9]|30)"
_HOUR_FORM = "(?:[01]?[0-9]|2[0-3])"
_CLOCK_FORM = f"{_HOUR_FORM}:[0-5][0-9]"
_END_FORM = f"(?:{_CLOCK_FORM}|24:00)"
_DAY_FORM = (
    f"(?:{any_case('mon')}(?:{any_case('day')})?|{any_case('tue')}(?:{any_case('sday')})?"
    f"|{any_case('wed')}(?:{any_case('nesday')})?|{any_case('thu')}(?:{any_case('rsday')})?"
    f"|{any_case('fri')}(?:{any_case('day')})?|{any_case('sat')}(?:{any_case('urday')})?"
    f"|{any_case('sun')}(?:{any_case('day')})?)"
)
_DAYS_FORM = rf"{_DAY_FORM}(?:\s*-\s*{_DAY_FORM})?"
_NOT_EMPTY_FORM = r"(?!([0-9]+:[0-9]+)\s*-\s*\1\s*$)"
_DAILY_FORM = rf"{_NOT_EMPTY_FORM}{_CLOCK_FORM}\s*-\s*{_END_FORM}"
_WEEKLY_FORM = (
    rf"{_DAYS_FORM}\s+{_CLOCK_FORM}\s*-\s*{_END_FORM}"
    rf"|{_DAY_FORM}\s+{_CLOCK_FORM}\s*-\s*{_DAY_FORM}\s+{_END_FORM}"
)
_DATE_FORM = (
    "(?:19(?:7[1-9]|[89][0-9])|2[0-9]{3})-"
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))"
)
_OFFSET_FORM = "(?: ?(?:Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9]))?"
_TIME_FORM = rf"{_DATE_FORM}[ T](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?{_OFFSET_FORM}"
_HALF_HOUR_FORM = rf"{_DATE_FORM}[ T](?:[01][0-9]|2[0-3]):[03]0(?::00)?{_OFFSET_FORM}"
TIME_SCHEMA = text_of_form(_TIME_FORM)
ROLLOUT_SCHEMA = text_of_form("next_handoff|now|exact", _HALF_HOUR_FORM)
ROTATION_SCHEMA = text_of_form(
    "|".join(map(any_case, ("hourly", "daily", "weekly", "monthly"))),
    rf"{_NUMBER_TO_30}\s*(?:{'|'.join(map(any_case, ('hour', 'day', 'week', 'month')))})[sS]?",
)
WEEKLY_ROTATION_SCHEMA = text_of_form(
    any_case("weekly"),
    rf"0{{0,3}}1\s*{any_case('week')}[sS]?",
    rf"0{{0,3}}7\s*{any_case('day')}[sS]?",
)
HANDOFF_SCHEMA = text_of_form(rf"{_DAY_FORM}\s+{_CLOCK_FORM}")
DAYS_SCHEMA = text_of_form(_DAYS_FORM)
DAILY_HOURS_SCHEMA = text_of_form(_DAILY_FORM)
WEEKLY_HOURS_SCHEMA = text_of_form(_WEEKLY_FORM)
CLOCK_SCHEMA = text_of_form(_CLOCK_FORM)
LEAD_SCHEMA = text_of_form(
    rf"[0-9]{{0,4}}[05]\s*(?:{any_case('min')}(?:{any_case('ute')}[sS]?)?|[mM])",
    rf"[0-9]{{1,5}}\s*[hH](?:{any_case('our')}[sS]?)?",
)
SPAN_SCHEMA = text_of_form(
    rf"[0-9]{{1,4}}\s*(?:[mM](?:{any_case('in')}(?:{any_case('ute')}[sS]?)?)?"
    rf"|[hH](?:{any_case('our')}[sS]?)?|[dD](?:{any_case('ay')}[sS]?)?)"
)
LENGTH_SCHEMA = text_of_form(
    rf"(?!0+\s*[a-zA-Z])[0-9]{{1,4}}\s*"
    rf"(?:{any_case('hour')}|{any_case('day')}|{any_case('week')})[sS]?"
)
