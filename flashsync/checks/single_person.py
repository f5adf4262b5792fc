"""A layer, or a whole schedule, with only one person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flashsync.checks.model import Case, CheckFinding, CheckSettings, Path
from flashsync.model.schedule import PRIMARY, Layer

_REMEDY = "add a second person to `groups`"


def single_person(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds layers with one person; one finding where all layers have the same.

    Leaves out layers with an end, and layers that only come second: shadows and fallbacks.
    """
    layers = dict(case.running_layers())
    alone = {
        index: person
        for index, layer in layers.items()
        if (person := _find_only_person(layer)) is not None
        and layer.end is None
        and not _is_second(layer, layers.values())
        and settings.level("single_person", case.desired, ("layers", index))
    }
    if not alone:
        return
    name = case.words.directory.person
    if len(alone) == len(layers) and len(set(alone.values())) == 1:
        ((index, person), *_) = alone.items()
        message = f"{name(person)} alone has all turns: nobody can take over"
        path: Path = ("layers", index, "groups") if len(layers) == 1 else ("layers",)
        yield CheckFinding(message, _REMEDY, path)
        return
    for index, person in alone.items():
        message = f"{name(person)} alone has all turns of layer `{layers[index].name}`"
        yield CheckFinding(message, _REMEDY, ("layers", index, "groups"))


def _is_second(layer: Layer, layers: Iterable[Layer]) -> bool:
    """Whether others are primary whenever the layer is on duty, or nobody in it is primary."""
    if not any(member.role == PRIMARY for group in layer.groups for member in group.members):
        return True
    return any(
        other.end is None
        and other.start <= layer.start
        and _covers(other, layer)
        and _find_only_person(other) is None
        and all(any(one.role == PRIMARY for one in group.members) for group in other.groups)
        for other in layers
    )


def _covers(other: Layer, layer: Layer) -> bool:
    """Whether a layer is on duty at least when another one is."""
    if other.days is None and other.hours is None:
        return True
    cuts = (other.days, other.hours, other.continuous)
    return cuts == (layer.days, layer.hours, layer.continuous)


def _find_only_person(layer: Layer) -> int | None:
    if any(len(group.members) != 1 for group in layer.groups):
        return None
    people = {member.person for group in layer.groups for member in group.members}
    return people.pop() if len(people) == 1 else None
