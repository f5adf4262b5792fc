"""Names of people, teams and roles to ids, with an account and without."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from shlex import quote
from typing import Protocol

from flashsync.declared.people import NamedBy, PersonName, is_digits
from flashsync.declared.problems import nearest
from flashsync.declared.schedule import NO_TEAM_WORD
from flashsync.errors import Level, Problem
from flashsync.model.people import Directory, MemberStatus, Person, Role, Team
from flashsync.model.schedule import BACKUP, NO_TEAM, PRIMARY, canonical_name
from flashsync.model.wording import joined

FIXED_ROLES = {"primary": PRIMARY, "backup": BACKUP}
_HOW_TO_NAME = "use an address, a short name from `people`, or an exact name"
_NEAR_ADDRESS = 0.75
"""How much of the part before `@` has to agree for a suggestion: `tom` is not `tim`."""


class Doubt(Exception):  # noqa: N818 - may be a warning
    """A name that means nobody or several people, or somebody who should not be named so."""

    def __init__(self, message: str, remedy: str, level: Level = Level.ERROR) -> None:
        super().__init__(message)
        self.message, self.remedy, self.level = message, remedy, level


class Names(Protocol):
    """Turns names into ids. Each method raises Doubt where a name means nobody or several."""

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
        """A warning about a name, if there is one."""
        ...


class AccountNames:
    """Names as the live account knows them.

    Somebody who has left the account is found by id, or with `leavers` by every name: a file that
    was written for a live schedule names them by id, and `drift` only compares.
    """

    def __init__(
        self, directory: Directory, short: Mapping[str, PersonName], *, leavers: bool = False
    ) -> None:
        self._directory = directory
        self._leavers = leavers
        self._short = short
        self._ids: dict[PersonName, int] = {}
        people = directory.people.values()
        self._by_address = _index(people, lambda person: person.email.casefold())
        self._by_name = _index(people, lambda person: canonical_name(person.name))
        self._pending = _index(
            (person for person in people if person.status is MemberStatus.PENDING),
            lambda person: canonical_name(person.name),
        )
        self._teams = {canonical_name(team.name): team.id for team in directory.teams.values()}
        self._roles = {canonical_name(role.name): role.id for role in directory.roles.values()}

    def person(self, name: PersonName) -> int:
        """The id of a person who can be on call."""
        if name not in self._ids:
            person = self._find(name)
            has_left = person.status is MemberStatus.DELETED
            if has_left and not (self._leavers or kind(name) is NamedBy.ID):
                remedy = f"run {_replacing(name)}, or apply the rest with --only"
                raise _explain_leaver(name, person, remedy)
            self._ids[name] = person.id
        return self._ids[name]

    def known(self, name: PersonName) -> int:
        """The id of a person of the account, who may have left it."""
        return self._find(name).id

    def present(self, name: PersonName) -> int:
        """The id of a person who is in the account, however the name is written."""
        person = self._find(name)
        if person.status is MemberStatus.DELETED:
            raise _explain_leaver(name, person, "name somebody else")
        return person.id

    def warning(self, name: PersonName, person: int) -> Doubt | None:
        """Warns of a person who has left, and of a pending member with the same name."""
        found = self._directory.people[person]
        if found.status is MemberStatus.DELETED:
            return _explain_leaver(name, found, f"run {_replacing(name)}", Level.WARNING)
        written = through_short_names(name, self._short)
        if kind(written) is not NamedBy.NAME or found.status is not MemberStatus.ENABLED:
            return None
        if not (namesakes := self._pending.get(canonical_name(written.text))):
            return None
        others = joined([person.email or str(person.id) for person in namesakes])
        message = f"a pending member has the name `{written.text}` too ({others})"
        return Doubt(message, f"write {found.email or found.id} to be sure", Level.WARNING)

    def _find(self, name: PersonName) -> Person:
        """The person of a name, or of what `people` gives for it."""
        written = through_short_names(name, self._short)
        how = kind(written)
        matches: tuple[Person, ...]
        match how:
            case NamedBy.ID:
                person = self._directory.people.get(int(written.text))
                matches = (person,) if person else ()
            case NamedBy.EMAIL:
                matches = self._by_address.get(written.text.casefold(), ())
            case _:
                matches = self._by_name.get(canonical_name(written.text), ())
        if len(matches) == 1:
            return matches[0]
        if matches:
            shared = "have the address" if how is NamedBy.EMAIL else "are named"
            message = f"{len(matches)} people {shared} `{written.text}`"
            raise Doubt(message, f"write {_tell_apart(matches)}")
        message = f"nobody in the account is `{written.text}`"
        if written is not name:
            message += f", which `people` gives for `{name.text}`"
        raise Doubt(message, self._suggest(written, is_short=written is not name))

    def _is_known(self, text: str) -> bool:
        if text in self._short or text.casefold() in self._by_address:
            return True
        return canonical_name(text) in self._by_name

    def _suggest(self, name: PersonName, *, is_short: bool) -> str:
        """The remedy for a name that means nobody: somebody who is near, if anybody is."""
        if parts := split_people(name, self._is_known):
            return f"write [{', '.join(parts)}]"
        present = [
            person
            for person in self._directory.people.values()
            if self._leavers or person.status is not MemberStatus.DELETED
        ]
        match kind(name):
            case NamedBy.ID:
                return _HOW_TO_NAME
            case NamedBy.EMAIL:
                near = _nearest_address(name.text, present)
            case _:
                if name.by is NamedBy.NAME and name.text in self._short:
                    return f"write {name.text} without `name:`, as it is a short name"
                names = [person.name for person in present if person.name]
                known = sorted({*names, *(() if is_short else self._short)})
                near = nearest(name.text, known) or _nearest_address(name.text, present)
        return f"did you mean {near}?" if near else _HOW_TO_NAME

    def team(self, name: str) -> int:
        """The id of a team; 0 for `none`."""
        if name == NO_TEAM_WORD:
            return NO_TEAM
        if is_digits(name):
            if int(name) in self._directory.teams:
                return int(name)
            raise Doubt(f"the account has no team {name}", "write the team's exact name")
        if name not in self._teams:
            raise Doubt(f"the account has no team `{name}`", _suggest_name(name, self._teams))
        return self._teams[name]

    def role(self, name: str) -> int:
        """The id of a role; `primary` and `backup` are 0 and 1 whatever the account says."""
        if name in FIXED_ROLES:
            return FIXED_ROLES[name]
        unread = self._directory.roles_unread
        if is_digits(name):
            if unread or int(name) in {*FIXED_ROLES.values(), *self._directory.roles}:
                return int(name)
            raise Doubt(f"the account has no role {name}", "write the role's exact name")
        if name not in self._roles and unread:
            message = f"the role `{name}` cannot be found, as the account's roles were not read"
            raise Doubt(f"{message} ({unread})", "write the role's number, or primary or backup")
        if name not in self._roles:
            known = [*FIXED_ROLES, *self._roles]
            raise Doubt(f"the account has no role `{name}`", _suggest_name(name, known))
        return self._roles[name]


def through_short_names(name: PersonName, short: Mapping[str, PersonName]) -> PersonName:
    """What `people` gives for a short name, else the name; ids and addresses are never short."""
    if kind(name) is NamedBy.NAME and name.by is NamedBy.ANY:
        return short.get(name.text, name)
    return name


_SEPARATOR = re.compile(r"\s*(?:[,;/|&]|\band\b)\s*")


def split_people(name: PersonName, is_known: Callable[[str], bool]) -> list[str]:
    """The people of a text like `alice, bob`, if each of them is known; else none."""
    if name.by is not NamedBy.ANY or not _SEPARATOR.search(name.text):
        return []
    parts = _SEPARATOR.split(name.text)
    return parts if all(map(is_known, parts)) else []


def kind(name: PersonName) -> NamedBy:
    """How a name is read: digits are an id, text with `@` is an address, all else a name."""
    if name.by is not NamedBy.ANY:
        return name.by
    if is_digits(name.text):
        return NamedBy.ID
    return NamedBy.EMAIL if "@" in name.text else NamedBy.NAME


def _index(people: Iterable[Person], key: Callable[[Person], str]) -> dict[str, tuple[Person, ...]]:
    """People by a key, without the empty one: enabled people come before others of their key."""
    index: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if text := key(person):
            index[text].append(person)
    return {
        text: tuple(same) if len(same) == 1 else _prefer_enabled(same)
        for text, same in index.items()
    }


def _prefer_enabled(people: list[Person]) -> tuple[Person, ...]:
    """The enabled people; without any, the people present; else the people who left."""
    present = [person for person in people if person.status is not MemberStatus.DELETED]
    enabled = [person for person in present if person.status is MemberStatus.ENABLED]
    return tuple(enabled or present or people)


def _tell_apart(people: Iterable[Person]) -> str:
    """Texts that name each of the people: addresses, or ids where addresses do not differ."""
    ordered = sorted(people, key=lambda person: (person.email, person.id))
    addresses = [person.email for person in ordered]
    if all(addresses) and len({address.casefold() for address in addresses}) == len(addresses):
        return " or ".join(addresses)
    same_name = len({person.name for person in ordered}) == 1
    ids = [str(person.id) if same_name else f"{person.id} ({person.name})" for person in ordered]
    return " or ".join(ids)


def _explain_leaver(
    name: PersonName, person: Person, remedy: str, level: Level = Level.ERROR
) -> Doubt:
    """`` `lina` (Li Na) has left ``: the name as written, and the person's own if that differs."""
    own = "" if name.text in (person.name, person.email) else f" ({person.name or person.email})"
    return Doubt(f"`{name.text}`{own} has left the account", remedy, level)


