"""What changes in a chain without a cut: its `end`, and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.model.schedule import Layer
from flashsync.rotation.cut import Link, Rolled
from flashsync.rotation.likeness import called
from flashsync.rotation.situation import Situation


def in_place(chain: Sequence[Layer], same: Layer, at: Situation) -> Rolled:
    """A change of `end` or of names alone is made in the last link, without a cut."""
    links = [Link(one, place) for place, one in enumerate(chain)]
    links[-1] = Link(replace(same, end=chain[-1].end), len(chain) - 1)
    return Rolled(tuple(ending(renamed(links, same.name, at), same.end, at)))


def renamed(links: Sequence[Link], name: str, at: Situation) -> list[Link]:
    """The links under the file's name; those that are over keep theirs."""
    return [
        one if one.layer.ended(at.now) else replace(one, layer=called(one.layer, name))
        for one in links
    ]


def ending(links: Sequence[Link], end: int | None, at: Situation) -> list[Link]:
    """The links with the end of the layer; those that would begin by then go."""
    left = [one for one in links if end is None or one.layer.start < end or one.layer.ended(at.now)]
    if not left or left[-1].layer.end == end:
        return left
    last = left[-1].layer
    if len(left) == len(links) or not last.ended(at.now):
        left[-1] = replace(left[-1], layer=replace(last, end=end))
    return left
