"""Live layers of one name that follow each other are one chain, and one layer to the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashsync.state import canonical
from flashsync.state.desired import LayerIntent
from flashsync.state.schedule import Layer

Chain = tuple[int, ...]
"""Places among the live rotation layers, by start; the last one is the link that counts."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A file's layer (its place, or None) and the live chain that it stands for (or empty)."""

    desired: int | None
    chain: Chain


def chains(layers: Sequence[Layer]) -> dict[str, list[Chain]]:
    """The chains of each name. By start, each layer goes to the first chain that has ended."""
    found: dict[str, list[list[int]]] = defaultdict(list)
    for place in sorted(range(len(layers)), key=lambda place: layers[place].start):
        layer = layers[place]
        same = found[canonical.name(layer.name)]
        free = (chain for chain in same if layers[chain[-1]].ended(layer.start))
        chain = next(free, None)
        if chain is None:
            same.append([place])
        else:
            chain.append(place)
    return {name: [tuple(chain) for chain in same] for name, same in found.items()}


def pair(
    desired: Sequence[Layer], intents: Sequence[LayerIntent], live: Sequence[Layer]
) -> Iterator[Pair]:
    """Each layer of the file with its chain, in the file's order; then the chains left over.

    Layers are matched by name: the n-th of a name is the n-th chain. `renamed_from` counts only
    while no live layer has the new name.
    """
    free = chains(live)
    names = {layer.name for layer in desired}
    renamed = set(free) & names
    for place, layer in enumerate(desired):
        own = free.get(layer.name, [])
        old = intents[place].renamed_from if place < len(intents) else None
        if layer.name not in renamed and old and old not in names:
            own = free.get(old, [])
        yield Pair(place, own.pop(0) if own else ())
    for left in free.values():
        for chain in left:
            yield Pair(None, chain)
