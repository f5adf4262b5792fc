"""The edits of a document for somebody who joins, leaves, or takes somebody's place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flashsync.declared.edits import Edit, Insert, Remove, Replace
from flashsync.declared.findings import Finding, Findings
from flashsync.declared.staff import Among, Is, Named, covers, everywhere, expected, turns
from flashsync.declared.wrong import shown


def add(
    tree: Mapping[str, Any], layer: int, text: str, is_new: Is, after: tuple[str, Is] | None = None
) -> Insert:
    """A turn of a layer for a person, at its end or after somebody's turn. Raises Findings."""
    order = turns(tree, layer)
    name = tree["layers"][layer]["layer"]
    for turn in order:
        if found := turn.those(is_new):
            message = f"{shown(text)} is in {turn.title} already"
            raise Findings([Finding(found[0].at, message, "nothing is left to add")])
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
        raise Findings([Finding(path, message, "name somebody who has one, or leave --after out")])
    numbers = ", ".join(str(place + 1) for place in found)
    message = f"{shown(text)} has several turns in the layer {shown(layer)}: {numbers}"
    remedy = "name somebody who has one turn, or edit the file by hand"
    raise Findings([Finding(path, message, remedy)])


def remove(tree: Mapping[str, Any], text: str, is_one: Is, layer: int | None = None) -> list[Edit]:
    """A person goes from everywhere, or from one layer's turns. Raises Findings with all places
    that would be left without anybody."""
    edits: list[Edit] = []
    findings: list[Finding] = []
    for place in _layers(tree, layer):
        _leave_layer(tree, place, text, is_one, edits, findings)
    if layer is None:
        for cover in covers(tree):
            _leave_cover(cover, text, is_one, edits, findings)
        _leave_expected(tree, text, is_one, edits, findings)
    if findings:
        raise Findings(findings)
    return edits


def _layers(tree: Mapping[str, Any], layer: int | None) -> Sequence[int]:
    return range(len(tree.get("layers", ()))) if layer is None else [layer]


def _leave_layer(
    tree: Mapping[str, Any],
    layer: int,
    text: str,
    is_one: Is,
    edits: list[Edit],
    findings: list[Finding],
) -> None:
    order = turns(tree, layer)
    alone = [turn for turn in order if len(turn.those(is_one)) == len(turn.people)]
    if len(alone) == len(order):
        message = f"the layer {shown(tree['layers'][layer]['layer'])} would be left without turns"
        remedy = f"name somebody else (`replace {text} --with …`), or take the layer out by hand"
        findings.append(Finding(("layers", layer, "groups"), message, remedy))
        return
    for turn in order:
        if turn in alone:
            edits.append(Remove(turn.path, f"{turn.title} goes, which was {text}'s"))
        else:
            edits += _out(turn, text, turn.those(is_one))


def _out(among: Among, text: str, entries: Sequence[Named]) -> list[Remove]:
    """Entries that go, while others stay."""
    return [Remove(one.path, f"{text} goes from {among.title}") for one in entries]


def _leave_cover(
    cover: Among, text: str, is_one: Is, edits: list[Edit], findings: list[Finding]
) -> None:
    found = cover.those(is_one)
    if len(found) == len(cover.people):
        message = f"{cover.title} would be left without people"
        remedy = "name somebody else there, or take the override out by hand"
        findings.append(Finding((*cover.path, "people"), message, remedy))
    else:
        edits += _out(cover, text, found)


def _leave_expected(
    tree: Mapping[str, Any], text: str, is_one: Is, edits: list[Edit], findings: list[Finding]
) -> None:
    """An expectation that only said `not` her is met for ever: it goes."""
    met: list[int] = []
    for among in expected(tree):
        found, (_, place, key) = among.those(is_one), among.path
        if len(found) < len(among.people):
            edits += _out(among, text, found)
        elif key != "not":
            message = f"{among.title} would be left without people"
            remedy = "name who is expected then, or take the expectation out by hand"
            findings.append(Finding(among.path, message, remedy))
        elif "any_of" in tree["expect"][place]:
            edits.append(Remove(among.path, f"{among.title} goes, which was {text} alone"))
        else:
            met.append(int(place))
    edits += _met(met, len(tree.get("expect", ())), text)


def _met(places: Sequence[int], count: int, text: str) -> Iterator[Remove]:
    """Expectations that go; with the last of them their key."""
    said = f"was only that {text} is not on call"
    if places and len(places) == count:
        yield Remove(("expect",), f"`expect` goes: it {said}")
        return
    for place in places:
        yield Remove(("expect", place), f"expectation {place + 1} goes: it {said}")


def replace(
    tree: Mapping[str, Any], text: str, is_old: Is, is_new: Is, new: str, layer: int | None = None
) -> list[Edit]:
    """A person takes another's place, with the role; who stands there already is not doubled."""
    edits: list[Edit] = []
    for among in everywhere(tree, layer):
        old, there = among.those(is_old), among.those(is_new)
        if not old:
            continue
        if there and not (_leads(old) and not _leads(there)):
            edits += _out(among, text, old)
            continue
        # The first role has to stay: whoever takes it leaves the other one.
        edits += [Replace(old[0].at, new, f"{new} takes {text}'s place in {among.title}")]
        edits += _out(among, text, old[1:]) + _out(among, new, there)
    return edits


def _leads(entries: Sequence[Named]) -> bool:
    return any(one.primary for one in entries)
