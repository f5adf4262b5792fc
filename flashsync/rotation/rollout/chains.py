"""Chains of live layers, and which of them is which layer of the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from flashsync.model.desired import LayerIntent
from flashsync.model.schedule import Layer, canonical_name

_Either = TypeVar("_Either", int, tuple[int, ...])

Chain = tuple[int, ...]
"""Indices of live rotation layers, by start; the file's layer is compared with the last one."""

Same = Callable[[int, Chain], bool]
"""Whether a chain is as the file has a layer (its index)."""

Ended = Callable[[int | Chain], bool]
"""Whether a layer of the file (its index) or a chain has ended."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A file's layer (its index, or None) and the live chain that it is (or empty)."""

    desired: int | None
    chain: Chain


def chains(layers: Sequence[Layer]) -> dict[str, list[Chain]]:
    """The chains of each name.

    By start, each layer goes to the first chain that has ended by then; a chain that ends exactly
    there comes before all others, since that is how a cut leaves it.
    """
    by_name: dict[str, list[list[int]]] = defaultdict(list)
    for index in sorted(range(len(layers)), key=lambda index: layers[index].start):
        layer = layers[index]
        same = by_name[canonical_name(layer.name)]
        free = [chain for chain in same if layers[chain[-1]].ended(layer.start)]
        if not free:
            same.append([index])
            continue
        cut = (chain for chain in free if layers[chain[-1]].end == layer.start)
        next(cut, free[0]).append(index)
    return {name: [tuple(chain) for chain in same] for name, same in by_name.items()}


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
    of a name than of the other, pairs are made of what has ended at `now` (Unix seconds), and the
    rest of what has ended is left out first. Where a layer has ended, and more chains of the name
    run than there are layers, the surplus chains are that layer, too. `renamed_from` works only
    while no live layer has the new name.
    """
    free = chains(live)
    all_chains = [chain for of_name in free.values() for chain in of_name]

    def ended(either: int | Chain) -> bool:
        layer = desired[either] if isinstance(either, int) else live[either[-1]]
        return layer.ended(now)

    matched: dict[int, list[Chain]] = defaultdict(list)
    for name, indices in _group_by_live_name(desired, intents, set(free)).items():
        for index, chain in match_chains(indices, free.pop(name, []), same, ended):
            matched[index].append(chain)
    for index in range(len(desired)):
        yield from (Pair(index, chain) for chain in matched[index] or [()])
    taken = {chain for of_layer in matched.values() for chain in of_layer}
    yield from (Pair(None, chain) for chain in all_chains if chain not in taken)


def _group_by_live_name(
    desired: Sequence[Layer], intents: Sequence[LayerIntent], live: set[str]
) -> dict[str, list[int]]:
    """The layers of the file by the live name that each asks for."""
    names = {layer.name for layer in desired}
    wanted: dict[str, list[int]] = defaultdict(list)
    for index, layer in enumerate(desired):
        name = layer.name
        old = intents[index].renamed_from if index < len(intents) else None
        if name not in live and old and old not in names:
            name = old
        wanted[name].append(index)
    return wanted


# Which chain of a name is which layer of the file.


def match_chains(
    indices: Sequence[int], chains: Sequence[Chain], same: Sequence[Same], ended: Ended
) -> Iterator[tuple[int, Chain]]:
    """The layers of one name with their chains: the n-th is the n-th; for exceptions see `pair`."""
    if len(indices) == len(chains) == 1:
        yield indices[0], chains[0]
        return
    layers, left = list(indices), list(chains)
    for agree, index in product(same, indices):
        chain = next((chain for chain in left if index in layers and agree(index, chain)), None)
        if chain is not None:
            layers.remove(index)
            left.remove(chain)
            yield index, chain
    if len(layers) == len(left):
        yield from zip(layers, left, strict=True)
    else:
        yield from _match_uneven(layers, left, ended)


def _match_uneven(
    layers: list[int], left: list[Chain], ended: Ended
) -> Iterator[tuple[int, Chain]]:
    """More layers than chains, or more chains: pairs are made of what has ended."""
    for index, chain in [*zip(filter(ended, layers), filter(ended, left), strict=False)]:
        layers.remove(index)
        left.remove(chain)
        yield index, chain
    count = min(len(layers), len(left))
    chosen = _keep(left, count, ended)
    yield from zip(_keep(layers, count, ended), chosen, strict=True)
    past = [index for index in layers if ended(index)]
    if past and len(layers) < len(left):
        yield from ((past[-1], chain) for chain in left if chain not in chosen)


def _keep(left: Sequence[_Either], count: int, ended: Ended) -> Sequence[_Either]:
    """As many as `count`, in their order: what has ended goes first, then the last ones."""
    running: list[_Either] = [either for either in reversed(left) if not ended(either)]
    going = [*filter(ended, left), *running][: len(left) - count]
    return [either for either in left if either not in going]
