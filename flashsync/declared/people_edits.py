"""Edits of a document: a person joins, leaves, or takes the place of another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from flashsync.declared.people import (
    BACKUP_WORD,
    Matches,
    Named,
    NamedPeople,
    Ring,
    everywhere,
    expectations,
    find_ring,
    has_primary,
    overrides,
    turns,
)
from flashsync.declared.problems import Finding, Findings, Path, Tree, shown


def add(
    tree: Mapping[str, Any],
    layer: int,
    text: str,
    is_new: Matches,
    after: tuple[str, Matches] | None = None,
) -> list[Edit]:
    """A new turn for a person, the last one or after somebody's turn. Raises Findings.

    In a ring of pairs the new turn is a pair, too.
    """
    order = turns(tree, layer)
    name = tree["layers"][layer]["layer"]
    for turn in order:
        if entries := turn.those(is_new):
            message = f"{shown(text)} is already in {turn.title}"
            raise Findings([Finding(entries[0].at, message, "nothing to add")])
    place = len(order) if after is None else _place_after(order, name, layer, *after)
    path: Path = ("layers", layer, "groups")
    said = f"{text} takes turn {place + 1} of {name}"
    if ring := find_ring(order):
        return _add_to_ring(order, ring, Insert(path, place, text, said))
    if all(len(turn.entries) > 1 and turn.backups for turn in order):
        said += ", without a backup as the other turns have"
    return [Insert(path, place, text, said)]


def _add_to_ring(order: Sequence[NamedPeople], ring: Ring, alone: Insert) -> list[Edit]:
    """A pair for the new turn, and the new person as backup where the ring was cut open."""
    before, following = order[alone.place - 1], order[alone.place % len(order)]
    lender, borrower = (following, before) if ring is Ring.NEXT else (before, following)
    helper, changed = lender.primary_entry, borrower.backups[0]
    pair: Tree = [
        str(alone.value),
        {"person": helper.name.text, "role": changed.role or BACKUP_WORD},
    ]
    said = f"{alone.said}, with {helper.name} as backup"
    takes = f"{alone.value} becomes backup in {borrower.title}, for {changed.name}"
    return [
        Insert(alone.path, alone.place, pair, said),
        Replace(changed.at, str(alone.value), takes),
    ]


def _place_after(
    order: Sequence[NamedPeople], layer: str, index: int, text: str, is_person: Matches
) -> int:
    """The place after somebody's only turn in a layer, or the only one as primary."""
    places = [place for place, turn in enumerate(order) if turn.those(is_person)]
    leading = [place for place in places if has_primary(order[place].those(is_person))]
    places = leading if len(leading) == 1 else places
    if len(places) == 1:
        return places[0] + 1
    path = ("layers", index, "groups")
    if not places:
        message = f"{shown(text)} has no turn in the layer {shown(layer)}"
        raise Findings([Finding(path, message, "name somebody with a turn, or remove --after")])
    numbers = ", ".join(str(place + 1) for place in places)
    message = f"{shown(text)} has several turns in the layer {shown(layer)} ({numbers})"
    remedy = "name somebody with one turn, or edit the file by hand"
    raise Findings([Finding(path, message, remedy)])


def remove(
    tree: Mapping[str, Any],
    text: str,
    is_person: Matches,
    layer: int | None = None,
    is_past: Callable[[str], bool] = lambda time: False,
    *,
    promote: bool = False,
) -> list[Edit]:
    """Remove a person from the whole document, or from the turns of one layer.

    Past overrides and expectations may go whole; `is_past` judges a time as written. A ring of
    pairs is closed. Raises Findings with every list that would be left without people, and every
    turn without a primary, unless a backup is to `promote`.
    """
    leaving = _Leaving(tree, text, is_person, is_past, promote=promote)
    for place in range(len(tree.get("layers", ()))) if layer is None else [layer]:
        leaving.leave_layer(place)
    if layer is None:
        leaving.leave_overrides()
        leaving.leave_expectations()
    if leaving.findings:
        raise Findings(leaving.findings)
    return leaving.edits


