"""What becomes of the live rotation layers when a file wants its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flashsync.plan.chains import Chain, pair
from flashsync.plan.groups import named, turned
from flashsync.state.desired import Desired, LayerIntent
from flashsync.state.schedule import Group, Layer
from flashsync.state.zone import time_of_week


@dataclass
class Settled:
    """The layers to write, with what has to be said; collected layer by layer.

    `refused` names layers that have begun and would change, which takes `--rollout exact`.
    """

    layers: list[Layer] = field(default_factory=list)
    origins: list[int | None] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def add(self, layer: Layer, origin: int | None) -> None:
        """Write this layer; `origin` is the live layer whose undeclared fields it takes over."""
        self.layers.append(layer)
        self.origins.append(origin)


def settle(desired: Desired, live: Sequence[Layer] | None, timezone: str, now: int) -> Settled:
    """The layers to write; `live` is None for a schedule that is not live.

    Ended links of a chain stay as they are. `now` is in Unix seconds.
    """
    work = _Work(live or (), timezone, now, exact_start=live is None)
    wanted = desired.schedule.layers
    for found in pair(wanted, desired.intents, work.live):
        if found.desired is None:
            work.left_over(found.chain, exact=desired.rollout.exact)
        else:
            work.wanted(wanted[found.desired], desired.intents[found.desired], found.chain)
    return work.settled


class _Work:
    def __init__(
        self, live: Sequence[Layer], timezone: str, now: int, *, exact_start: bool
    ) -> None:
        self.live, self.timezone, self.now = live, timezone, now
        self.exact_start = exact_start
        self.settled = Settled()

    def wanted(self, layer: Layer, intent: LayerIntent, chain: Chain) -> None:
        """A layer that the file declares."""
        if not chain:
            self._new(layer, exact=intent.rollout.exact)
        elif intent.rollout.exact or not self.live[chain[0]].begun(self.now):
            self._replace(layer, chain)
        else:
            self._keep_position(layer, chain)

    def _new(self, layer: Layer, *, exact: bool) -> None:
        if layer.ended(self.now):
            return
        if layer.begun(self.now) and not (exact or self.exact_start):
            self.settled.refused.append(layer.name)
        self.settled.add(self._filled(layer, ()), None)

    def _replace(self, layer: Layer, chain: Chain) -> None:
        """The file's start and order decide; the chain becomes one layer."""
        last = self.live[chain[-1]]
        if layer.ended(self.now) and last.ended(self.now):
            self._stay(chain)
        else:
            self.settled.add(self._filled(layer, last.groups), chain[-1])

    def _keep_position(self, layer: Layer, chain: Chain) -> None:
        """A chain that has begun: its start and its turn are live state.

        Until edits of a begun rotation can be rolled out at a handoff, one is refused.
        """
        last = self.live[chain[-1]]
        if layer.ended(self.now) and last.ended(self.now):
            return self._stay(chain)
        self._stay(chain[:-1])
        settled = self._like_live(layer, last)
        if _rhythm(settled) != _rhythm(last):
            self.settled.refused.append(layer.name)
        elif layer.start != self.live[chain[0]].start:
            self._note_start(layer)
        self.settled.add(settled, chain[-1])
        return None

    def _like_live(self, layer: Layer, last: Layer) -> Layer:
        """The file's layer in the live one's place: its start, its turn, and what stands open."""
        groups = named(layer.groups, last.groups)
        by = turned(layer.groups, last.groups)
        if by:
            groups = groups[-by:] + groups[:-by]
            self.settled.notes.append(
                f"layers[{layer.name}].groups: the file's order is the live order turned, "
                "which changes nobody's shift"
            )
        handoff = layer.handoff if layer.handoff is not None else last.handoff
        if not layer.rotation.weekly:
            handoff = None
        elif handoff is None:
            handoff = time_of_week(last.start, self.timezone)
        return replace(layer, start=last.start, groups=groups, handoff=handoff)

    def _note_start(self, layer: Layer) -> None:
        self.settled.notes.append(
            f"layers[{layer.name}].start differs from the live one and is not compared: "
            "the layer has begun, and its position is live state"
        )

    def left_over(self, chain: Chain, *, exact: bool) -> None:
        """A chain that no layer of the file stands for."""
        first, last = self.live[chain[0]], self.live[chain[-1]]
        if last.ended(self.now):
            self._stay(chain)
        elif first.begun(self.now) and not exact:
            self.settled.refused.append(first.name)

    def _stay(self, chain: Chain) -> None:
        for place in chain:
            self.settled.add(self.live[place], place)

    def _filled(self, layer: Layer, live_groups: Sequence[Group]) -> Layer:
        """Nothing left open: groups have names, and a weekly layer a handoff.

        api.md, `handoff_time`: without one it is the time of week of the start, which means the
        same either way.
        """
        groups = named(layer.groups, live_groups)
        handoff = layer.handoff
        if layer.rotation.weekly and handoff is None:
            handoff = time_of_week(layer.start, self.timezone)
        return replace(layer, groups=groups, handoff=handoff)


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
