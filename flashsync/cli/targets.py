"""Which schedule or layer of the files `Production On-Call/Primary` means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashsync.cli.workspace import Declared
from flashsync.declared.problems import nearest
from flashsync.errors import UsageError
from flashsync.model.schedule import canonical_name


@dataclass(frozen=True, slots=True)
class Target:
    """A schedule, or one of its layers by its place."""

    declared: Declared
    layer: int | None = None


def find_layers(option: str, given: Sequence[str], all_: Sequence[Declared]) -> list[Target]:
    """One layer for each text; a schedule alone is enough where it has one. Raises UsageError."""
    found = [_one_layer(option, text, all_) for text in given]
    return list({(id(one.declared), one.layer): one for one in found}.values())


def find_parts(option: str, given: Sequence[str], all_: Sequence[Declared]) -> list[Target]:
    """A schedule or a layer for each text; without any, all schedules. Raises UsageError."""
    if not given:
        return [Target(one) for one in all_]
    return [_one(option, text, all_) for text in given]


def _one_layer(option: str, text: str, all_: Sequence[Declared]) -> Target:
    target = _one(option, text, all_)
    if target.layer is not None:
        return target
    layers = _layers(target.declared)
    if len(layers) == 1:
        return Target(target.declared, 0)
    if not layers:
        raise UsageError(f"{option}: {text} is `absent: true` and has no layers", "name another")
    message = f"{option}: {text} has {len(layers)} layers"
    raise UsageError(message, f"name one: {_listed(text, layers)}")


def _one(option: str, text: str, all_: Sequence[Declared]) -> Target:
    """The one schedule or layer that a text names."""
    found = list(_meant(canonical_name(text), all_))
    if len(found) == 1:
        return found[0]
    if not found:
        raise _nothing(option, text, all_)
    layers = {id(one.declared) for one in found}
    what = "several layers" if len(layers) == 1 else "a schedule, and a layer of another one"
    raise UsageError(f"{option}: {text} names {what}", "edit the file by hand")


def _meant(name: str, all_: Sequence[Declared]) -> Iterator[Target]:
    for one in all_:
        schedule = one.schedule.schedule
        if name == schedule:
            yield Target(one)
        for place, layer in enumerate(_layers(one)):
            if name == f"{schedule}/{layer}":
                yield Target(one, place)


def _layers(declared: Declared) -> list[str]:
    return [layer.layer for layer in declared.schedule.layers or ()]


def _nothing(option: str, text: str, all_: Sequence[Declared]) -> UsageError:
    """Nothing has that name: say what comes near it."""
    for one in all_:
        name = one.schedule.schedule
        layers = _layers(one)
        if layers and canonical_name(text).startswith(f"{name}/"):
            layer = canonical_name(text).removeprefix(f"{name}/")
            near = nearest(layer, layers)
            remedy = f"did you mean {name}/{near}?" if near else f"known: {_listed(name, layers)}"
            return UsageError(f"{option}: the schedule {name} has no layer {layer}", remedy)
    known = [one.schedule.schedule for one in all_]
    known += [f"{one.schedule.schedule}/{layer}" for one in all_ for layer in _layers(one)]
    near = nearest(text, known)
    remedy = (
        f"did you mean {near}?" if near else "write SCHEDULE or SCHEDULE/LAYER, as in the files"
    )
    return UsageError(f"{option}: no file has the schedule or layer {text}", remedy)


def _listed(schedule: str, layers: Sequence[str]) -> str:
    return ", ".join(f"{schedule}/{layer}" for layer in layers)
