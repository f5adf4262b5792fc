"""Times and people that a command line gives, written as in a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from pydantic_core import PydanticCustomError

from flashsync.declared import people, scalars
from flashsync.declared.fields import name
from flashsync.declared.people import PersonName
from flashsync.declared.problems import Finding, Findings, nearest
from flashsync.declared.scalars import Moment
from flashsync.declared.schedule import LONGEST_NAME
from flashsync.model.timezone import DAY, HOUR, MINUTE, WEEK

_WESTMOST = -12 * 3600
"""Seconds from UTC of the last zone to reach any wall-clock time."""

_EPOCH_WEEKDAY = 3
"""The weekday of 1 January 1970, a Thursday; Monday is 0."""

Value = TypeVar("Value")


def moment(text: str) -> Moment:
    """`2026-01-05 10:00`, with an offset or without. Raises Findings."""
    return _parse(lambda: scalars.parse_moment(text, hint=""))


def span(text: str) -> int:
    """`24h`, `7 days`: a length of time, in seconds. Raises Findings."""
    return _parse(lambda: scalars.parse_span(text))


_AWAY = re.compile(r"([+-]) ?(.+)")
_OF_A_DAY = re.compile(r"([a-z]+)?(?: ?\b([0-9]{1,2}:[0-9]{2}))?")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEAR_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}


def time_away(text: str) -> int | None:
    """`+2h`, `-30 min`, `now`: seconds from now; None for other texts. Raises Findings."""
    if text == "now":
        return 0
    match = _AWAY.fullmatch(text)
    return match and span(match[2]) * (1 if match[1] == "+" else -1)


def time_near(text: str, now: int, *, date: bool = False) -> Moment | None:
    """`tomorrow`, `fri 18:00`, `18:00`: the next such time on a clock that shows `now`.

    A day alone is that day at this time, or with `date` its beginning. None for other texts.
    Raises Findings.
    """
    match = _OF_A_DAY.fullmatch(" ".join(text.lower().split()))
    if not match or not (match[1] or match[2]):
        return None
    today = now // DAY * DAY
    clock = 0 if date else now - today
    if match[2]:
        hours, minutes = _parse(lambda: scalars.parse_clock(match[2])).split(":")
        clock = int(hours) * HOUR + int(minutes) * MINUTE
    if match[1] in _NEAR_DAYS:
        return Moment(today + _NEAR_DAYS[match[1]] * DAY + clock)
    day, step = (today, DAY) if match[1] is None else (_day_of(match[1], today), WEEK)
    if day is None:
        return None
    is_past = bool(match[2]) and day + clock <= now
    return Moment(day + clock + (step if is_past else 0))


def _day_of(weekday: str, today: int) -> int | None:
    """The next day of this name, today included; None if there is no such name."""
    try:
        number = scalars.parse_handoff(f"{weekday} 00:00") // DAY
    except PydanticCustomError:
        return None
    return today + (number - today // DAY - _EPOCH_WEEKDAY) % 7 * DAY


def suggest_time(text: str) -> str:
    """The remedy for a text that is not a time."""
    near = nearest(text.split(" ")[0], (*_NEAR_DAYS, *_DAYS, "now"))
    return f"did you mean {near}?" if near else "use 2026-01-05 10:00, tomorrow, 'fri 18:00' or +2h"


def person(tree: object) -> PersonName:
    """`alice`, an id, an address or a name, or `{name: …}` as a tree. Raises Findings."""
    return _parse(lambda: people.parse_person(tree))


def time_of_week(text: str) -> int:
    """`mon 10:00`: seconds from Monday 00:00. Raises Findings."""
    return _parse(lambda: scalars.parse_handoff(text))


def schedule_name(text: str) -> str:
    """1 to 40 characters. Raises Findings."""
    return _parse(lambda: name(LONGEST_NAME, "a schedule's name")(text))


def layer_name(text: str) -> str:
    """1 to 40 characters. Raises Findings."""
    return _parse(lambda: name(LONGEST_NAME, "a layer's name")(text))


def _parse(parse: Callable[[], Value]) -> Value:
    try:
        return parse()
    except PydanticCustomError as error:
        context = error.context or {}
        raise Findings([Finding((), context["message"], context["remedy"])]) from None


def is_past(text: str, now: int) -> bool:
    """Whether a time of a file is past at `now` (Unix seconds), in every zone where it has no
    offset.
    """
    at = scalars.parse_moment(text)
    return at.wall - (_WESTMOST if at.offset is None else at.offset) <= now