def _replacing(name: PersonName) -> str:
    """The command that puts somebody else in a person's place, in all files."""
    return f"`flashsync replace {quote(name.text)} --with NAME`"


def _nearest_address(text: str, people: Iterable[Person]) -> str | None:
    """The address that is most like a text by its part before `@`: all share their domain.

    Somebody without an address is suggested by name.
    """
    by_local: dict[str, list[str]] = defaultdict(list)
    for person in people:
        local = person.email.partition("@")[0] or "".join(person.name.split())
        by_local[local.casefold()].append(person.email or person.name)
    near = nearest(text.partition("@")[0], sorted(by_local), cutoff=_NEAR_ADDRESS)
    return nearest(text, by_local[near], cutoff=0) if near else None


def _suggest_name(text: str, known: Iterable[str]) -> str:
    names = sorted(set(known))
    if near := nearest(text, names):
        return f"did you mean {near}?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 8 else "write its exact name"


# Names without an account: everyone in the files exists, under a made-up id.


class OfflineNames:
    """Accepts every name. Two names mean one person only where `people` says so."""

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
        """An id for the person; the same for all names that `people` connects."""
        if name in self._ids:
            return self._ids[name]
        written = through_short_names(name, self._short)
        how, text = kind(written), written.text
        match how:  # two spellings of one name are equal
            case NamedBy.ID:
                spelling = str(int(text))
            case NamedBy.EMAIL:
                spelling = text.casefold()
            case _:
                spelling = canonical_name(text)
        key = how, spelling
        if key not in self._people:
            email = text if how is NamedBy.EMAIL else ""
            self._people[key] = Person(len(self._people) + 1, text, email)
        id = self._ids[name] = self._people[key].id
        if written is not name:
            self._short_names.setdefault(id, name.text)
        return id

    def warning(self, name: PersonName, person: int) -> Doubt | None:
        """Refuses several people in one text; warns of what looks like a misspelt short name."""
        del person
        if parts := split_people(name, self._looks_known):
            message = f"`{name.text}` is {len(parts)} people in one text"
            return Doubt(message, f"write [{', '.join(parts)}]")
        if not self._short or kind(name) is not NamedBy.NAME:
            return None
        if name.by is NamedBy.NAME or name.text in self._short:
            return None
        near = nearest(name.text, self._short, cutoff=0.8)
        if near is None:
            return None
        message = f"`{name.text}` is not a short name in `people`, so it must be a member's name"
        return Doubt(message, f"did you mean {near}?", Level.WARNING)

    def _looks_known(self, text: str) -> bool:
        return text in self._short or kind(PersonName(text)) is not NamedBy.NAME

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


