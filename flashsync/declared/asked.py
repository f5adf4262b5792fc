"""Times that a command line gives: written as in a file."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

from flashsync.declared import scalars
from flashsync.declared.findings import Finding, Findings
from flashsync.declared.scalars import Moment


def moment(text: str) -> Moment:
    """`2026-01-05 10:00`, with an offset or without. Raises Findings."""
    try:
        return scalars.moment(text)
    except PydanticCustomError as error:
        context = error.context or {}
        raise Findings([Finding((), context["message"], context["remedy"])]) from None
