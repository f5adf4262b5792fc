"""How a file names a person or a role; `resolve` finds out whom it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, GetJsonSchemaHandler, PlainValidator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from flashsync.declared.base import TEXT_SCHEMA, declared, name, one_text, scalar, schema
from flashsync.declared.wrong import shown, wrong

LONGEST_REFERENCE = 320
"""Characters: the longest e-mail address there can be."""


class By(StrEnum):
    """How a person is named: outright in one of three ways, or by whatever fits."""

    ANY = "any"
    ID = "id"
    EMAIL = "email"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person as a file names them."""

    text: str
    by: By = By.ANY

    def __str__(self) -> str:
        return self.text


_OUTRIGHT = {by.value: by for by in By if by is not By.ANY}
_reference = name(LONGEST_REFERENCE, "a person")


def person(tree: object) -> PersonName:
    """`alice`, an id, an address, a name; or `{id: …}`, `{email: …}`, `{name: …}`."""
    if not isinstance(tree, dict):
        return PersonName(_reference(one_text(tree)))
    if len(tree) == 1 and (by := _OUTRIGHT.get(next(iter(tree)))):
        return PersonName(_reference(one_text(tree[by.value])), by)
    key = next(iter(tree), "")
    if len(tree) == 1 and isinstance(tree[key], str) and key not in ("person", "role", "members"):
        written = f"{key}: {tree[key]}"
        remedy = f"write {{person: {key}, role: {tree[key]}}}, or {key} alone"
        raise wrong(f"{shown(written)} is a mapping where a person is due", remedy)
    message = "a mapping stands where a person is due"
    raise wrong(message, "write a name, or one of {id: …}, {email: …}, {name: …}")


_PERSON_SCHEMA: dict[str, Any] = {
    "anyOf": [
        TEXT_SCHEMA,
        *(
            {
                "type": "object",
                "properties": {key: TEXT_SCHEMA},
                "required": [key],
                "additionalProperties": False,
            }
            for key in _OUTRIGHT
        ),
    ]
}
PersonField = Annotated[PersonName, PlainValidator(person), schema(**_PERSON_SCHEMA)]
RoleField = Annotated[str, scalar(name(LONGEST_REFERENCE, "a role")), schema(**TEXT_SCHEMA)]


class _Shorthand:
    """Lets the JSON Schema of a model allow a person in its place."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [*_PERSON_SCHEMA["anyOf"], handler(core)]}


def expand_member(tree: object) -> object:
    """A person anywhere, as the mapping that it is short for."""
    if isinstance(tree, dict) and not _is_person(tree):
        return tree
    return {"person": tree}


def _is_person(tree: dict[str, Any]) -> bool:
    """Whether a mapping is a person rather than a person with a role."""
    return "person" not in tree and "role" not in tree


@declared
class Member:
    """A person with a role; primary where the file gives none."""

    person: PersonField
    role: RoleField | None = None


MemberField = Annotated[Member, BeforeValidator(expand_member), _Shorthand]
