"""What a schedule looked like, in short: tells whether it has moved since a plan was made.

A fingerprint is of a live schedule, a basis is of what files declare. A fingerprint covers what
flashsync writes: name, team, description, rotation layers, its own overrides and notify. It does
not cover console overrides, stamps and the values of secrets, and it does not depend on the time at
which it is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from flashsync.model.desired import Desired, Rollout
from flashsync.model.schedule import Schedule, without_fields
from flashsync.plan.merge import without_overlaps
from flashsync.plan.model import Delete, Plan, PlanBasis, Unchanged, Update
from flashsync.rotation.rollout.chains import chains

if TYPE_CHECKING:  # a plan without changes needs no documents
    from flashsync.plan.json.schedule import ScheduleDocument

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
EARLIER = " (earlier)"
"""Ends the path of a field of a chain's links before its last, which run until the cut."""
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


def parts(live: Schedule) -> dict[str, str]:
    """The second of the `fingerprints`."""
    return fingerprints(live)[1]


def fingerprints(live: Schedule) -> tuple[str, dict[str, str]]:
    """The fingerprint of a live schedule; and of each field 8 hexadecimal digits, by its path in
    the file's words.

    A chain is one layer, as its last link says. Its earlier links and the moment at which they end
    are one field, `rollout`, and the fields of these links have `EARLIER` paths; `layer` is how
    many chains of the name there are, where several.
    """
    document = _ours(live)
    links = document["layers"]
    lasts: list[int] = []
    of_chains: dict[str, object] = {}
    for same in chains(live.layers).values():
        name = links[same[0][-1]]["name"]
        lasts += [places[-1] for places in same]
        if any(len(places) > 1 for places in same):
            of_chains[f"layers[{name}].{_CUT}"] = [
                [links[places[-1]]["start"], *(links[place] for place in places[:-1])]
                for places in same
            ]
            earlier = [links[place] for places in same for place in places[:-1]]
            for field, keys in _LAYER.items():
                if field not in ("start", "end"):
                    values = [[link[key] for key in keys] for link in earlier]
                    of_chains[f"layers[{name}].{field}{EARLIER}"] = values
        if len(same) > 1:
            of_chains[f"layers[{name}].{_CHAINS}"] = len(same)
    whole = {**document, "layers": [links[place] for place in sorted(lasts)]}
    fields = _fields(whole) | of_chains
    return digits(document, 32), {path: digits(value, 8) for path, value in fields.items()}


def marks(document: ScheduleDocument) -> dict[str, str]:
    """Of each field of a schedule 8 hexadecimal digits, by its path in the file's words.

    Layers of one name have one mark a field.
    """
    return {path: digits(value, 8) for path, value in _fields(document.model_dump()).items()}


def _ours(live: Schedule) -> dict[str, Any]:
    """What flashsync writes of a live schedule, with times in Unix seconds."""
    from flashsync.plan.json.schedule import ScheduleDocument

    return ScheduleDocument.of(replace(live, overrides=live.our_overrides)).model_dump()


def digits(value: object, number: int) -> str:
    """The first hexadecimal digits of the hash of plain values: texts, numbers, lists, dicts."""
    return sha256(ascii(value).encode()).hexdigest()[:number]


def _fields(document: Mapping[str, Any]) -> dict[str, object]:
    fields = {"schedule": document["name"]}
    fields |= {key: document[key] for key in ("description", "team")}
    links: dict[str, list[Mapping[str, Any]]] = {}
    for layer in document["layers"]:
        links.setdefault(layer["name"], []).append(layer)
    for name, layers in links.items():
        for field, keys in _LAYER.items():
            fields[f"layers[{name}].{field}"] = [[layer[key] for key in keys] for layer in layers]
    fields["overrides"] = document["overrides"]
    for field, keys in _NOTIFY.items():
        fields[f"notify.{field}"] = [document["notify"][key] for key in keys]
    return fields


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The paths of fields of two live schedules that are not the same, by their `parts`.

    An edit of a layer that has begun cuts it: the cut is named only where it is all that moved, and
    fields of earlier links where both sides have these and the last link is the same.
    """
    paths = [
        path
        for path in unequal(before, after)
        if not path.endswith(EARLIER) or (path in before and path in after)
    ]
    for cut in [path for path in paths if path.endswith(f"].{_CUT}")]:
        layer = _layer_of(cut)
        paths = [path for path in paths if path != f"{layer}.start"]
        others = [path for path in paths if path != cut and _layer_of(path) == layer]
        covered = {cut} if others else set()
        if not all(path.endswith(EARLIER) for path in others):
            covered |= {path for path in others if path.endswith(EARLIER)}
        paths = [path for path in paths if path not in covered]
    return tuple(paths)


def unequal(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The paths with unequal marks; a layer that came or went is one path."""
    layers = [{_layer_of(path) for path in side} for side in (before, after)]
    paths = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    whole = layers[0] ^ layers[1]
    whole |= {_layer_of(path) for path in paths if path.endswith(f"].{_CHAINS}")}
    layer_or_field = (_layer_of(path) if _layer_of(path) in whole else path for path in paths)
    return tuple(dict.fromkeys(layer_or_field))


def _layer_of(path: str) -> str:
    """`layers[Primary]` of `layers[Primary].groups`; keys of a layer have no dots."""
    return path.rpartition(".")[0]


# What a saved plan was made from: the declared values, as marks, and the rollout of that run.
#
# The marks tell which field of a file has changed since. They prove nothing: whoever can write the
# plan can write them, too. What `apply` may write is worked out from the files again.

WHOLE = ""
"""The path of the one mark of a schedule that the plan does not write."""


def basis_of(plan: Plan, desired: Sequence[Desired], rollout: Rollout | None) -> PlanBasis:
    """What a plan was made from, by the names of its schedules."""
    unwritten = {action.name for action in plan.actions if isinstance(action, Unchanged)}
    declared = {
        schedule.name: mark_whole(schedule) if schedule.name in unwritten else mark(schedule)
        for schedule in desired
    }
    return PlanBasis(declared, rollout)


def mark(desired: Desired) -> dict[str, str]:
    """A mark for each declared field, by its path in the file's words.

    The order of overrides is one of these where they overlap, and only there.
    """
    from flashsync.plan.json.schedule import ScheduleDocument

    document = ScheduleDocument.of(without_overlaps(desired.schedule)).with_sorted_chats()
    others: dict[str, object] = {}
    if desired.absent:
        others["absent"] = True
    if desired.schedule.id is not None:
        others["id"] = desired.schedule.id
    if desired.renamed_from:
        others["renamed_from"] = desired.renamed_from
    if desired.ignored:
        others["ignore"] = desired.ignored
    others["rollout"] = _plain(desired.rollout)
    for layer, intent in zip(desired.schedule.layers, desired.intents, strict=False):
        if intent.rollout != desired.rollout:
            others[f"layers[{layer.name}].rollout"] = _plain(intent.rollout)
        if intent.renamed_from:
            others[f"layers[{layer.name}].renamed_from"] = intent.renamed_from
    return marks(document) | {path: digits(value, 8) for path, value in others.items()}


def mark_whole(desired: Desired) -> dict[str, str]:
    """One mark for all that is declared."""
    return {WHOLE: digits(sorted(mark(desired).items()), 8)}


def _plain(rollout: Rollout) -> list[object]:
    return [rollout.kind.value, rollout.at]
