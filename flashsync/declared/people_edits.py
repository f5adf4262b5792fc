"""Edits of a document for somebody who joins, leaves, or takes somebody's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from flashsync.declared.people import PersonName, expand_member, person
from flashsync.declared.problems import Finding, Findings, Path, shown


def add(
    tree: Mapping[str, Any], layer: int, text: str, is_new: Is, after: tuple[str, Is] | None = None
) -> Insert:
    """A turn of a layer for a person, at its end or after somebody's turn. Raises Findings."""
    order = turns(tree, layer)
    name = tree["layers"][layer]["layer"]
    for turn in order:
        if found := turn.those(is_new):
            message = f"{shown(text)} is already in {turn.title}"
            raise Findings([Finding(found[0].at, message, "nothing to add")])
    place = len(order) if after is None else _after(order, name, layer, *after)
    said = f"{text} takes turn {place + 1} of {name}"
    return Insert(("layers", layer, "groups"), place, text, said)


def _after(order: Sequence[Among], layer: str, at: int, text: str, is_one: Is) -> int:
    """The place after somebody's turn."""
    found = [place for place, turn in enumerate(order) if turn.those(is_one)]
    if len(found) == 1:
        return found[0] + 1
    path = ("layers", at, "groups")
    if not found:
        message = f"{shown(text)} has no turn in the layer {shown(layer)}"
        raise Findings([Finding(path, message, "name somebody with a turn, or drop --after")])
    numbers = ", ".join(str(place + 1) for place in found)
    message = f"{shown(text)} has several turns in the layer {shown(layer)} ({numbers})"
    remedy = "name somebody with one turn, or edit the file by hand"
    raise Findings([Finding(path, message, remedy)])


def remove(
    tree: Mapping[str, Any],
    text: str,
    is_one: Is,
    layer: int | None = None,
    is_past: Callable[[str], bool] = lambda time: False,
) -> list[Edit]:
    """A person goes from everywhere, or from one layer's turns.

    `is_past` says of a time as written whether it is over: what is only history may go whole.
    Raises Findings with all places that would be left without anybody.
    """
    leaving = _Leaving(tree, text, is_one, is_past)
    for place in range(len(tree.get("layers", ()))) if layer is None else [layer]:
        leaving.layer(place)
    if layer is None:
        leaving.covers()
        leaving.expected()
    if leaving.findings:
        raise Findings(leaving.findings)
    return leaving.edits


def _out(among: Among, text: str, entries: Sequence[Named]) -> list[Remove]:
    """Entries that go, while others stay."""
    return [Remove(one.path, f"{text} goes from {among.title}") for one in entries]


