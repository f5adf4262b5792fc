"""People, teams and roles of one account, and how output names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from flashsync.model.schedule import BACKUP, PRIMARY


class MemberStatus(StrEnum):
    """Whether a member can be on call; an undocumented status is UNKNOWN."""

    ENABLED = "enabled"
    PENDING = "pending"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """One member of the account (api.md, Members and persons)."""

    id: int
    name: str
    email: str = ""
    status: MemberStatus = MemberStatus.ENABLED
    email_verified: bool = True
    phone_verified: bool = True


@dataclass(frozen=True, slots=True)
class Team:
    """A team of the account; its name is unique there."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the account; 0 is primary and 1 is backup whatever the account calls them."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """The account that a key belongs to, its IANA zone, and the key's own member."""

    id: int
    name: str
    timezone: str
    member: int = 0


@dataclass(frozen=True)
class Directory:
    """Everyone whom a run can name: ids to people, teams and roles, and the files' short names.

    `short_names` maps a person's id to the short name under `people` in flashsync.yaml.
    `roles_unread` says why the names of the account's own roles are not known.
    """

    people: Mapping[int, Person] = field(default_factory=dict)
    teams: Mapping[int, Team] = field(default_factory=dict)
    roles: Mapping[int, Role] = field(default_factory=dict)
    short_names: Mapping[int, str] = field(default_factory=dict)
    roles_unread: str = ""

    @cached_property
    def _name_counts(self) -> Counter[str]:
        return Counter(self._plain_name(person) for person in self.people.values())

    @cached_property
    def _address_counts(self) -> Counter[str]:
        return Counter(person.email for person in self.people.values())

    def _plain_name(self, person: Person) -> str:
        return self.short_names.get(person.id) or person.name or person.email

    def person(self, id: int) -> str:
        """A person's short name, else name; with the address where two share it, else the id.

        No two persons are shown alike: where they share the address too, the id replaces it.
        """
        person = self.people.get(id)
        if person is None:
            return self.short_names.get(id) or f"person {id}"
        name = self._plain_name(person)
        if not name:
            return f"person {id}"
        if self._name_counts[name] == 1:
            return name
        alone = person.email and self._address_counts[person.email] == 1
        return f"{name} <{person.email if alone else id}>"

    def team(self, id: int) -> str:
        """A team's name; for an unknown team, its id."""
        team = self.teams.get(id)
        return team.name if team else f"team {id}"

    def role(self, id: int) -> str:
        """`primary`, `backup`, or the name of the account's own role."""
        if id in (PRIMARY, BACKUP):
            return ("primary", "backup")[id]
        role = self.roles.get(id)
        return role.name if role else f"role {id}"