def _remove_entries(
    people: NamedPeople, text: str, entries: Sequence[Named], note: str = ""
) -> list[Remove]:
    return [Remove(entry.path, f"remove {text} from {people.title}{note}") for entry in entries]


def _note_lost_role(before: Sequence[Named], after: Sequence[Named]) -> str:
    """`, which then has no backup`, where nobody has a role any more; "" for none."""
    kept = {entry.role_word for entry in after}
    lost = dict.fromkeys(entry.role_word for entry in before if entry.role_word not in kept)
    return f", which then has no {' and no '.join(lost)}" if lost else ""


class _Leaving:
    """The edits of a document for a person who leaves, and the reasons against them."""

    def __init__(
        self,
        tree: Mapping[str, Any],
        text: str,
        is_person: Matches,
        is_past: Callable[[str], bool],
        *,
        promote: bool,
    ) -> None:
        self._tree, self._text, self._is_person, self._is_past = tree, text, is_person, is_past
        self._promote = promote
        self.edits: list[Edit] = []
        self.findings: list[Finding] = []

    def leave_layer(self, place: int) -> None:
        """Remove the person, and turns that were theirs alone."""
        order = turns(self._tree, place)
        if ring := find_ring(order):
            self._leave_ring(order, ring)
            return
        alone = [turn for turn in order if self._alone_in(turn)]
        if len(alone) == len(order):
            name = self._tree["layers"][place]["layer"]
            message = f"this would leave the layer {shown(name)} without turns"
            remedy = f"name somebody else (`replace {self._text} --with …`)"
            self._refuse(("layers", place, "groups"), message, f"{remedy}, or remove the layer")
            return
        for turn in order:
            if turn in alone:
                said = f"remove {turn.title}, which was {self._text}'s"
                self.edits.append(Remove(turn.path, said))
            else:
                self._leave_turn(turn)

    def _leave_ring(self, order: Sequence[NamedPeople], ring: Ring) -> None:
        """Remove the person's own pair; their neighbours in the ring become a pair."""
        step = 1 if ring is Ring.NEXT else -1
        for place, turn in enumerate(order):
            if not self._is_person(turn.primary_entry.name):
                continue
            backup = turn.backups[0].name
            said = f"remove {turn.title}, which was {self._text}'s with {backup} as backup"
            self.edits.append(Remove(turn.path, said))
            neighbour = order[(place - step) % len(order)]
            entry = neighbour.backups[0]
            heir = order[(place + step) % len(order)].primary_entry.name
            if heir == neighbour.primary_entry.name:  # two pairs
                note = _note_lost_role(neighbour.entries, [neighbour.primary_entry])
                self.edits += _remove_entries(neighbour, self._text, [entry], note)
            else:
                said = f"{heir} becomes backup in {neighbour.title}, for {self._text}"
                self.edits.append(Replace(entry.at, heir.text, said))

    def _leave_turn(self, turn: NamedPeople) -> None:
        """Remove the person from a turn that others share; it must not lose its primary."""
        leaving = turn.those(self._is_person)
        left = [entry for entry in turn.entries if entry not in leaving]
        if has_primary(leaving) and not has_primary(left):
            heir, *others = left
            if not self._promote:
                message = f"this would leave {turn.title} without a primary"
                remedy = f"pass --promote to make {heir.name} primary, or edit the file by hand"
                self.findings.append(Finding(turn.path, message, remedy))
                return
            said = f"{heir.name} becomes primary in {turn.title}"
            self.edits.append(Remove((*heir.path, "role"), said))
            left = [Named(heir.path, heir.at, heir.name), *others]
        note = _note_lost_role(turn.entries, left)
        self.edits += _remove_entries(turn, self._text, leaving, note)

    def leave_overrides(self) -> None:
        """Remove the person, and past overrides that were theirs alone."""
        gone: dict[int, str] = {}
        for place, override in enumerate(overrides(self._tree)):
            if not self._alone_in(override):
                self._leave(override)
            elif self._is_past(self._tree["overrides"][place]["to"]):
                gone[place] = f"remove {override.title}, which is past"
            else:
                remedy = "name somebody else there, or remove the override"
                message = f"this would leave {override.title} without people"
                self._refuse((*override.path, "people"), message, remedy)
        self._remove_whole("overrides", gone)

    def leave_expectations(self) -> None:
        """Remove the person, and expectations that are past or only say that they are `not`
        there.
        """
        gone: dict[int, str] = {}
        for people in expectations(self._tree):
            place, key = int(people.path[1]), people.path[2]
            entry, title = self._tree["expect"][place], f"expectation {place + 1}"
            if not self._alone_in(people):
                self._leave(people)
            elif self._is_past(entry["at"]):
                gone[place] = f"remove {title}, which is past"
            elif key != "not":
                remedy = "name who is expected then, or remove the expectation"
                message = f"this would leave {people.title} without people"
                self._refuse(people.path, message, remedy)
            elif "any_of" in entry:
                said = f"remove {people.title}, which had only {self._text}"
                self.edits.append(Remove(people.path, said))
            else:
                gone[place] = f"remove {title}, which only kept {self._text} off call"
        self._remove_whole("expect", gone)

    def _alone_in(self, people: NamedPeople) -> bool:
        return len(people.those(self._is_person)) == len(people.entries)

    def _leave(self, people: NamedPeople) -> None:
        self.edits += _remove_entries(people, self._text, people.those(self._is_person))

    def _refuse(self, path: Path, message: str, remedy: str) -> None:
        self.findings.append(Finding(path, message, f"{remedy} by hand"))

    def _remove_whole(self, key: str, gone: Mapping[int, str]) -> None:
        """Remove entries of a list; with the last of them, the list's key."""
        paths = [(key, place) for place in gone]
        self.edits = [edit for edit in self.edits if edit.path[:2] not in paths]
        if gone and len(gone) == len(self._tree[key]):
            said = "; ".join(dict.fromkeys(gone.values()))
            self.edits.append(Remove((key,), f"{said}; remove `{key}`, which is then empty"))
        else:
            self.edits += [Remove((key, place), said) for place, said in gone.items()]


