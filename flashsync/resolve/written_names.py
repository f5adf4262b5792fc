"""How a file names the people, teams and roles of an account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from flashsync.declared.command_line import person as parse_person
from flashsync.declared.people import PersonName
from flashsync.declared.problems import Findings
from flashsync.model.people import Directory, MemberStatus
from flashsync.resolve.names import AccountNames, Doubt

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str"
"""A document as YAML holds it: mappings, lists, and text for every scalar."""


class WrittenNames:
    """How a file names the people, teams and roles of an account, so that it reads them back.

    `short` are the short names of flashsync.yaml.
    """

    def __init__(self, directory: Directory, short: Mapping[str, PersonName]) -> None:
        self._directory = directory
        self._names = AccountNames(directory, short, leavers=True)
        self._short: dict[int, str] = {}
        for text, meant in short.items():
            if (id := self._read(meant)) is not None:
                self._short.setdefault(id, text)
        self._people: dict[int, Tree] = {}

    @property
    def account_names(self) -> AccountNames:
        """The same names, to read a document back."""
        return self._names

    def person(self, id: int) -> Tree:
        """A short name, else the address, else the exact name, else the id."""
        if id not in self._people:
            self._people[id] = self._name(id)
        return self._people[id]

    def _name(self, id: int) -> Tree:
        if self.comment(id):
            return str(id)
        if id in self._short:
            return self._short[id]
        person = self._directory.people[id]
        forms: tuple[Tree, ...] = (person.email, person.name, {"name": person.name})
        return next((form for form in forms if self._means(form, id)), str(id))

    def _means(self, form: Tree, id: int) -> bool:
        """Whether a file may name somebody so: `{name: …}` takes what a plain text may not be."""
        try:
            return self._read(parse_person(form)) == id
        except Findings:
            return False

    def comment(self, id: int) -> str:
        """What a reader has to know of somebody whom a file can only name by id."""
        person = self._directory.people.get(id)
        if person is None:
            return "the account does not know this person"
        if person.status is MemberStatus.DELETED:
            return f"{person.name or person.email}, who has left the account"
        return ""

    def team(self, id: int) -> str:
        """A team's name, or its id where the account has none of that name."""
        name = self._directory.teams[id].name if id in self._directory.teams else ""
        try:
            return name if self._names.team(name) == id else str(id)
        except Doubt:
            return str(id)

    def role(self, id: int) -> str:
        """A role's name, or its id."""
        name = self._directory.role(id)
        try:
            return name if self._names.role(name) == id else str(id)
        except Doubt:
            return str(id)

    def _read(self, name: PersonName) -> int | None:
        try:
            return self._names.person(name) if name.text else None
        except Doubt:
            return None
