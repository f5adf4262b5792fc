"""Where people stand in a document's tree: in turns, on overrides, in expectations.

Trees here have been read as schedules before, so that every list and person is where it belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flashsync.declared.findings import Path
from flashsync.declared.people import PersonName, expand_member, person

Is = Callable[[PersonName], bool]
"""Whether a name means the person that an edit is about."""

_PRIMARY = (None, "primary", "0")
_EXPECTED = ("on_call", "any_of", "not")


@dataclass(frozen=True, slots=True)
class Named:
    """A person where a tree names one: the path of the entry, of the name in it, and the role."""

    path: Path
    at: Path
    name: PersonName
    role: str | None = None

    @property
    def primary(self) -> bool:
        """Whether the role is the first."""
        return self.role in _PRIMARY


@dataclass(frozen=True, slots=True)
class Among:
    """People who stand together: in a turn, on an override, in an expectation.

    `path` is that of the whole, `title` names it for people.
    """

    path: Path
    title: str
    people: tuple[Named, ...]

    @property
    def absent(self) -> bool:
        """Whether they are those who are not expected."""
        return self.path[:1] == ("expect",) and self.path[2:] == ("not",)

    def those(self, is_one: Is) -> list[Named]:
        """The entries that mean a person."""
        return [one for one in self.people if is_one(one.name)]


def turns(tree: Mapping[str, Any], layer: int) -> list[Among]:
    """The turns of a layer, in order."""
    entry = tree["layers"][layer]
    found = []
    for place, group in enumerate(entry["groups"]):
        path: Path = ("layers", layer, "groups", place)
        title = f"turn {place + 1} of {entry['layer']}"
        found.append(Among(path, title, tuple(_members(group, path))))
    return found


def _members(group: Any, path: Path) -> Iterator[Named]:
    """The people of an entry of `groups`, in whichever of its forms."""
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
    return Named(path, at, person(expanded["person"]), expanded.get("role"))


def _listed(people: Sequence[Any], path: Path) -> tuple[Named, ...]:
    """The people of a list without roles."""
    each = (((*path, place), tree) for place, tree in enumerate(people))
    return tuple(Named(at, at, person(tree)) for at, tree in each)


def covers(tree: Mapping[str, Any]) -> list[Among]:
    """The overrides."""
    found = []
    for place, one in enumerate(tree.get("overrides", ())):
        path: Path = ("overrides", place)
        people = _listed(one["people"], (*path, "people"))
        found.append(Among(path, f"the override {one['override']}", people))
    return found


def expected(tree: Mapping[str, Any]) -> list[Among]:
    """The lists of people of all expectations."""
    found = []
    for place, one in enumerate(tree.get("expect", ())):
        for key in (key for key in _EXPECTED if key in one):
            path: Path = ("expect", place, key)
            title = f"`{key}` of expectation {place + 1}"
            found.append(Among(path, title, _listed(one[key], path)))
    return found


def everywhere(tree: Mapping[str, Any], layer: int | None = None) -> list[Among]:
    """Everywhere in a document where people stand; with a layer, its turns alone."""
    if layer is not None:
        return turns(tree, layer)
    found = [turn for place in range(len(tree.get("layers", ()))) for turn in turns(tree, place)]
    return [*found, *covers(tree), *expected(tree)]
