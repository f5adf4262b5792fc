"""Whom a name in a file means (design, Who a name means), with an account and without."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from flashsync.declared.people import NamedBy, PersonName, is_digits
from flashsync.declared.problems import nearest
from flashsync.declared.schedule import NO_TEAM_WORD
from flashsync.errors import Level, Problem
from flashsync.model.people import Directory, MemberStatus, Person, Role, Team
from flashsync.model.schedule import BACKUP, NO_TEAM, PRIMARY, canonical_name

FIXED_ROLES = {"primary": PRIMARY, "backup": BACKUP}
_NO_PERSON = "use an address, a short name from `people`, or an exact name"


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
    """Names as the live account knows them.

    With `leavers`, who has left the account is a person like any other: drift compares.
    """

    def __init__(
        self, directory: Directory, short: Mapping[str, PersonName], *, leavers: bool = False
    ) -> None:
        self._directory = directory
        self._leavers = leavers
        self._short = short
        self._ids: dict[PersonName, int] = {}
        self._emails = _index(directory.people.values(), lambda person: person.email.casefold())
        self._people = _index(directory.people.values(), lambda one: canonical_name(one.name))
        self._teams = {canonical_name(team.name): team.id for team in directory.teams.values()}
        self._roles = {canonical_name(role.name): role.id for role in directory.roles.values()}

    def person(self, name: PersonName) -> int:
        """The id of a person who can be on call."""
        if name not in self._ids:
            self._ids[name] = self._id(name)
        return self._ids[name]

    def _id(self, name: PersonName) -> int:
        found = self._find(name, through_short_names(name, self._short))
        if found.status is MemberStatus.DELETED and not self._leavers:
            raise Doubt(f"{_who(name, found)} has left the account", "name somebody else")
        return found.id

    def warning(self, name: PersonName, person: int) -> Doubt | None:
        """Says so where a person has left, whom only a comparison may name."""
        found = self._directory.people[person]
        if found.status is MemberStatus.DELETED:
            message = f"{_who(name, found)} has left the account"
            return Doubt(message, "name somebody else", Level.WARNING)
        return None

    def _find(self, name: PersonName, meant: PersonName) -> Person:
        """The one whom a name means; `meant` is it, or what it is short for."""
        same = self._meant(meant)
        if len(same) > 1:
            raise Doubt(f"{len(same)} members are named `{meant.text}`", f"write {_apart(same)}")
        if same:
            return same[0]
        message = f"nobody in the account is `{meant.text}`"
        if meant is not name:
            message += f", which `people` gives for `{name.text}`"
        known = self._known() if meant is not name else [*self._short, *self._known()]
        raise Doubt(message, _nearest(meant.text, known, _NO_PERSON))

    def _meant(self, name: PersonName) -> tuple[Person, ...]:
        """Those whom a name can mean."""
        match kind(name):
            case NamedBy.ID:
                found = self._directory.people.get(int(name.text))
                return (found,) if found else ()
            case NamedBy.EMAIL:
                return self._emails.get(name.text.casefold(), ())
            case _:
                return self._people.get(canonical_name(name.text), ())

    def _known(self) -> list[str]:
        addresses = (one.email for one in self._directory.people.values() if one.email)
        return [*addresses, *self._people]

    def team(self, name: str) -> int:
        """The id of a team; 0 for `none`."""
        if name == NO_TEAM_WORD:
            return NO_TEAM
        if is_digits(name):
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
        if is_digits(name):
            if int(name) in {*FIXED_ROLES.values(), *self._directory.roles}:
                return int(name)
            raise Doubt(f"the account has no role {name}", "write the role's exact name")
        if name not in self._roles:
            raise Doubt(
                f"the account has no role `{name}`", _nearest(name, [*FIXED_ROLES, *self._roles])
            )
        return self._roles[name]


def through_short_names(name: PersonName, short: Mapping[str, PersonName]) -> PersonName:
    """The person behind a short name; digits and addresses come before short names."""
    if kind(name) is NamedBy.NAME and name.by is NamedBy.ANY:
        return short.get(name.text, name)
    return name


def kind(name: PersonName) -> NamedBy:
    """How a name is to be read: digits are an id, text with @ an address, all else a name."""
    if name.by is not NamedBy.ANY:
        return name.by
    if is_digits(name.text):
        return NamedBy.ID
    return NamedBy.EMAIL if "@" in name.text else NamedBy.NAME


def _index(people: Iterable[Person], key: Callable[[Person], str]) -> dict[str, tuple[Person, ...]]:
    """Members by what the key gives: of those who share it, the ones who can best be meant."""
    found: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if text := key(person):
            found[text].append(person)
    return {text: _best(same) if len(same) > 1 else (same[0],) for text, same in found.items()}


def _best(people: list[Person]) -> tuple[Person, ...]:
    """The enabled ones; without any, those who are still there; else those who left."""
    there = [person for person in people if person.status is not MemberStatus.DELETED]
    enabled = [person for person in there if person.status is MemberStatus.ENABLED]
    return tuple(enabled or there or people)


def _apart(people: Iterable[Person]) -> str:
    """How a file tells persons of one name apart: by address, or by id where there is none."""
    found = sorted(people, key=lambda person: (person.email, person.id))
    emails = [person.email for person in found]
    alone = all(emails) and len(set(emails)) == len(emails)
    return " or ".join(person.email if alone else str(person.id) for person in found)


def _who(name: PersonName, person: Person) -> str:
    return (
        f"`{name.text}`"
        if name.text in (person.name, person.email)
        else (f"`{name.text}` ({person.name or person.email})")
    )


def _nearest(text: str, known: Iterable[str], otherwise: str = "") -> str:
    names = sorted(set(known))
    if near := nearest(text, names):
        return f"did you mean {near}?"
    few = 0 < len(names) <= 8
    return otherwise or (f"known: {', '.join(names)}" if few else "write its exact name")


# Names without an account: everyone whom the files name exists, under a made-up id.


def _key(name: PersonName) -> tuple[NamedBy, str]:
    """What is the same for two ways to write one name of one kind."""
    match kind(name):
        case NamedBy.ID:
            return NamedBy.ID, str(int(name.text))
        case NamedBy.EMAIL:
            return NamedBy.EMAIL, name.text.casefold()
        case _:
            return NamedBy.NAME, canonical_name(name.text)


class OfflineNames:
    """Believes every name. Two ways to name one person are one only where `people` says so."""

    def __init__(self, short: Mapping[str, PersonName]) -> None:
        self._short = short
        self._ids: dict[PersonName, int] = {}
        self._people: dict[tuple[NamedBy, str], Person] = {}
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
            email = meant.text if key[0] is NamedBy.EMAIL else ""
            self._people[key] = Person(len(self._people) + 1, meant.text, email)
        found = self._people[key]
        if meant is not name:
            self._short_names.setdefault(found.id, name.text)
        return found.id

    def warning(self, name: PersonName, person: int) -> Doubt | None:
        """Says so where a name looks like a slip of a short name."""
        del person
        if not self._short or kind(name) is not NamedBy.NAME:
            return None
        if name.by is NamedBy.NAME or name.text in self._short:
            return None
        near = nearest(name.text, self._short, cutoff=0.8)
        if near is None:
            return None
        message = f"`{name.text}` is not a short name in `people`, so it must be a member's name"
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


# Whether two names mean one person, however each is written.


class Same:
    """Asks several sources: what one of them takes for one person is one person."""

    def __init__(self, sources: Sequence[Names]) -> None:
        self._sources = sources

    def test(self, name: PersonName) -> Callable[[PersonName], bool]:
        """Whether another name means the same person as this."""
        known = [(source, _id(source, name)) for source in self._sources]
        return lambda other: any(
            id is not None and _id(source, other) == id for source, id in known
        )


def _id(source: Names, name: PersonName) -> int | None:
    """The id of a person; None for a name that means nobody, or more than one."""
    try:
        return source.person(name)
    except Doubt:
        return None


# Ids of persons are confirmed before they are used (api.md, Members and persons, open).

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
