"""Field changes between a live schedule and what is to be written, in the file's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flashsync.model.mask import STARS
from flashsync.model.notify import Secret
from flashsync.model.schedule import Layer, Schedule, canonical_name
from flashsync.plan.model import Change, ChangeKind, FileValue, Target
from flashsync.plan.target_layers import ShownChain, as_layers
from flashsync.plan.webhooks import ComparedNotify, compare, path_of
from flashsync.plan.words import Words, keyed

if TYPE_CHECKING:
    from deepdiff.model import DiffLevel

_NAMED = {("layers",), ("overrides",), ("notify", "chats")}
"""Paths that are followed by names."""
_ENTRY_BY_ENTRY = {*_NAMED, ("notify",)}
"""Paths of parts that are listed entry by entry, where they come or go as a whole."""


def same(live: Schedule, target: Schedule, compared: ComparedNotify) -> bool:
    """Whether a write would change nothing that a file can say. Fast: no words are made."""
    return (
        live.name == target.name
        and live.description == target.description
        and live.team == target.team
        and _in_order(live.layers) == _in_order(target.layers)
        and frozenset(live.overrides) == frozenset(target.overrides)
        and compared.same(target.notify)
    )


def is_as_sent(live: Schedule, sent: Schedule) -> bool:
    """Whether a live schedule is what was sent, as far as it can be compared: not secrets that are
    not shown, and not what people make in the console."""
    ours = replace(live, overrides=live.our_overrides)
    sent = replace(sent, overrides=sent.our_overrides)
    return same(ours, sent, compare(sent.notify, ours.notify))


def _in_order(layers: Sequence[Layer]) -> list[Layer]:
    """Their order means nothing."""
    return sorted(layers, key=_place)


def _place(layer: Layer) -> tuple[str, int]:
    return layer.name, layer.start


def list_fields(target: Schedule, words: Words) -> tuple[Change, ...]:
    """All that a new schedule has, one change a field."""
    return tuple(_leaves(words.schedule(target), ()))


def _leaves(view: Any, path: Path) -> Iterator[Change]:
    for key, part in view.items():
        if isinstance(part, dict) and part:
            yield from _leaves(part, (*path, key))
        elif path == ("overrides",):
            yield Change("overrides", ChangeKind.SET, None, key)
        else:
            yield Change(_path((*path, key)), ChangeKind.SET, None, _file_value(part))


def find_changes(
    live: Schedule,
    wanted: Target,
    compared: ComparedNotify,
    words: Words,
    shown: Sequence[ShownChain] = (),
) -> tuple[Change, ...]:
    """What differs, in the order in which a file is written.

    Layers that stay as they are (ended links of a chain) are left out first, so that a name means
    one layer; a chain that is cut is `shown` as one. `compared` has the two notifies made
    comparable.
    """
    if shown:
        live, wanted = as_layers(live, wanted, shown)
    target = wanted.schedule
    renamed = _renamed(live, wanted)
    before, after = _without_common(_with_names(live.layers, renamed), wanted)
    pairs = _paired(before, after)
    views = (
        words.schedule(replace(live, notify=compared.live, layers=before), pairs),
        words.schedule(replace(target, layers=after), pairs),
    )
    found = [
        *_name(live.name, target.name),
        *(_renaming(live.layers[place].name, name) for place, name in renamed.items()),
        *(_cadence(chain.after.name, *chain.cadences, words) for chain in shown if chain.cadences),
        *(
            change
            for path in paths(*views)
            for change in _change(path, *(at(v, path) for v in views))
        ),
        *(change for name, pair in pairs.items() for change in _group_names(name, *pair)),
        *_secrets(compared),
    ]
    if not found and not same(live, target, compared):
        found.append(Change("layers", ChangeKind.UNNAMED))
    return tuple(change for place, change in enumerate(found) if change not in found[:place])


def _name(before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change("schedule", ChangeKind.CHANGED, before, after)


def _renaming(before: str, after: str) -> Change:
    return Change(f"layers[{after}]", ChangeKind.RENAMED, before, after)


def _cadence(name: str, before: Layer, after: Layer, words: Words) -> Change:
    """`daily 09:00 → daily 17:00`."""
    sides = (words.cadence(layer, before.start) for layer in (before, after))
    return Change(f"layers[{name}].handoffs", ChangeKind.CHANGED, *sides)


def _renamed(live: Schedule, wanted: Target) -> dict[int, str]:
    """The new names of live layers that get one, by place."""
    pairs = zip(wanted.schedule.layers, wanted.origins, strict=True)
    return {
        origin: layer.name
        for layer, origin in pairs
        if origin is not None
        and canonical_name(live.layers[origin].name) != canonical_name(layer.name)
    }


def _with_names(layers: Sequence[Layer], names: Mapping[int, str]) -> list[Layer]:
    return [
        replace(layer, name=names[place]) if place in names else layer
        for place, layer in enumerate(layers)
    ]


def _without_common(
    live: Sequence[Layer], wanted: Target
) -> tuple[tuple[Layer, ...], tuple[Layer, ...]]:
    """Both sides without equal layers; layers of the same origin have the same order."""
    left = dict(enumerate(live))
    changing: list[Layer] = []
    origins: list[int] = []
    for layer, origin in zip(wanted.schedule.layers, wanted.origins, strict=True):
        equal = [place for place, one in left.items() if one == layer]
        if equal:
            del left[origin if origin in equal else equal[0]]
        else:
            changing.append(layer)
            origins += [] if origin is None else [origin]
    before = [left.pop(place) for place in dict.fromkeys(origins) if place in left]
    return (*before, *sorted(left.values(), key=_place)), tuple(changing)


def _paired(before: Sequence[Layer], after: Sequence[Layer]) -> dict[str, tuple[Layer, Layer]]:
    """The layers of both sides, by name."""
    one, other = (keyed((layer.name, layer) for layer in side) for side in (before, after))
    return {name: (one[name], layer) for name, layer in other.items() if name in one}


def _group_names(name: str, before: Layer, after: Layer) -> Iterator[Change]:
    """Groups that only get another name: the views have their people, and not their names."""
    same_people = [one.members for one in before.groups] == [one.members for one in after.groups]
    old, new = (tuple(group.name or "" for group in layer.groups) for layer in (before, after))
    if same_people and old != new:
        yield Change(f"layers[{name}].groups", ChangeKind.GROUP_NAMES, old, new)


def _secrets(compared: ComparedNotify) -> Iterator[Change]:
    for old, hook in compared.pairs:
        before, after = dict(old.secrets()), dict(hook.secrets())
        for name in dict.fromkeys([*before, *after]):
            have, want = before.get(name), after.get(name)
            if have != want:
                sides = STARS if have else None, _secret_value(want) if want else None
                yield Change(path_of(hook, name), ChangeKind.SECRET, *sides)


def _secret_value(secret: Secret) -> FileValue:
    """The reference by which a file gives it, as the file has it; never the value."""
    reference = secret.reference
    return {reference.kind: reference.name} if reference else STARS


def _change(path: Path, before: Any, after: Any) -> Iterator[Change]:
    """The change at a path."""
    if path in _ENTRY_BY_ENTRY:
        one, other = before or {}, after or {}
        for name in {**one, **other}:
            yield from _change((*path, name), one.get(name), other.get(name))
    elif path[:-1] == ("overrides",):
        yield _override(path[-1], gone=after is None)
    else:
        old, new = (None if side is None else _file_value(side) for side in (before, after))
        yield Change(_path(path), _kind(old, new, path[-1]), old, new)


def _override(entry: str, *, gone: bool) -> Change:
    if gone:
        return Change("overrides", ChangeKind.REMOVED, entry)
    return Change("overrides", ChangeKind.ADDED, None, entry)


def _kind(before: FileValue | None, after: FileValue | None, key: str) -> ChangeKind:
    if before is None:
        return ChangeKind.ADDED
    if after is None:
        return ChangeKind.REMOVED
    if isinstance(before, tuple) and isinstance(after, tuple):
        return ChangeKind.TURNS if key == "groups" else ChangeKind.ENTRIES
    return ChangeKind.CHANGED


def _file_value(view: Any) -> FileValue:
    """A value that nobody changes any more."""
    if isinstance(view, dict):
        return {key: tuple(part) if isinstance(part, list) else part for key, part in view.items()}
    return tuple(view) if isinstance(view, list) else str(view)


def _path(path: Path) -> str:
    """`layers[Primary].groups`: names in brackets, keys with dots."""
    text = path[0]
    for place, step in enumerate(path[1:], 1):
        text += f"[{step}]" if path[:place] in _NAMED else f".{step}"
    return text


# Where two views differ: the paths, in the order in which a file is written.

Path = tuple[str, ...]


def paths(before: Any, after: Any) -> list[Path]:
    """The paths at which two nested mappings differ; a list that differs is one place.

    DeepDiff takes milliseconds and a slow import, so it is asked only about what differs.
    """
    if before == after:
        return []
    from deepdiff import DeepDiff

    tree = DeepDiff(
        before, after, view="tree", threshold_to_diff_deeper=0, ignore_private_variables=False
    )
    found = {_path_of_level(level) for kind in tree.values() for level in kind}
    order = {path: place for place, path in enumerate(_all_paths(before, after))}
    return sorted(found, key=lambda path: [order[path[: n + 1]] for n in range(len(path))])


def _path_of_level(level: DiffLevel) -> Path:
    """The path to a difference; what differs inside a list is a difference of the list."""
    return tuple(step for step in level.path(output_format="list") if isinstance(step, str))


def _all_paths(before: Any, after: Any, path: Path = ()) -> Iterable[Path]:
    """All paths of both, in order."""
    one, other = (side if isinstance(side, dict) else {} for side in (before, after))
    for key in _merged(list(one), list(other)):
        yield (*path, key)
        yield from _all_paths(one.get(key), other.get(key), (*path, key))


def _merged(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The keys of both: those after the change, and each that goes behind its former neighbour."""
    keys = list(after)
    place = 0
    for key in before:
        if key in after:
            place = keys.index(key) + 1
        else:
            keys.insert(place, key)
            place += 1
    return keys


def at(view: Any, path: Path) -> Any:
    """The value at a path, or None."""
    for step in path:
        view = view.get(step) if isinstance(view, dict) else None
    return view
