"""Which chain is which layer of the file, among those of one name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import TypeVar

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
