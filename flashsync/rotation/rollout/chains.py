"""Chains of live layers, and which of them is which layer of the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from flashsync.model.desired import LayerIntent
from flashsync.model.schedule import Layer, canonical_name


@dataclass(frozen=True, slots=True)
class Pair:
    """A file's layer (its place, or None) and the live chain that it stands for (or empty)."""

    desired: int | None
    chain: Chain


def chains(layers: Sequence[Layer]) -> dict[str, list[Chain]]:
    """The chains of each name.

    By start, each layer goes to the first chain that has ended by then; to one that ends right
    there before all others, since that is how a cut leaves it.
    """
    found: dict[str, list[list[int]]] = defaultdict(list)
    for place in sorted(range(len(layers)), key=lambda place: layers[place].start):
        layer = layers[place]
        same = found[canonical_name(layer.name)]
        free = [chain for chain in same if layers[chain[-1]].ended(layer.start)]
        if not free:
            same.append([place])
            continue
        cut = (chain for chain in free if layers[chain[-1]].end == layer.start)
        next(cut, free[0]).append(place)
    return {name: [tuple(chain) for chain in same] for name, same in found.items()}


def pair(
    desired: Sequence[Layer],
    intents: Sequence[LayerIntent],
    live: Sequence[Layer],
    same: Sequence[Same] = (),
    now: int = 0,
) -> Iterator[Pair]:
    """Each layer of the file with its chain, in the file's order; then the chains left over.

    Layers are matched by name: the n-th of a name is the n-th chain, but where `same`, the
    strictest first, says that another is as the file has it. Where there are more layers or chains
    of a name than of the other, those that are over `now` (Unix seconds) stand for each other, and
    those that then are over are left out first. Where a layer is over, and more chains of the name
    run than there are layers, the chains too many are that one, too. `renamed_from` counts only
    while no live layer has the new name.
    """
    free = chains(live)
    everything = [chain for some in free.values() for chain in some]

    def over(one: int | Chain) -> bool:
        return desired[one].ended(now) if isinstance(one, int) else live[one[-1]].ended(now)

    found: dict[int, list[Chain]] = defaultdict(list)
    for name, places in _sought(desired, intents, set(free)).items():
        for place, chain in dealt(places, free.pop(name, []), same, over):
            found[place].append(chain)
    for place in range(len(desired)):
        yield from (Pair(place, chain) for chain in found[place] or [()])
    taken = {chain for some in found.values() for chain in some}
    yield from (Pair(None, chain) for chain in everything if chain not in taken)


def _sought(
    desired: Sequence[Layer], intents: Sequence[LayerIntent], live: set[str]
) -> dict[str, list[int]]:
    """The layers of the file by the live name that each asks for."""
    names = {layer.name for layer in desired}
    sought: dict[str, list[int]] = defaultdict(list)
    for place, layer in enumerate(desired):
        name = layer.name
        old = intents[place].renamed_from if place < len(intents) else None
        if name not in live and old and old not in names:
            name = old
        sought[name].append(place)
    return sought


# Which chain is which layer of the file, among those of one name.

_Either = TypeVar("_Either", int, tuple[int, ...])

Chain = tuple[int, ...]
"""Places among the live rotation layers, by start; the last one is the link that counts."""

Same = Callable[[int, Chain], bool]
"""Whether a chain is as the file has a layer (its place)."""

Over = Callable[[int | Chain], bool]
"""Whether a layer of the file (its place) or a chain has ended."""


def dealt(
    places: Sequence[int], chains: Sequence[Chain], same: Sequence[Same], over: Over
) -> Iterator[tuple[int, Chain]]:
    """The layers of one name with their chains: the n-th is the n-th; for exceptions see `pair`."""
    if len(places) == len(chains) == 1:
        yield places[0], chains[0]
        return
    layers, left = list(places), list(chains)
    for agree, place in product(same, places):
        alike = [chain for chain in left if place in layers and agree(place, chain)]
        if alike:
            yield _taken(layers, place), _taken(left, alike[0])
    if len(layers) == len(left):
        yield from zip(layers, left, strict=True)
    else:
        yield from _uneven(layers, left, over)


def _uneven(layers: list[int], left: list[Chain], over: Over) -> Iterator[tuple[int, Chain]]:
    """More of the ones than of the others: those that are over stand for each other."""
    pairs = zip(filter(over, layers[:]), filter(over, left[:]), strict=False)
    for place, chain in pairs:
        yield _taken(layers, place), _taken(left, chain)
    count = min(len(layers), len(left))
    chosen = _fewer(left, count, over)
    yield from zip(_fewer(layers, count, over), chosen, strict=True)
    past = [place for place in layers if over(place)]
    if past and len(layers) < len(left):
        yield from ((past[-1], chain) for chain in left if chain not in chosen)


def _taken(some: list[_Either], one: _Either) -> _Either:
    some.remove(one)
    return one


def _fewer(some: Sequence[_Either], count: int, over: Over) -> Sequence[_Either]:
    """So many of them, in their order: those that are over go first, then the last ones."""
    going = [one for one in some if over(one)] + [one for one in reversed(some) if not over(one)]
    gone = going[: len(some) - count]
    return [one for one in some if one not in gone]
