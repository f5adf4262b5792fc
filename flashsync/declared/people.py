"""How a file names a person or a role; `resolve` finds whom it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, GetJsonSchemaHandler, PlainValidator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from flashsync.declared.fields import (
    CONTROLS,
    INVISIBLE,
    any_text,
    declared,
    name,
    parse_whole,
    scalar,
    schema,
    text_of,
    whole_number,
)
from flashsync.declared.problems import Path, intended_key, shown, wrong

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
_parse_visible = name(LONGEST_REFERENCE, "a person", visible=True)
_parse_role = name(LONGEST_REFERENCE, "a role", visible=True)
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
    person = tree.get("person")
    if set(tree) == {"person", "role"} and isinstance(person, str):
        message = "a person has a role only in the groups of a layer"
        return wrong(message, f"write {person} alone")
    message = "expected a person, found a mapping"
    return wrong(message, "write a name, {id: …}, {email: …} or {name: …}")


_UNSEEN = rf"{CONTROLS}{INVISIBLE}"
_EMAIL = {"type": "string", "pattern": rf"^[^{_UNSEEN}]*@[^{_UNSEEN}]*$"}
_OUTRIGHT_FORMS = {
    "id": whole_number(),
    "email": _EMAIL,
    "name": any_text(LONGEST_REFERENCE),
}
_PERSON_SCHEMA: dict[str, Any] = {
    "anyOf": [
        any_text(LONGEST_REFERENCE, visible=True, refused="，、；"),
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
RoleField = Annotated[str, scalar(_parse_role), schema(**any_text(LONGEST_REFERENCE, visible=True))]


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


# Where a document names people: in turns, overrides and expectations; and rings of pairs.
#
# The trees have been read as schedules before, so every list and person is where it belongs.


Matches = Callable[[PersonName], bool]
"""Whether a name means the person of an edit."""

_PRIMARY = (None, "primary", "0")
_BACKUP = ("backup", "1")
BACKUP_WORD = "backup"
_EXPECTED = ("on_call", "any_of", "not")


@dataclass(frozen=True, slots=True)
class Named:
    """A person in a document: the path of the entry, of the name in it, and the role."""

    path: Path
    at: Path
    name: PersonName
    role: str | None = None

    @property
    def primary(self) -> bool:
        """Whether the role is primary."""
        return self.role in _PRIMARY

    @property
    def role_word(self) -> str:
        """The role, in one spelling."""
        return (
            "primary" if self.primary else BACKUP_WORD if self.role in _BACKUP else str(self.role)
        )


@dataclass(frozen=True, slots=True)
class NamedPeople:
    """The people of a turn, an override or an expectation; `title` names it in messages."""

    path: Path
    title: str
    entries: tuple[Named, ...]

    @property
    def absent(self) -> bool:
        """Whether the people are expected not to be on call."""
        return self.path[:1] == ("expect",) and self.path[2:] == ("not",)

    def those(self, is_person: Matches) -> list[Named]:
        """The entries that mean a person."""
        return [entry for entry in self.entries if is_person(entry.name)]

    @property
    def primary_entry(self) -> Named:
        """The first primary."""
        return next(entry for entry in self.entries if entry.primary)

    @property
    def backups(self) -> list[Named]:
        """The entries with the role backup."""
        return [entry for entry in self.entries if entry.role_word == BACKUP_WORD]


def has_primary(entries: Sequence[Named]) -> bool:
    """Whether one of the entries is a primary."""
    return any(entry.primary for entry in entries)


class Ring(Enum):
    """How pairs follow each other: each backup is the next turn's primary, or the last one's."""

    NEXT = auto()
    LAST = auto()


def find_ring(order: Sequence[NamedPeople]) -> Ring | None:
    """The ring that all turns of a layer form; None where turns are other than such pairs."""
    pairs = [turn for turn in order if len(turn.entries) == 2 and len(turn.backups) == 1]
    if len(pairs) < 2 or len(pairs) < len(order):
        return None
    leaders = [turn.primary_entry.name for turn in pairs if has_primary(turn.entries)]
    helpers = [turn.backups[0].name for turn in pairs]
    if len(set(leaders)) < len(pairs) or any(name.by is NamedBy.NAME for name in leaders):
        return None
    if helpers == [*leaders[1:], leaders[0]]:
        return Ring.NEXT
    return Ring.LAST if helpers == [leaders[-1], *leaders[:-1]] else None


def turns(tree: Mapping[str, Any], layer: int) -> list[NamedPeople]:
    """The turns of a layer, in order."""
    entry = tree["layers"][layer]
    order = []
    for place, group in enumerate(entry["groups"]):
        path: Path = ("layers", layer, "groups", place)
        title = f"turn {place + 1} of {entry['layer']}"
        order.append(NamedPeople(path, title, tuple(_members(group, path))))
    return order


def _members(group: Any, path: Path) -> Iterator[Named]:
    """The people of an entry of `groups`, in any of its forms."""
    if isinstance(group, dict) and "members" in group:
        group, path = group["members"], (*path, "members")
    if isinstance(group, list):
        for place, member in enumerate(group):
            yield _member(member, (*path, place))
    else:
        yield _member(group, path)


def _member(tree: Any, path: Path) -> Named:
    expanded: Any = expand_member(tree)
    at = (*path, "person") if expanded is tree else path
    return Named(path, at, parse_person(expanded["person"]), expanded.get("role"))


def _listed(people: Sequence[Any], path: Path) -> tuple[Named, ...]:
    """The people of a list without roles."""
    paths = ((*path, place) for place in range(len(people)))
    return tuple(Named(at, at, parse_person(tree)) for at, tree in zip(paths, people, strict=True))


def overrides(tree: Mapping[str, Any]) -> list[NamedPeople]:
    """The people of each override."""
    people = []
    for place, entry in enumerate(tree.get("overrides", ())):
        path: Path = ("overrides", place)
        title = f"the override {entry['override']}"
        people.append(NamedPeople(path, title, _listed(entry["people"], (*path, "people"))))
    return people


def expectations(tree: Mapping[str, Any]) -> list[NamedPeople]:
    """The lists of people of all expectations."""
    people = []
    for place, entry in enumerate(tree.get("expect", ())):
        for key in (key for key in _EXPECTED if key in entry):
            path: Path = ("expect", place, key)
            title = f"`{key}` of expectation {place + 1}"
            people.append(NamedPeople(path, title, _listed(entry[key], path)))
    return people


def everywhere(tree: Mapping[str, Any], layer: int | None = None) -> list[NamedPeople]:
    """All lists of people of a document; with a layer, its turns alone."""
    if layer is not None:
        return turns(tree, layer)
    order = [turn for place in range(len(tree.get("layers", ()))) for turn in turns(tree, place)]
    return [*order, *overrides(tree), *expectations(tree)]
