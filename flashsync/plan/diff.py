"""Field changes between a live schedule and what is to be written, in the file's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from flashsync.model.mask import STARS
from flashsync.model.schedule import Layer, Schedule, canonical_name
from flashsync.plan.model import Change, ChangeKind, FileValue, Target
from flashsync.plan.target_layers import ShownChain
from flashsync.plan.webhooks import ComparedNotify, compare, path_of
from flashsync.plan.words import Words, keyed

_NAMED = {("layers",), ("overrides",), ("notify", "chats")}
"""Paths that are followed by names."""
_ENTRY_BY_ENTRY = {*_NAMED, ("notify",)}
"""Paths of parts that are listed entry by entry, where they come or go as a whole."""
_PLACE = attrgetter("name", "start")
"""Sorts layers: their order means nothing."""


def same(live: Schedule, target: Schedule, compared: ComparedNotify) -> bool:
    """Whether a write would change nothing that a file can say. Fast: no words are made."""
    return (
        live.name == target.name
        and live.description == target.description
        and live.team == target.team
        and sorted(live.layers, key=_PLACE) == sorted(target.layers, key=_PLACE)
        and frozenset(live.overrides) == frozenset(target.overrides)
        and compared.same(target.notify)
    )


def is_as_sent(live: Schedule, sent: Schedule) -> bool:
    """Whether a live schedule is what was sent, as far as it can be compared: not secrets that are
    not shown, and not what people make in the console."""
    ours = replace(live, overrides=live.our_overrides)
    sent = replace(sent, overrides=sent.our_overrides)
    return same(ours, sent, compare(sent.notify, ours.notify))


def list_fields(target: Schedule, words: Words) -> tuple[Change, ...]:
    """All that a new schedule has, one change a field."""
    return tuple(_leaves(words.schedule(target), ()))


def _leaves(view: Mapping[str, Any], path: Path) -> Iterator[Change]:
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
        live, wanted = _show_chains(live, wanted, shown)
    target = wanted.schedule
    renamed = _find_new_names(live, wanted)
    before, after = _without_common(live.layers, renamed, wanted)
    old, new = (keyed((layer.name, layer) for layer in side) for side in (before, after))
    pairs = {name: (old[name], layer) for name, layer in new.items() if name in old}
    views = (
        words.schedule(replace(live, notify=compared.live, layers=before), pairs),
        words.schedule(replace(target, layers=after), pairs),
    )
    changes = [
        *_name_changes(live, target, renamed),
        *_cadence_changes(shown, words),
        *(
            change
            for path in paths(*views)
            for change in _change(path, *(at(view, path) for view in views))
        ),
        *_group_name_changes(pairs),
        *_secret_changes(compared),
    ]
    if not changes and not same(live, target, compared):
        return (Change("layers", ChangeKind.UNNAMED),)
    return tuple(change for place, change in enumerate(changes) if change not in changes[:place])


def _show_chains(
    live: Schedule, wanted: Target, shown: Sequence[ShownChain]
) -> tuple[Schedule, Target]:
    """Both sides with one layer for each chain that is shown as one."""
    hidden = {index for chain in shown for index in chain.live}
    written = {index for chain in shown for index in chain.written}
    left = [index for index in range(len(live.layers)) if index not in hidden]
    before = [live.layers[index] for index in left]
    after: list[Layer] = []
    origins: list[int | None] = []
    for index, layer in enumerate(wanted.schedule.layers):
        if index not in written:
            origin = wanted.origins[index]
            after.append(layer)
            origins.append(left.index(origin) if origin in left else None)
    for chain in shown:
        after.append(chain.after)
        origins.append(None if chain.before is None else len(before))
        before += [] if chain.before is None else [chain.before]
    schedule = replace(wanted.schedule, layers=tuple(after))
    return replace(live, layers=tuple(before)), Target(schedule, tuple(origins))


def _find_new_names(live: Schedule, wanted: Target) -> dict[int, str]:
    """The new names of live layers that get one, by place."""
    return {
        origin: layer.name
        for layer, origin in zip(wanted.schedule.layers, wanted.origins, strict=True)
        if origin is not None
        and canonical_name(live.layers[origin].name) != canonical_name(layer.name)
    }


def _without_common(
    live: Sequence[Layer], names: Mapping[int, str], wanted: Target
) -> tuple[tuple[Layer, ...], tuple[Layer, ...]]:
    """Both sides without equal layers; layers of the same origin have the same order.

    `names` are the new names of live layers that get one, by place.
    """
    left = {
        place: replace(layer, name=names[place]) if place in names else layer
        for place, layer in enumerate(live)
    }
    changing: list[Layer] = []
    origins: list[int] = []
    for layer, origin in zip(wanted.schedule.layers, wanted.origins, strict=True):
        equal = [place for place, other in left.items() if other == layer]
        if equal:
            del left[origin if origin in equal else equal[0]]
        else:
            changing.append(layer)
            origins += [] if origin is None else [origin]
    before = [left.pop(place) for place in dict.fromkeys(origins) if place in left]
    return (*before, *sorted(left.values(), key=_PLACE)), tuple(changing)


# The changes of names, groups and secrets, which views do not have.


def _name_changes(live: Schedule, target: Schedule, renamed: Mapping[int, str]) -> Iterator[Change]:
    if live.name != target.name:
        yield Change("schedule", ChangeKind.CHANGED, live.name, target.name)
    for place, name in renamed.items():
        yield Change(f"layers[{name}]", ChangeKind.RENAMED, live.layers[place].name, name)


def _cadence_changes(shown: Sequence[ShownChain], words: Words) -> Iterator[Change]:
    """`daily 09:00 → daily 17:00`."""
    for chain in shown:
        if chain.cadences:
            since = chain.cadences[0].start
            sides = (words.cadence(layer, since) for layer in chain.cadences)
            yield Change(f"layers[{chain.after.name}].handoffs", ChangeKind.CHANGED, *sides)


def _group_name_changes(pairs: Mapping[str, tuple[Layer, Layer]]) -> Iterator[Change]:
    """Groups that only get another name: the views have their people, and not their names."""
    for name, sides in pairs.items():
        before, after = ([group.members for group in layer.groups] for layer in sides)
        old, new = (tuple(group.name or "" for group in layer.groups) for layer in sides)
        if before == after and old != new:
            yield Change(f"layers[{name}].groups", ChangeKind.GROUP_NAMES, old, new)


def _secret_changes(compared: ComparedNotify) -> Iterator[Change]:
    """Secrets that differ; a change has the reference by which a file gives it, never the value."""
    for old, hook in compared.pairs:
        before, after = dict(old.secrets()), dict(hook.secrets())
        for name in dict.fromkeys([*before, *after]):
            have, want = before.get(name), after.get(name)
            if have == want:
                continue
            value: FileValue | None = STARS if want else None
            if want and want.reference:
                value = {want.reference.kind: want.reference.name}
            path = path_of(hook, name)
            yield Change(path, ChangeKind.SECRET, STARS if have else None, value)


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
    levels = [level.path(output_format="list") for kind in tree.values() for level in kind]
    # What differs inside a list is a difference of the list.
    differing = {tuple(step for step in steps if isinstance(step, str)) for steps in levels}
    order = {path: place for place, path in enumerate(_all_paths(before, after, ()))}
    return sorted(differing, key=lambda path: [order[path[: n + 1]] for n in range(len(path))])


def _all_paths(before: Any, after: Any, path: Path) -> Iterator[Path]:
    """All paths of both, in order: the keys after the change, and each that goes behind its former
    neighbour."""
    one, other = (side if isinstance(side, dict) else {} for side in (before, after))
    keys = list(other)
    place = 0
    for key in one:
        if key in other:
            place = keys.index(key) + 1
        else:
            keys.insert(place, key)
            place += 1
    for key in keys:
        yield (*path, key)
        yield from _all_paths(one.get(key), other.get(key), (*path, key))


def at(view: Any, path: Path) -> Any:
    """The value at a path, or None."""
    for step in path:
        view = view.get(step) if isinstance(view, dict) else None
    return view


def _change(path: Path, before: Any, after: Any) -> Iterator[Change]:
    """The change at a path; a part with entries has one for each."""
    if path in _ENTRY_BY_ENTRY:
        one, other = before or {}, after or {}
        for name in {**one, **other}:
            yield from _change((*path, name), one.get(name), other.get(name))
        return
    if path[:-1] == ("overrides",):
        sides = (path[-1], None) if after is None else (None, path[-1])
        kind = ChangeKind.REMOVED if after is None else ChangeKind.ADDED
        yield Change("overrides", kind, *sides)
        return
    old, new = (None if side is None else _file_value(side) for side in (before, after))
    if old is None:
        kind = ChangeKind.ADDED
    elif new is None:
        kind = ChangeKind.REMOVED
    elif isinstance(old, tuple) and isinstance(new, tuple):
        kind = ChangeKind.TURNS if path[-1] == "groups" else ChangeKind.ENTRIES
    else:
        kind = ChangeKind.CHANGED
    yield Change(_path(path), kind, old, new)


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