# Whether two names mean one person.


class Same:
    """Compares names by several sources: equal in one of them is equal."""

    def __init__(self, sources: Sequence[Names]) -> None:
        self._sources = sources

    def test(self, name: PersonName) -> Callable[[PersonName], bool]:
        """A function that says whether another name means the same person."""
        known = [(source, find_person(source, name)) for source in self._sources]
        return lambda other: any(
            id is not None and find_person(source, other) == id for source, id in known
        )


def find_person(names: Names, name: PersonName) -> int | None:
    """The id of a person; None for a name that means nobody or several people."""
    try:
        return names.person(name)
    except Doubt:
        return None


# A member's id is used as the person's (api.md, Members and persons), once that is confirmed.


def confirm(
    used: Iterable[int], listed: Mapping[int, Person], confirmed: Mapping[int, Person]
) -> list[Problem]:
    """The ids in use that are not, or not known to be, ids of the same person.

    `listed` are members by member id, `confirmed` the persons with the same ids as person ids.
    """
    problems: list[Problem] = []
    for id in sorted(set(used)):
        member, person = listed.get(id), confirmed.get(id)
        if person is None and member is None:
            problems.append(Problem(f"nobody in the account has the id {id}", "correct the id"))
        elif member is not None and (person is None or not _same(member, person)):
            owner = f"person {id} is {_describe(person)}" if person else "no person has it"
            message = f"{_describe(member)} has the member id {id}, but {owner}"
            problems.append(Problem(message, _NAME_BY_PERSON_ID))
    return problems


_NAME_BY_PERSON_ID = (
    "write their person id, as in {id: 2476444212111}; the platform's support can tell it"
)


def _same(member: Person, person: Person) -> bool:
    """By address, in any case; by name where one of them has no address."""
    if member.email and person.email:
        return member.email.casefold() == person.email.casefold()
    return canonical_name(member.name) == canonical_name(person.name)


def _describe(person: Person) -> str:
    name = person.name or person.email
    return f"{name} <{person.email}>" if person.email and person.email != name else name
