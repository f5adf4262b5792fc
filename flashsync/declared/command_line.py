"""Times and people that a command line gives: written as in a file."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

from flashsync.declared import people, scalars
from flashsync.declared.people import PersonName
from flashsync.declared.problems import Finding, Findings
from flashsync.declared.scalars import Moment

_WESTMOST = -12 * 3600
"""The zone whose clocks are last, as a distance from UTC in seconds."""


def moment(text: str) -> Moment:
    """`2026-01-05 10:00`, with an offset or without. Raises Findings."""
    try:
        return scalars.moment(text, hint="")
    except PydanticCustomError as error:
        context = error.context or {}
        raise Findings([Finding((), context["message"], context["remedy"])]) from None


def span(text: str) -> int:
    """`24h`, `7 days`: a length of time, in seconds. Raises Findings."""
    try:
        return scalars.span(text)
    except PydanticCustomError as error:
        context = error.context or {}
        raise Findings([Finding((), context["message"], context["remedy"])]) from None


def person(text: str) -> PersonName:
    """A person, named as a file does it with one text. Raises Findings."""
    try:
        return people.person(text)
    except PydanticCustomError as error:
        context = error.context or {}
        raise Findings([Finding((), context["message"], context["remedy"])]) from None


def is_past(text: str, now: int) -> bool:
    """Whether a time of a file is over by now (Unix seconds), whatever the zone.

    Without an offset, a time is not over before it is on every clock of the earth.
    """
    at = scalars.moment(text)
    return at.wall - (_WESTMOST if at.offset is None else at.offset) <= now
