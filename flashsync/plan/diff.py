"""Field changes between a live schedule and what is to be written, in the file's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from flashsync.plan.chains import chains
from flashsync.plan.model import Change
from flashsync.plan.target import Target
from flashsync.plan.view import Words
from flashsync.plan.webhooks import Compared, match
from flashsync.state import canonical
from flashsync.state.notify import Notify
from flashsync.state.schedule import Layer, Schedule

if TYPE_CHECKING:
    from deepdiff.model import DiffLevel


def created(target: Schedule, words: Words) -> tuple[Change, ...]:
    """All that a new schedule has, one change a field."""
    return tuple(_leaves(words.schedule(target), ()))


def _leaves(view: Any, path: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(view, dict) and view:
        for key, part in view.items():
            yield from _leaves(part, (*path, key))
    elif path:
        after = _text(view) if view else path[-1]
        named = path if view else path[:-1]
        yield Change(_path(named), None, after, after)


def changed(live: Schedule, wanted: Target, compared: Compared, words: Words) -> tuple[Change, ...]:
    """What differs, in the order in which a file is written.

    Layers that stay as they are on both sides (ended links of a chain) are left out first, so
    that a name means one layer. `compared` holds the two notifies made comparable.
    """
    target = wanted.schedule
    found: list[Change] = []
    if live.name != target.name:
        found.append(Change("schedule", live.name, target.name, f"{live.name} → {target.name}"))
    renamed = _renamed(live, wanted)
    for place, name in renamed.items():
        old = live.layers[place].name
        found.append(Change(f"layers[{name}]", old, name, f"renamed from {old}"))
    before = replace(live, notify=compared.live, layers=_with_names(live.layers, renamed))
    one, other = _without_common(before.layers, target.layers)
    before, after = replace(before, layers=one), replace(target, layers=other)
    found.extend(_differences(words.schedule(before), words.schedule(after)))
    found.extend(_secrets(compared.live, target.notify))
    if not found and not same(before, after, compared):
        found.append(Change("layers", None, None, "names of groups"))
    return tuple(found)


def _renamed(live: Schedule, wanted: Target) -> dict[int, str]:
    """The new names of live layers that get one, by place."""
    pairs = zip(wanted.schedule.layers, wanted.origins, strict=True)
    return {
        origin: layer.name
        for layer, origin in pairs
        if origin is not None and canonical.name(live.layers[origin].name) != layer.name
    }


def _with_names(layers: Sequence[Layer], names: Mapping[int, str]) -> tuple[Layer, ...]:
    return tuple(
        replace(layer, name=names.get(place, layer.name)) for place, layer in enumerate(layers)
    )


def same(live: Schedule, target: Schedule, compared: Compared) -> bool:
    """Whether a write would change nothing that a file can say. Fast: no words are made."""
    return (
        live.name == target.name
        and live.description == target.description
        and live.team == target.team
        and _layers(live.layers) == _layers(target.layers)
        and frozenset(_overrides(live)) == frozenset(_overrides(target))
        and compared.same(target.notify)
    )


def _layers(layers: Sequence[Layer]) -> list[Layer]:
    """Their order means nothing."""
    return sorted(layers, key=lambda layer: (layer.name, layer.start))


def _overrides(schedule: Schedule) -> Iterator[tuple[object, ...]]:
    for one in schedule.overrides:
        yield one.name, one.start, one.end, one.people


def _without_common(
    live: Sequence[Layer], target: Sequence[Layer]
) -> tuple[tuple[Layer, ...], tuple[Layer, ...]]:
    """Both sides without the links of chains that are equal, except each chain's last."""
    shared = {
        live[place]
        for same_name in chains(live).values()
        for chain in same_name
        for place in chain[:-1]
        if live[place] in target
    }
    return (
        tuple(layer for layer in live if layer not in shared),
        tuple(layer for layer in target if layer not in shared),
    )


