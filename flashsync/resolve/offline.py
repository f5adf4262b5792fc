"""Names without an account: everyone whom the files name exists, under a made-up id."""

from __future__ import annotations

from collections.abc import Mapping

from flashsync.declared.people import By, PersonName
from flashsync.declared.problems import nearest
from flashsync.declared.schedule import NO_TEAM_WORD
from flashsync.errors import Level
from flashsync.model.people import Directory, Person, Role, Team
from flashsync.model.schedule import NO_TEAM, canonical_name
from flashsync.resolve.names import FIXED_ROLES, Doubt, kind, through_short_names


def _key(name: PersonName) -> tuple[By, str]:
    """What is the same for two ways to write one name of one kind."""
    match kind(name):
        case By.ID:
            return By.ID, str(int(name.text))
        case By.EMAIL:
            return By.EMAIL, name.text.casefold()
        case _:
            return By.NAME, canonical_name(name.text)


class OfflineNames:
    """Believes every name. Two ways to name one person are one only where `people` says so."""

    def __init__(self, short: Mapping[str, PersonName]) -> None:
        self._short = short
        self._ids: dict[PersonName, int] = {}
        self._people: dict[tuple[By, str], Person] = {}
        self._teams: dict[str, Team] = {}
        self._roles: dict[str, Role] = {}
        self._short_names: dict[int, str] = {}

    @property
    def directory(self) -> Directory:
        """Everyone named so far."""
        return Directory(
            {person.id: person for person in self._people.values()},
            {team.id: team for team in self._teams.values()},
            {role.id: role for role in self._roles.values()},
            self._short_names,
        )

    def person(self, name: PersonName) -> int:
        """An id for the person; the same for each way that `people` ties together."""
        if name not in self._ids:
            self._ids[name] = self._id(name)
        return self._ids[name]

    def _id(self, name: PersonName) -> int:
        meant = through_short_names(name, self._short)
        key = _key(meant)
        if key not in self._people:
            email = meant.text if key[0] is By.EMAIL else ""
            self._people[key] = Person(len(self._people) + 1, meant.text, email)
        found = self._people[key]
        if meant is not name:
            self._short_names.setdefault(found.id, name.text)
        return found.id

    def warning(self, name: PersonName, person: int) -> Doubt | None:
        """Says so where a name looks like a slip of a short name."""
        del person
        if not self._short or kind(name) is not By.NAME:
            return None
        if name.by is By.NAME or name.text in self._short:
            return None
        near = nearest(name.text, self._short, cutoff=0.8)
        if near is None:
            return None
        message = f"`{name.text}` is no short name of `people`, so it has to be a member's name"
        return Doubt(message, f"did you mean {near}?", Level.WARNING)

    def team(self, name: str) -> int:
        """An id for the team; 0 for `none`."""
        if name == NO_TEAM_WORD:
            return NO_TEAM
        return self._teams.setdefault(name, Team(len(self._teams) + 1, name)).id

    def role(self, name: str) -> int:
        """An id for the role; `primary` and `backup` have their own."""
        if name in FIXED_ROLES:
            return FIXED_ROLES[name]
        return self._roles.setdefault(name, Role(len(self._roles) + 2, name)).id
