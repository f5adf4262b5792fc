"""How a file names a person or a role; `resolve` finds out whom it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, GetJsonSchemaHandler, PlainValidator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from flashsync.declared.fields import TEXT_SCHEMA, declared, name, one_text, scalar, schema, whole
from flashsync.declared.problems import meant, shown, wrong

LONGEST_REFERENCE = 320
"""Characters: the longest e-mail address there can be."""


class NamedBy(StrEnum):
    """How a person is named: outright in one of three ways, or by whatever fits."""

    ANY = "any"
    ID = "id"
    EMAIL = "email"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person as a file names them."""

    text: str
    by: NamedBy = NamedBy.ANY

    def __str__(self) -> str:
        return self.text


_OUTRIGHT = {by.value: by for by in NamedBy if by is not NamedBy.ANY}
_KEYS = (*_OUTRIGHT, "person", "role", "members", "group")
"""All keys of a mapping that is a person or a group."""


def is_digits(text: str) -> bool:
    """Whether a text is a person's, a team's or a role's id: digits of the keyboard."""
    return text.isascii() and text.isdigit()


_reference = name(LONGEST_REFERENCE, "a person")


@lru_cache(10_000)
def _named(text: str) -> PersonName:
    return PersonName(_reference(text))


def person(tree: object) -> PersonName:
    """`alice`, an id, an address, a name; or `{id: …}`, `{email: …}`, `{name: …}`."""
    if not isinstance(tree, dict):
        return _named(one_text(tree))
    if len(tree) == 1 and (by := _OUTRIGHT.get(next(iter(tree)))):
        return _outright(one_text(tree[by.value]), by)
    raise _no_person(tree)


def _outright(text: str, by: NamedBy) -> PersonName:
    """A person named by what the file says it is."""
    found = str(whole(text)) if by is NamedBy.ID else _reference(text)
    if by is NamedBy.EMAIL and "@" not in found:
        raise wrong(
            f"expected an e-mail address, got {shown(text)}", "write an address or {name: …}"
        )
    return PersonName(found, by)


def _no_person(tree: dict[str, Any]) -> PydanticCustomError:
    """The error for a mapping that is not a person, usually a slip in a key, or by accident."""
    for key in tree:
        if key not in _KEYS and (near := meant(key, _KEYS)):
            return wrong(f"unknown key {shown(key)}", f"did you mean `{near}`?", at_key=key)
    key = next(iter(tree), "")
    if len(tree) == 1 and key not in _KEYS and isinstance(tree[key], str):
        written = f"{key}: {tree[key]}"
        remedy = f"write {{person: {key}, role: {tree[key]}}}, or {key} alone"
        return wrong(f"expected a person, found the mapping {shown(written)}", remedy)
    message = "expected a person, found a mapping"
    return wrong(message, "write a name, {id: …}, {email: …} or {name: …}")


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
    if not isinstance(tree, dict) or not ("person" in tree or "role" in tree):
        return {"person": tree}
    if "person" in tree:
        return tree
    role = f"role: {tree['role'] if isinstance(tree['role'], str) else '…'}"
    outright = next((key for key in tree if key in _OUTRIGHT), None)
    if outright is None:
        remedy = f"write {{person: …, {role}}}"
        raise wrong(f"{shown(role)} has no person", remedy)
    remedy = f"write {{person: {{{outright}: …}}, {role}}}"
    raise wrong(f"`{outright}` and `role` cannot be in one mapping", remedy)


@declared
class Member:
    """A person with a role; primary where the file gives none."""

    person: PersonField
    role: RoleField | None = None


MemberField = Annotated[Member, BeforeValidator(expand_member), _Shorthand]