def _secrets(live: Notify, target: Notify) -> Iterator[Change]:
    pairs = match(target.webhooks, live.webhooks)
    for place, other in pairs.items():
        hook, old = target.webhooks[place], live.webhooks[other]
        before, after = dict(old.secrets()), dict(hook.secrets())
        for name in dict.fromkeys([*before, *after]):
            if before.get(name) != after.get(name):
                secret = after.get(name)
                text = f"changed, from {secret.reference}" if secret else "removed"
                path = f"notify.chats[{hook.label}].{name}"
                yield Change(path, "***" if name in before else None, "***", text)


def _differences(before: Any, after: Any) -> Iterator[Change]:
    """DeepDiff takes milliseconds and a slow import, so it is asked only about what differs."""
    if before == after:
        return
    from deepdiff import DeepDiff

    tree = DeepDiff(before, after, view="tree", threshold_to_diff_deeper=0)
    levels = [level for kind in tree.values() for level in kind]
    paths = {tuple(_list_path(level)) for level in levels}
    order = _order(before, after)
    for path in sorted(paths, key=lambda path: [order.get(path[:n], 0) for n in range(1, 5)]):
        yield from _change(path, _at(before, path), _at(after, path))


def _list_path(level: DiffLevel) -> list[str]:
    """The path to a difference; what differs inside a list is a difference of the list."""
    return [step for step in level.path(output_format="list") if isinstance(step, str)]


def _order(before: Any, after: Any) -> dict[tuple[str, ...], int]:
    """Where each path stands, the target's keys first."""
    found: dict[tuple[str, ...], int] = {}

    def walk(view: Any, path: tuple[str, ...]) -> None:
        if isinstance(view, dict):
            for key, part in view.items():
                found.setdefault((*path, key), len(found))
                walk(part, (*path, key))

    walk(after, ())
    walk(before, ())
    return found


def _at(view: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        view = view.get(step) if isinstance(view, dict) else None
    return view


_NAMED = {"layers", "overrides", "chats"}
"""Keys below which stand names."""


def _change(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Change]:
    if path[-1] in (*_NAMED, "notify"):
        yield from _each(path, before or {}, after or {})
    elif path[0] == "overrides":
        entry = path[1]
        if after is None:
            yield Change("overrides", entry, None, f"- {entry}")
        else:
            yield Change("overrides", None, entry, f"+ {entry}")
    elif isinstance(before, list) and isinstance(after, list):
        yield Change(_path(path), _text(before), _text(after), listed(before, after))
    else:
        yield Change(_path(path), _whole(before), _whole(after), _one(before, after))


def _each(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Change]:
    """A part that comes or goes as a whole, entry by entry."""
    for name in {**before, **after}:
        yield from _change((*path, name), before.get(name), after.get(name))


def _one(before: Any, after: Any) -> str:
    if before is None:
        return f"+ {_whole(after)}"
    if after is None:
        return f"- {_whole(before)}"
    return f"{_text(before)} → {_text(after)}"


def listed(before: Sequence[str], after: Sequence[str]) -> str:
    """`+ frank (turn 4), - bob`; where only the order differs, the new order."""
    left = list(before)
    added: list[str] = []
    for turn, entry in enumerate(after, 1):
        if entry in left:
            left.remove(entry)
        else:
            added.append(f"+ {entry} (turn {turn})")
    gone = [f"- {entry}" for entry in left]
    return ", ".join([*added, *gone]) or f"order: {', '.join(before)} → {', '.join(after)}"


def _whole(view: Any) -> str | None:
    """A part that comes or goes as a whole, on one line."""
    if view is None:
        return None
    if isinstance(view, dict):
        return ", ".join(f"{key}: {_whole(part)}" for key, part in view.items()) or "(empty)"
    return _text(view)


def _text(view: Any) -> str:
    return f"[{', '.join(view)}]" if isinstance(view, list) else str(view)


def _path(path: tuple[str, ...]) -> str:
    """`layers[Primary].groups`: names in brackets, keys with dots."""
    text = path[0]
    for parent, step in pairwise(path):
        text += f"[{step}]" if parent in _NAMED else f".{step}"
    return text
