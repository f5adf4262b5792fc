"""What a live schedule looked like, in short: tells whether it has moved since a plan was made.

It covers what flashsync writes: name, team, description, rotation layers, its own overrides and
notify. It does not cover console overrides, stamps and the values of secrets, and it does not
depend on the time at which it is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from typing import Any

from flashsync.model.schedule import Schedule, without_fields
from flashsync.plan.json.schedule import ScheduleDocument
from flashsync.plan.model import Delete, Update
from flashsync.rotation.rollout.chains import chains

_LAYER: Mapping[str, tuple[str, ...]] = {
    "rotation": ("rotation_value", "rotation_unit"),
    "handoff": ("handoff",),
    "start": ("start",),
    "end": ("end",),
    "days": ("days",),
    "hours": ("hours",),
    "continuous": ("continuous",),
    "fair": ("fair",),
    "groups": ("groups",),
}
"""The keys of a layer in a file, and what says the same in a plan."""
MOST = 6
"""At most this many fields that have moved are named."""
ORDER = "the order of its layers"
"""What has moved where no field has: a fingerprint is of all fields in the order of the layers."""
_CUT = "rollout"
"""The key of a layer that says when an edit of it takes effect."""
_CHAINS = "layer"
"""The key of a layer that is its name."""
_NOTIFY: Mapping[str, tuple[str, ...]] = {
    "before": ("before",),
    "daily_at": ("daily_at",),
    "by": ("preference", "channels"),
    "chats": ("webhooks",),
}


def fingerprint(live: Schedule) -> str:
    """32 hexadecimal digits."""
    return digits(_ours(live), 32)


def is_as_planned(action: Update | Delete, live: Schedule) -> bool:
    """Whether a live schedule is what it was when the plan was made, as far as files decide it."""
    return fingerprint(decided_by_files(action, live)) == action.fingerprint


def decided_by_files(action: Update | Delete, live: Schedule) -> Schedule:
    """The live schedule without what an update leaves to the console."""
    return without_fields(live, action.target.ignored) if isinstance(action, Update) else live


def fingerprints(live: Schedule) -> tuple[str, dict[str, str]]:
    """The fingerprint and the `parts` of a live schedule, of one look at it."""
    document = _ours(live)
    return digits(document, 32), _parts(live, document)


def parts(live: Schedule) -> dict[str, str]:
    """Of each field 8 hexadecimal digits, by its path in the file's words.

    A chain is one layer, as its last link says. Its earlier links and the moment at which they end
    are one field, `rollout`; `layer` is how many chains of the name there are, where several.
    """
    return _parts(live, _ours(live))


def _parts(live: Schedule, document: dict[str, Any]) -> dict[str, str]:
    links = document["layers"]
    lasts: list[int] = []
    beside: dict[str, object] = {}
    for same in chains(live.layers).values():
        name = links[same[0][-1]]["name"]
        lasts += [places[-1] for places in same]
        if any(len(places) > 1 for places in same):
            beside[f"layers[{name}].{_CUT}"] = [
                [links[places[-1]]["start"], *(links[place] for place in places[:-1])]
                for places in same
            ]
        if len(same) > 1:
            beside[f"layers[{name}].{_CHAINS}"] = len(same)
    whole = {**document, "layers": [links[place] for place in sorted(lasts)]}
    fields = chain(_fields(whole), beside.items())
    return {path: digits(value, 8) for path, value in fields}


def marks(document: ScheduleDocument) -> dict[str, str]:
    """Of each field of a schedule 8 hexadecimal digits, by its path in the file's words.

    Layers of one name have one mark a field.
    """
    return {path: digits(value, 8) for path, value in _fields(document.model_dump())}


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The paths of fields of two live schedules that are not the same, by their `parts`.

    An edit of a layer that has begun cuts it: the cut is named only where it is all that moved.
    """
    found = list(unequal(before, after))
    for cut in [path for path in found if path.endswith(f"].{_CUT}")]:
        layer = _layer_of(cut)
        found = [path for path in found if path != f"{layer}.start"]
        if any(_layer_of(path) == layer for path in found if path != cut):
            found.remove(cut)
    return tuple(found)


def unequal(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The paths with unequal marks; a layer that came or went is one path."""
    layers = [{_layer_of(path) for path in side} for side in (before, after)]
    found = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    whole = layers[0] ^ layers[1]
    whole |= {_layer_of(path) for path in found if path.endswith(f"].{_CHAINS}")}
    return tuple(dict.fromkeys(_layer_of(one) if _layer_of(one) in whole else one for one in found))


def _layer_of(path: str) -> str:
    """`layers[Primary]` of `layers[Primary].groups`; keys of a layer have no dots."""
    return path.rpartition(".")[0]


def _ours(live: Schedule) -> dict[str, Any]:
    """What flashsync writes of a live schedule, with times in Unix seconds."""
    return ScheduleDocument.of(replace(live, overrides=live.our_overrides)).model_dump()


def digits(value: object, number: int) -> str:
    """The first hexadecimal digits of the hash of plain values: texts, numbers, lists, dicts."""
    return sha256(ascii(value).encode()).hexdigest()[:number]


def _fields(document: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    yield "schedule", document["name"]
    yield "description", document["description"]
    yield "team", document["team"]
    links: dict[str, list[Mapping[str, Any]]] = {}
    for layer in document["layers"]:
        links.setdefault(layer["name"], []).append(layer)
    for name, layers in links.items():
        for key, fields in _LAYER.items():
            yield f"layers[{name}].{key}", [_values(layer, fields) for layer in layers]
    yield "overrides", document["overrides"]
    for key, fields in _NOTIFY.items():
        yield f"notify.{key}", _values(document["notify"], fields)


def _values(document: Mapping[str, object], fields: tuple[str, ...]) -> list[object]:
    return [document[field] for field in fields]
