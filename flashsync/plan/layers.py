"""What becomes of the live rotation layers when a file wants its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flashsync.rotation.chains import Chain, pair
from flashsync.rotation.groups import named, turned_back
from flashsync.state import canonical
from flashsync.state.desired import Desired, LayerIntent
from flashsync.state.schedule import Group, Layer
from flashsync.state.zone import time_of_week


@dataclass
class Settled:
    """The layers to write, with what has to be said; collected layer by layer.

    `refused` names layers that have begun and would change, `gone` those that run and that the
    file lacks: both take `--rollout exact`.
    """

    layers: list[Layer] = field(default_factory=list)
    origins: list[int | None] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def add(self, layer: Layer, origin: int | None) -> None:
        """Write this layer; `origin` is the live layer whose undeclared fields it takes over."""
        self.layers.append(layer)
        self.origins.append(origin)


def settle(desired: Desired, live: Sequence[Layer] | None, timezone: str, now: int) -> Settled:
    """The layers to write; `live` is None for a schedule that is not live.

    Ended links of a chain stay as they are. `now` is in Unix seconds.
    """
    work = _Work(live or (), timezone, now, fresh=live is None)
    wanted = desired.schedule.layers
    for found in pair(wanted, desired.intents, work.live):
        if found.desired is None:
            work.left_over(found.chain, exact=desired.rollout.exact)
        else:
            work.wanted(wanted[found.desired], desired.intents[found.desired], found.chain)
    return work.settled


class _Work:
    def __init__(self, live: Sequence[Layer], timezone: str, now: int, *, fresh: bool) -> None:
        self.live, self.timezone, self.now = live, timezone, now
        self.fresh = fresh
        self.settled = Settled()

    def wanted(self, layer: Layer, intent: LayerIntent, chain: Chain) -> None:
        """A layer that the file declares."""
        exact = intent.rollout.exact
        over = bool(chain) and self.live[chain[-1]].ended(self.now)
        if over and layer.ended(self.now):
            self._stay(chain)
        elif not chain:
            self._new(layer, None, exact=exact)
        elif exact or not self.live[chain[0]].begun(self.now):
            self._replace(layer, chain, exact=exact)
        elif over:
            self._stay(chain)
            self._new(layer, chain[-1], exact=False)
        else:
            self._keep_position(layer, chain)

    def _new(self, layer: Layer, origin: int | None, *, exact: bool) -> None:
        """A layer of which nothing runs."""
        if layer.ended(self.now):
            return
        if layer.begun(self.now) and not self.fresh:
            self._at_once(layer, exact=exact)
        self.settled.add(self._filled(layer, ()), origin)

    def _replace(self, layer: Layer, chain: Chain, *, exact: bool) -> None:
        """The file's start and order decide; the chain becomes one layer."""
        first, last = self.live[chain[0]], self.live[chain[-1]]
        named_layer = replace(layer, name=_called(last, layer.name).name)
        filled = self._filled(named_layer, last.groups)
        moved = len(chain) > 1 or filled.start != last.start or _rhythm(filled) != _rhythm(last)
        if moved and (first.begun(self.now) or layer.begun(self.now)):
            self._at_once(layer, exact=exact)
        self.settled.add(filled, chain[-1])

    def _keep_position(self, layer: Layer, chain: Chain) -> None:
        """A chain that has begun: its start and its turn are live state.

        Until edits of a begun rotation can be rolled out at a handoff, one is refused.
        """
        last = self.live[chain[-1]]
        for place in chain[:-1]:
            link = self.live[place]
            self.settled.add(link if link.ended(self.now) else _called(link, layer.name), place)
        settled = self._like_live(layer, last)
        if self._runs(chain) and _rhythm(settled) != _rhythm(last):
            self.settled.refused.append(layer.name)
        elif layer.start not in [self.live[place].start for place in chain]:
            self._note_start(layer)
        self.settled.add(settled, chain[-1])

    def _like_live(self, layer: Layer, last: Layer) -> Layer:
        """The file's layer in the live one's place: its start, its turn, and what stands open."""
        groups = turned_back(layer.groups, last.groups)
        if groups != layer.groups:
            self.settled.notes.append(
                f"layers[{layer.name}].groups: the file's order is the live order turned, "
                "which changes nobody's shift"
            )
        handoff = layer.handoff
        if handoff is None and layer.rotation.weekly:  # a begun layer keeps its own
            handoff = last.handoff
            if handoff is None:
                handoff = time_of_week(last.start, self.timezone)
        name, names = _called(last, layer.name).name, named(groups, last.groups)
        return replace(layer, name=name, start=last.start, groups=names, handoff=handoff)

    def _note_start(self, layer: Layer) -> None:
        self.settled.notes.append(
            f"layers[{layer.name}].start differs from the live one and is not compared: "
            "the layer has begun, and its position is live state"
        )

    def _at_once(self, layer: Layer, *, exact: bool) -> None:
        """Turns would be dealt anew, past ones included: that takes `exact`."""
        if exact:
            self.settled.notes.append(
                f"layers[{layer.name}] is written at once, as rollout `exact` asks: "
                "all its turns are dealt anew from `start`, past ones included"
            )
        else:
            self.settled.refused.append(layer.name)

    def left_over(self, chain: Chain, *, exact: bool) -> None:
        """A chain that no layer of the file stands for."""
        self._stay([place for place in chain if self.live[place].ended(self.now)])
        if self._runs(chain) and not exact:
            self.settled.gone.append(self.live[chain[0]].name)

    def _runs(self, chain: Chain) -> bool:
        links = (self.live[place] for place in chain)
        return any(link.begun(self.now) and not link.ended(self.now) for link in links)

    def _stay(self, chain: Sequence[int]) -> None:
        for place in chain:
            self.settled.add(self.live[place], place)

    def _filled(self, layer: Layer, live_groups: Sequence[Group]) -> Layer:
        """Nothing left open: groups have names, and a weekly layer a handoff.

        api.md, `handoff_time`: without one it is the time of week of the start, which means the
        same either way.
        """
        handoff = layer.handoff
        if handoff is None and layer.rotation.weekly:
            handoff = time_of_week(layer.start, self.timezone)
        return replace(layer, groups=named(layer.groups, live_groups), handoff=handoff)


def _called(layer: Layer, name: str) -> Layer:
    """The layer by that name; one that identity takes for the same stays, blanks and all."""
    return layer if canonical.name(layer.name) == name else replace(layer, name=name)


def _rhythm(layer: Layer) -> tuple[object, ...]:
    """All of a layer that decides whose turn it is: not its name, its end, its groups' names."""
    return (
        layer.rotation,
        layer.handoff,
        layer.days,
        layer.continuous,
        layer.hours,
        layer.fair,
        tuple(group.members for group in layer.groups),
    )
