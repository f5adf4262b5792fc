"""Live layers of one name that follow each other are one chain, and one layer to the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from flashsync.state import canonical
from flashsync.state.desired import LayerIntent
from flashsync.state.schedule import Layer

_Either = TypeVar("_Either", int, tuple[int, ...])

Chain = tuple[int, ...]
"""Places among the live rotation layers, by start; the last one is the link that counts."""

Same = Callable[[int, Chain], bool]
"""Whether a chain is as the file has a layer (its place)."""


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
        same = found[canonical.name(layer.name)]
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

    Layers are matched by name: the n-th of a name is the n-th chain, but where `same`, the strictest
    first, says that another is as the file has it. Where there are more layers or chains of a name than of the
    other, those that are over `now` (Unix seconds) stand for each other, and those that then are
    over are left out first. Where a layer is over, and more chains of the name run than there are
    layers, the chains too many are that one, too. `renamed_from` counts only while no live layer
    has the new name.
    """
    free = chains(live)
    names = {layer.name for layer in desired}
    renamed = set(free) & names
    sought: dict[str, list[int]] = defaultdict(list)
    for place, layer in enumerate(desired):
        name = layer.name
        old = intents[place].renamed_from if place < len(intents) else None
        if name not in renamed and old and old not in names:
            name = old
        sought[name].append(place)

    def over(one: int | Chain) -> bool:
        return desired[one].ended(now) if isinstance(one, int) else live[one[-1]].ended(now)

    found: dict[int, list[Chain]] = defaultdict(list)
    for name, places in sought.items():
        for place, chain in _dealt(places, free.pop(name, []), same, over):
            found[place].append(chain)
    for place in range(len(desired)):
        for chain in found[place] or [()]:
            yield Pair(place, chain)
    taken = {chain for some in found.values() for chain in some}
    for left in chains(live).values():
        for chain in left:
            if chain not in taken:
                yield Pair(None, chain)


def _dealt(
    places: Sequence[int],
    own: Sequence[Chain],
    same: Sequence[Same],
    over: Callable[[int | Chain], bool],
) -> Iterator[tuple[int, Chain]]:
    """The layers of one name with their chains."""
    if len(places) == len(own) == 1:
        yield places[0], own[0]
        return
    left, unlike = list(own), list(places)
    for agree, place in product(same, places):
        alike = next((chain for chain in left if agree(place, chain)), None)
        if alike is not None and place in unlike:
            unlike.remove(place)
            left.remove(alike)
            yield place, alike
    if len(unlike) != len(left):
        for both in list(zip(filter(over, unlike), filter(over, left), strict=False)):
            unlike.remove(both[0])
            left.remove(both[1])
            yield both
    count = min(len(unlike), len(left))
    some = _fewer(left, count, over)
    yield from zip(_fewer(unlike, count, over), some, strict=True)
    past = [place for place in unlike if over(place)]
    if past and len(unlike) < len(left):
        yield from ((past[-1], chain) for chain in left if chain not in some)


def _fewer(
    some: Sequence[_Either], count: int, over: Callable[[_Either], bool]
) -> Sequence[_Either]:
    """So many of them, in their order: those that are over go first, then the last ones."""
    going = [one for one in some if over(one)] + [one for one in reversed(some) if not over(one)]
    gone = going[: len(some) - count]
    return [one for one in some if one not in gone]
