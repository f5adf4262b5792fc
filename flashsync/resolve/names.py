"""Whom a name in a file means (design, Who a name means)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Protocol

from flashsync.declared.people import By, PersonName
from flashsync.declared.schedule import NO_TEAM_WORD
from flashsync.errors import Level
from flashsync.state import canonical
from flashsync.state.people import Directory, Person, Status
from flashsync.state.schedule import BACKUP, NO_TEAM, PRIMARY

FIXED_ROLES = {"primary": PRIMARY, "backup": BACKUP}


class Doubt(Exception):  # noqa: N818 - a warning may be one too
    """A name that means nobody, or more than one, or somebody with whom something is wrong."""

    def __init__(self, message: str, remedy: str, level: Level = Level.ERROR) -> None:
        super().__init__(message)
        self.message, self.remedy, self.level = message, remedy, level


class Names(Protocol):
    """Turns names into ids. Each method raises Doubt where a name means nobody or too many."""

    def person(self, name: PersonName) -> int:
        """The id of a person."""
        ...

    def team(self, name: str) -> int:
        """The id of a team; 0 for `none`."""
        ...

    def role(self, name: str) -> int:
        """The id of a role."""
        ...

    def warning(self, name: PersonName, person: int) -> Doubt | None:
        """What is worth saying about a person who was found."""
        ...


class AccountNames:
    """Names as the live account knows them."""

    def __init__(self, directory: Directory, short: Mapping[str, PersonName]) -> None:
        self._directory = directory
        self._short = short
        self._emails = {p.email.casefold(): p for p in directory.people.values() if p.email}
        self._people = _by_name(directory.people.values())
        self._teams = {canonical.name(team.name): team.id for team in directory.teams.values()}
        self._roles = {canonical.name(role.name): role.id for role in directory.roles.values()}

    def person(self, name: PersonName) -> int:
        """The id of a person who can be on call."""
        found = self._find(_through_short_names(name, self._short))
        if found.status is Status.DELETED:
            raise Doubt(f"{_who(name, found)} has left the account", "put somebody else here")
        return found.id

    def warning(self, name: PersonName, person: int) -> Doubt | None:
        """Says so where a person has not accepted the invitation yet."""
        found = self._directory.people[person]
        if found.status is not Status.PENDING:
            return None
        message = f"{_who(name, found)} has not joined the account yet (pending)"
        remedy = "nobody is paged until they accept the invitation"
        return Doubt(message, remedy, Level.WARNING)

    def _find(self, name: PersonName) -> Person:
        by = kind(name)
        if by is By.ID:
            found = self._directory.people.get(int(name.text)) if name.text.isdigit() else None
        elif by is By.EMAIL:
            found = self._emails.get(name.text.casefold())
        else:
            found = self._named(name.text)
        if found is None:
            raise Doubt(f"nobody in the account is `{name.text}`", self._nearest_person(name.text))
        return found

    def _named(self, text: str) -> Person | None:
        same = self._people.get(canonical.name(text), ())
        if len(same) > 1:
            addresses = " or ".join(sorted(person.email for person in same))
            raise Doubt(f"{len(same)} members are named `{text}`", f"write {addresses}")
        return same[0] if same else None

    def _nearest_person(self, text: str) -> str:
        known = [*self._short, *self._emails, *self._people]
        return _nearest(text, known, "write an address, a short name of `people`, or an exact name")

    def team(self, name: str) -> int:
        """The id of a team; 0 for `none`."""
        if name == NO_TEAM_WORD:
            return NO_TEAM
        if name.isdigit():
            if int(name) in self._directory.teams:
                return int(name)
            raise Doubt(f"the account has no team {name}", "write the team's exact name")
        if name not in self._teams:
            raise Doubt(f"the account has no team `{name}`", _nearest(name, self._teams))
        return self._teams[name]

    def role(self, name: str) -> int:
        """The id of a role; `primary` and `backup` are 0 and 1 whatever the account says."""
        if name in FIXED_ROLES:
            return FIXED_ROLES[name]
        if name.isdigit():
            if int(name) in {*FIXED_ROLES.values(), *self._directory.roles}:
                return int(name)
            raise Doubt(f"the account has no role {name}", "write the role's exact name")
        if name not in self._roles:
            raise Doubt(
                f"the account has no role `{name}`", _nearest(name, [*FIXED_ROLES, *self._roles])
            )
        return self._roles[name]


def _through_short_names(name: PersonName, short: Mapping[str, PersonName]) -> PersonName:
    """The person behind a short name; digits and addresses come before short names."""
    if kind(name) is By.NAME and name.by is By.ANY:
        return short.get(name.text, name)
    return name


def kind(name: PersonName) -> By:
    """How a name is to be read: digits are an id, text with @ an address, all else a name."""
    if name.by is not By.ANY:
        return name.by
    if name.text.isdigit():
        return By.ID
    return By.EMAIL if "@" in name.text else By.NAME


def _by_name(people: Iterable[Person]) -> dict[str, tuple[Person, ...]]:
    """Members by name: enabled ones where there are any, else the others."""
    found: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        found[canonical.name(person.name)].append(person)
    return {name: _best(same) for name, same in found.items()}


def _best(people: list[Person]) -> tuple[Person, ...]:
    enabled = [person for person in people if person.status is Status.ENABLED]
    return tuple(enabled or people)


def _who(name: PersonName, person: Person) -> str:
    return (
        f"`{name.text}`"
        if name.text in (person.name, person.email)
        else (f"`{name.text}` ({person.name or person.email})")
    )


def _nearest(text: str, known: Iterable[str], otherwise: str = "") -> str:
    names = sorted(set(known))
    near = get_close_matches(text, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]}?"
    few = len(names) <= 8
    return otherwise or (f"known: {', '.join(names)}" if few else "write its exact name")
