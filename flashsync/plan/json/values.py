"""What all documents share: they are closed and frozen, and know ids, instants and lists."""

from __future__ import annotations

import json
from functools import cache
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    WithJsonSchema,
)

from flashsync.model.timezone import LATEST, rfc3339, unix_seconds

Value = TypeVar("Value")


class JsonDocument(BaseModel):
    """An object of JSON: no other fields, no other types.

    `of` makes it from a value of the model, and `value` gives that back.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    def plain(self) -> dict[str, Any]:
        """The document as JSON has it, without optional fields that were not given."""
        return self.model_dump(mode="json", exclude_unset=True)


def json_text(document: object, indent: int) -> str:
    """JSON as `json.dumps` writes it with that indent, six times as fast (`make bench`)."""
    try:
        return _anything().dump_json(document, indent=indent, exclude_unset=True).decode()
    except ValueError:  # half characters, which a hostile account can have in its names
        plain = document.plain() if isinstance(document, JsonDocument) else document
        return json.dumps(plain, ensure_ascii=False, indent=indent)


@cache
def _anything() -> TypeAdapter[object]:
    return TypeAdapter(object)


def _unix_seconds(instant: object) -> int:
    """From RFC 3339; or from Unix seconds, as the model and journals of format 1.0 have them."""
    if isinstance(instant, str):
        return unix_seconds(instant)
    if type(instant) is not int or not 0 <= instant < LATEST:
        raise ValueError("not an instant")
    return instant


Instant: TypeAlias = Annotated[
    int,
    PlainValidator(_unix_seconds),
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""Unix seconds, written as RFC 3339 in UTC."""
Id: TypeAlias = Annotated[int, Field(ge=-(1 << 63), lt=1 << 63)]
"""What the platform can have given."""
Many: TypeAlias = Annotated[tuple[Value, ...], Field(strict=False)]
"""A list, which a frozen document has as a tuple."""
Word: TypeAlias = Annotated[Value, Field(strict=False)]
"""A word of a closed set."""
