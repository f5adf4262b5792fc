"""Where a document names people: in turns, overrides and expectations; and rings of pairs.

The trees have been read as schedules before, so every list and person is where it belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from flashsync.declared.people import NamedBy, PersonName, expand_member, parse_person
from flashsync.declared.problems import Path

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
