"""Times and people that a command line gives, written as in a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic_core import PydanticCustomError

from flashsync.declared import people, scalars
from flashsync.declared.fields import name
from flashsync.declared.people import PersonName
from flashsync.declared.problems import Finding, Findings
from flashsync.declared.scalars import Moment
from flashsync.declared.schedule import LONGEST_NAME

_WESTMOST = -12 * 3600
"""Seconds from UTC of the last zone to reach any wall-clock time."""

Value = TypeVar("Value")


def moment(text: str) -> Moment:
    """`2026-01-05 10:00`, with an offset or without. Raises Findings."""
    return _parse(lambda: scalars.parse_moment(text, hint=""))


def span(text: str) -> int:
    """`24h`, `7 days`: a length of time, in seconds. Raises Findings."""
    return _parse(lambda: scalars.parse_span(text))


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
