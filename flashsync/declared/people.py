"""How a file names a person or a role; `resolve` finds whom it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, GetJsonSchemaHandler, PlainValidator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from flashsync.declared import patterns
from flashsync.declared.fields import (
    declared,
    name,
    parse_whole,
    scalar,
    schema,
    text_of,
    visible,
)
from flashsync.declared.problems import intended_key, shown, wrong

LONGEST_REFERENCE = 320
"""Characters of the longest e-mail address."""


class NamedBy(StrEnum):
    """How a name is to be read: as an id, an address or a name, or as whatever it looks like."""

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
"""The keys of a person and of a group."""


def is_digits(text: str) -> bool:
    """Whether a text is an id: ASCII digits."""
    return text.isascii() and text.isdigit()


_parse_reference = name(LONGEST_REFERENCE, "a person")
_parse_visible = visible(_parse_reference)
_parse_role = visible(name(LONGEST_REFERENCE, "a role"))
_WIDE_COMMA = re.compile(r"\s*[，、；]\s*")


@lru_cache(10_000)
def _parse_name(text: str) -> PersonName:
    reference = _parse_visible(text)
    if _WIDE_COMMA.search(reference):
        message = f"full-width comma in {shown(reference)}"
        raise wrong(message, f"write {_WIDE_COMMA.sub(', ', reference)}, or {{name: …}}")
    return PersonName(reference)


def parse_person(tree: object) -> PersonName:
    """`alice`, an id, an address, a name; or `{id: …}`, `{email: …}`, `{name: …}`."""
    if not isinstance(tree, dict):
        return _parse_name(text_of(tree))
    if len(tree) == 1 and (by := _OUTRIGHT.get(next(iter(tree)))):
        return _parse_outright(text_of(tree[by.value]), by)
    raise _explain_mapping(tree)


def _parse_outright(text: str, by: NamedBy) -> PersonName:
    if by is NamedBy.NAME:  # exactly as the account has it
        return PersonName(_parse_reference(text), by)
    reference = str(parse_whole(text)) if by is NamedBy.ID else _parse_visible(text)
    if by is NamedBy.EMAIL and "@" not in reference:
        message = f"expected an e-mail address, got {shown(text)}"
        raise wrong(message, "write an address or {name: …}")
    return PersonName(reference, by)


def _explain_mapping(tree: dict[str, Any]) -> PydanticCustomError:
    """The error for a mapping that is not a person: a misspelt key, or `alice: backup`."""
    for key in tree:
        if key not in _KEYS and (near := intended_key(key, _KEYS)):
            return wrong(f"unknown key {shown(key)}", f"did you mean `{near}`?", at_key=key)
    key = next(iter(tree), "")
    if len(tree) == 1 and key not in _KEYS and isinstance(tree[key], str):
        written = f"{key}: {tree[key]}"
        remedy = f"write {{person: {key}, role: {tree[key]}}}, or {key} alone"
        return wrong(f"expected a person, found the mapping {shown(written)}", remedy)
    message = "expected a person, found a mapping"
    return wrong(message, "write a name, {id: …}, {email: …} or {name: …}")


_OUTRIGHT_FORMS = {
    "id": patterns.whole_number(),
    "email": patterns.EMAIL,
    "name": patterns.text(LONGEST_REFERENCE),
}
_PERSON_SCHEMA: dict[str, Any] = {
    "anyOf": [
        patterns.person(LONGEST_REFERENCE),
        *(
            {
                "type": "object",
                "properties": {by: form},
                "required": [by],
                "additionalProperties": False,
            }
            for by, form in _OUTRIGHT_FORMS.items()
        ),
    ]
}
PersonField = Annotated[PersonName, PlainValidator(parse_person), schema(**_PERSON_SCHEMA)]
RoleField = Annotated[str, scalar(_parse_role), schema(**patterns.visible_text(LONGEST_REFERENCE))]


class _Shorthand:
    """The JSON Schema: a person in place of the mapping."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [*_PERSON_SCHEMA["anyOf"], handler(core)]}


def expand_member(tree: object) -> object:
    """`alice` as `{person: alice}`."""
    if not isinstance(tree, dict) or not ("person" in tree or "role" in tree):
        return {"person": tree}
    if "person" in tree:
        return tree
    role = f"role: {tree['role'] if isinstance(tree['role'], str) else '…'}"
    outright = next((key for key in tree if key in _OUTRIGHT), None)
    if outright is None:
        raise wrong(f"{shown(role)} has no person", f"write {{person: …, {role}}}")
    remedy = f"write {{person: {{{outright}: …}}, {role}}}"
    raise wrong(f"`{outright}` and `role` cannot be in one mapping", remedy)


@declared
class Member:
    """A person with a role; primary where the file gives none."""

    person: PersonField
    role: RoleField | None = None


MemberField = Annotated[Member, BeforeValidator(expand_member), _Shorthand]