def replace(
    tree: Mapping[str, Any],
    text: str,
    is_old: Matches,
    is_new: Matches,
    new: str,
    layer: int | None = None,
) -> list[Edit]:
    """Put a person in another's place, with the role; nobody is named twice.

    An expectation that somebody is `not` on call is left as it is: see `kept_off`.
    """
    edits: list[Edit] = []
    for people in everywhere(tree, layer):
        old, present = people.those(is_old), people.those(is_new)
        if not old or people.absent:
            continue
        if present and not (has_primary(old) and not has_primary(present)):
            left = [entry for entry in people.entries if entry not in old]
            edits += _remove_entries(people, text, old, _note_lost_role(people.entries, left))
            continue
        # The primary has to stay: whoever takes that role leaves the other one.
        left = [entry for entry in people.entries if entry not in (*old[1:], *present)]
        note = _note_lost_role(people.entries, left)
        edits += [Replace(old[0].at, new, f"{new} takes {text}'s place in {people.title}{note}")]
        edits += _remove_entries(people, text, old[1:]) + _remove_entries(people, new, present)
    return edits


def kept_off(tree: Mapping[str, Any], is_person: Matches) -> list[str]:
    """The expectations that a person is not on call."""
    return [
        people.title for people in expectations(tree) if people.absent and people.those(is_person)
    ]


# Edits of a document's tree, by path; `files` writes them.


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove an entry of a list, or a key with its value; `said` describes it to people."""

    path: Path
    said: str = ""


@dataclass(frozen=True, slots=True)
class Insert:
    """Insert a text, or a list or mapping, as the entry `place` of a list, never as its first."""

    path: Path
    place: int
    value: Tree = field(hash=False)
    said: str = ""


@dataclass(frozen=True, slots=True)
class Replace:
    """Replace a value by a text."""

    path: Path
    text: str
    said: str = ""


Edit: TypeAlias = Remove | Insert | Replace
