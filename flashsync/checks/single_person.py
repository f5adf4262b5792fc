"""A layer, or a whole schedule, with only one person."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.model import Case, CheckFinding, CheckSettings, Path
from flashsync.model.schedule import Layer

_REMEDY = "add a second person to `groups`"


def single_person(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds layers with one person; one finding where all layers have the same."""
    layers = dict(case.running_layers())
    alone = {
        index: person
        for index, layer in layers.items()
        if (person := _find_only_person(layer)) is not None
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


def _find_only_person(layer: Layer) -> int | None:
    if any(len(group.members) != 1 for group in layer.groups):
        return None
    people = {member.person for group in layer.groups for member in group.members}
    return people.pop() if len(people) == 1 else None
