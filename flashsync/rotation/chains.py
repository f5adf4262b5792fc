"""Live layers of one name that follow each other are one chain, and one layer to the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashsync.model.desired import LayerIntent
from flashsync.model.schedule import Layer, canonical_name
from flashsync.rotation.dealing import Chain, Same, dealt


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
