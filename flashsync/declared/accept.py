"""An entry of `accept`: a difference between account and file that drift lets pass for a time."""

from __future__ import annotations

import re
from typing import Annotated

from flashsync.declared import scalars
from flashsync.declared.base import TEXT_SCHEMA, declared, name, scalar, schema
from flashsync.declared.scalars import Moment
from flashsync.declared.wrong import shown, wrong

_LONGEST = 300
_KEY = r"(\.[a-z_]+)?"
_FIELD = re.compile(
    rf"schedule|description|team|overrides|layers(\[.+\]{_KEY})?"
    rf"|notify(\.(before|daily_at|by|chats(\[.+\]{_KEY})?))?"
)


def field(text: str) -> str:
    """A path as a plan shows it, or what it begins with: `layers[Primary].groups`, `notify`."""
    found = text.strip()
    if not _FIELD.fullmatch(found):
        remedy = "write it as drift shows it, like description or layers[Primary].groups"
        raise wrong(f"{shown(text)} is no field", remedy)
    return found


_Text = Annotated[str, scalar(name(_LONGEST, "a text")), schema(**TEXT_SCHEMA)]
_Field = Annotated[str, scalar(field), schema(type="string", examples=["layers[Primary].groups"])]
_Until = Annotated[
    Moment, scalar(scalars.moment), schema(type="string", examples=["2026-12-01 10:00"])
]


@declared
class Accept:
    """What may differ: a schedule (a name or a glob) or one field of it, why, and until when."""

    schedule: _Text
    field: _Field | None = None
    reason: _Text
    until: _Until
