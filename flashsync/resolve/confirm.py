"""Ids of persons are confirmed before they are used (api.md, Members and persons, open)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flashsync.errors import Problem
from flashsync.model.people import Person
from flashsync.model.schedule import canonical_name

_REMEDY = "nothing is planned on an id in doubt: run again, and ask the platform's support"


def confirm(
    used: Iterable[int], listed: Mapping[int, Person], confirmed: Mapping[int, Person]
) -> list[Problem]:
    """The ids in use that `/person/infos` gives to nobody, or to somebody else than the members do.

    `listed` are the members as `/member/list` gives them, `confirmed` the persons of the same ids.
    """
    found: list[Problem] = []
    for id in sorted(set(used)):
        member, person = listed.get(id), confirmed.get(id)
        who = _shown(member, id)
        if person is None:
            found.append(Problem(f"the platform knows nobody by the id of {who}", _REMEDY))
        elif member is not None and not _same(member, person):
            message = f"the id of {who} belongs to {_shown(person, id)}, says the platform"
            found.append(Problem(message, _REMEDY))
    return found


def _same(member: Person, person: Person) -> bool:
    """By e-mail address, whose case does not matter; by name where one side has no address."""
    if member.email and person.email:
        return member.email.casefold() == person.email.casefold()
    return canonical_name(member.name) == canonical_name(person.name)


def _shown(person: Person | None, id: int) -> str:
    if person is None:
        return f"person {id}"
    name = person.name or person.email
    address = f" <{person.email}>" if person.email and person.email != name else ""
    return f"{name}{address} ({id})"