class _Leaving:
    """What a person's leaving does to a document."""

    def __init__(
        self, tree: Mapping[str, Any], text: str, is_one: Is, is_past: Callable[[str], bool]
    ) -> None:
        self._tree, self._text, self._is_one, self._is_past = tree, text, is_one, is_past
        self.edits: list[Edit] = []
        self.findings: list[Finding] = []

    def layer(self, place: int) -> None:
        """A layer's turns; a turn that was theirs alone goes."""
        order = turns(self._tree, place)
        alone = [turn for turn in order if self._alone(turn)]
        if len(alone) == len(order):
            name = self._tree["layers"][place]["layer"]
            message = f"this would leave the layer {shown(name)} without turns"
            remedy = f"name somebody else (`replace {self._text} --with …`)"
            self._wrong(("layers", place, "groups"), message, f"{remedy}, or remove the layer")
            return
        for turn in order:
            if turn in alone:
                said = f"{turn.title} goes, which was {self._text}'s"
                self.edits.append(Remove(turn.path, said))
            else:
                self._out(turn)

    def covers(self) -> None:
        """The overrides; a past override may go whole."""
        gone: dict[int, str] = {}
        for place, cover in enumerate(covers(self._tree)):
            if not self._alone(cover):
                self._out(cover)
            elif self._is_past(self._tree["overrides"][place]["to"]):
                gone[place] = f"{cover.title} goes: it is past"
            else:
                remedy = "name somebody else there, or remove the override"
                message = f"this would leave {cover.title} without people"
                self._wrong((*cover.path, "people"), message, remedy)
        self._whole("overrides", gone)

    def expected(self) -> None:
        """The expectations; a past one goes, and one that only says that they are `not` there."""
        gone: dict[int, str] = {}
        for among in expected(self._tree):
            place, key = int(among.path[1]), among.path[2]
            entry, title = self._tree["expect"][place], f"expectation {place + 1}"
            if not self._alone(among):
                self._out(among)
            elif self._is_past(entry["at"]):
                gone[place] = f"{title} goes: it is past"
            elif key != "not":
                remedy = "name who is expected then, or remove the expectation"
                self._wrong(among.path, f"this would leave {among.title} without people", remedy)
            elif "any_of" in entry:
                said = f"{among.title} goes, which was {self._text} alone"
                self.edits.append(Remove(among.path, said))
            else:
                gone[place] = f"{title} goes: it was only that {self._text} is not on call"
        self._whole("expect", gone)

    def _alone(self, among: Among) -> bool:
        return len(among.those(self._is_one)) == len(among.people)

    def _out(self, among: Among) -> None:
        self.edits += _out(among, self._text, among.those(self._is_one))

    def _wrong(self, path: Path, message: str, remedy: str) -> None:
        self.findings.append(Finding(path, message, f"{remedy} by hand"))

    def _whole(self, key: str, gone: Mapping[int, str]) -> None:
        """Entries of a list that go; with the last of them the list's key."""
        parts = [(key, place) for place in gone]
        self.edits = [one for one in self.edits if one.path[:2] not in parts]
        if gone and len(gone) == len(self._tree[key]):
            said = "; ".join(dict.fromkeys(gone.values()))
            self.edits.append(Remove((key,), f"`{key}` goes with its last entry: {said}"))
        else:
            self.edits += [Remove((key, place), said) for place, said in gone.items()]


def replace(
    tree: Mapping[str, Any], text: str, is_old: Is, is_new: Is, new: str, layer: int | None = None
) -> list[Edit]:
    """A person takes another's place, with the role; who stands there already is not doubled.

    That somebody is `not` on call is said of them alone, and stays: see `kept_off`.
    """
    edits: list[Edit] = []
    for among in everywhere(tree, layer):
        old, there = among.those(is_old), among.those(is_new)
        if not old or among.absent:
            continue
        if there and not (_leads(old) and not _leads(there)):
            edits += _out(among, text, old)
            continue
        # The first role has to stay: whoever takes it leaves the other one.
        edits += [Replace(old[0].at, new, f"{new} takes {text}'s place in {among.title}")]
        edits += _out(among, text, old[1:]) + _out(among, new, there)
    return edits


def kept_off(tree: Mapping[str, Any], is_one: Is) -> list[str]:
    """Where a document says that a person is not on call."""
    return [among.title for among in expected(tree) if among.absent and among.those(is_one)]


def _leads(entries: Sequence[Named]) -> bool:
    return any(one.primary for one in entries)


# Where people appear in a document's tree: in turns, on overrides, in expectations.
#
# Trees here have been read as schedules before, so that every list and person is where it belongs.

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
    """People who are together: in a turn, on an override, in an expectation.

    `path` is that of the whole, `title` names it for people.
    """

    path: Path
    title: str
    people: tuple[Named, ...]

    @property
    def absent(self) -> bool:
        """Whether they are expected not to be on call."""
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
    """Everywhere in a document where people appear; with a layer, its turns alone."""
    if layer is not None:
        return turns(tree, layer)
    found = [turn for place in range(len(tree.get("layers", ()))) for turn in turns(tree, place)]
    return [*found, *covers(tree), *expected(tree)]


# Edits of a document's tree: what is to change, told by paths; `files` writes it.


@dataclass(frozen=True, slots=True)
class Remove:
    """An entry of a list, or a key with its value, goes. `said` tells people so."""

    path: Path
    said: str = ""


@dataclass(frozen=True, slots=True)
class Insert:
    """A list gets a text as its entry `place`, which is not its first."""

    path: Path
    place: int
    text: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Replace:
    """A value becomes a text."""

    path: Path
    text: str
    said: str = ""


Edit: TypeAlias = Remove | Insert | Replace
