"""What becomes of the live rotation layers when a file wants its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flashsync.plan.shown import Shown
from flashsync.rotation.chains import Chain, pair
from flashsync.rotation.cut import Cut, Note, Refusal, Rolled
from flashsync.rotation.rollout import differs, roll_out
from flashsync.rotation.situation import Situation
from flashsync.state import canonical
from flashsync.state.desired import Desired
from flashsync.state.rollout import Rollout, RolloutKind
from flashsync.state.schedule import Layer
from flashsync.state.shift import Calendar, Shift

_AT_ONCE = (
    "rotation layers are written at once, as rollout `exact` asks: where they say otherwise, the "
    "calendar's past changes too"
)


@dataclass
class Settled:
    """The layers to write, with what has to be said; collected layer by layer.

    `shown` has the chains whose edit takes a cut: the plan shows each as one layer.
    """

    layers: list[Layer] = field(default_factory=list)
    origins: list[int | None] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)

    def add(self, chain: Chain, rolled: Rolled) -> None:
        """Take over what becomes of one chain of live layers."""
        before = len(self.layers)
        for link in rolled.links:
            self.layers.append(link.layer)
            self.origins.append(None if link.origin is None else chain[link.origin])
        self.cuts += rolled.cuts
        self.notes += rolled.notes
        self.refusals += rolled.refusals
        if rolled.shown:
            places = tuple(range(before, len(self.layers)))
            self.shown.append(Shown(chain, places, *rolled.shown))


def settle(
    desired: Desired,
    live: Sequence[Layer] | None,
    timezone: str,
    now: int,
    computed: Calendar | None = None,
) -> Settled:
    """The layers to write; `live` is None for a schedule that is not live.

    `now` is in Unix seconds. `computed` are the platform's shifts from then on, which tell the
    turns of fair layers.
    """
    if desired.whole:
        return _as_they_stand(desired.schedule.layers, live)
    settled = _settled(desired, live, timezone, now, computed)
    if live is not None and settled.cuts:
        twice = _twice(desired.schedule.layers)
        if twice:
            again = _settled(desired, settled.layers, timezone, now, None)
            if _sorted(again.layers) != _sorted(settled.layers):
                settled.refusals.append(_ambiguous(twice))
    return settled


def _settled(
    desired: Desired,
    live: Sequence[Layer] | None,
    timezone: str,
    now: int,
    computed: Calendar | None,
) -> Settled:
    settled = Settled()
    wanted, layers = desired.schedule.layers, live or ()
    at = Situation(now, timezone)

    def same(place: int, chain: Chain) -> bool:
        last = layers[chain[-1]]
        alike = last.ended(now) == wanted[place].ended(now)
        return alike and not differs([layers[one] for one in chain], wanted[place], at)

    for found in pair(wanted, desired.intents, layers, same, now):
        chain = [layers[place] for place in found.chain]
        situation = Situation(now, timezone, computed=_shifts(found.chain, computed))
        if found.desired is None:
            rollout = desired.rollout
            rolled = roll_out(chain, None, rollout, situation)
        else:
            rollout = desired.intents[found.desired].rollout
            layer = wanted[found.desired]
            rolled = roll_out(chain, layer, rollout, situation, fresh=live is None)
        settled.add(found.chain, _going_by(rolled, rollout, now))
    return settled


def _as_they_stand(wanted: Sequence[Layer], live: Sequence[Layer] | None) -> Settled:
    """Layers with nothing left open; each takes over the undeclared fields of the live one."""
    settled = Settled(list(wanted), [_origin(layer, live or ()) for layer in wanted])
    if live is not None and settled.layers != list(live):
        settled.notes.append(Note(_AT_ONCE))
    return settled


def _origin(layer: Layer, live: Sequence[Layer]) -> int | None:
    """The place of the live layer that it is: of its name, and best of its start."""
    places = [place for place, one in enumerate(live) if one.name == layer.name]
    same = [place for place in places if live[place].start == layer.start]
    return next(iter(same or places[-1:]), None)


def _going_by(rolled: Rolled, rollout: Rollout, now: int) -> Rolled:
    """The cuts with what their moment goes by: a date that has passed is the next handoff."""
    past = rollout.at is not None and rollout.at <= now
    how = RolloutKind.NEXT_HANDOFF if past else rollout.kind
    return replace(rolled, cuts=tuple(replace(cut, how=how) for cut in rolled.cuts))


def _twice(layers: Sequence[Layer]) -> list[str]:
    """The names that a file gives more than once."""
    counts = Counter(canonical.name(one.name) for one in layers)
    return sorted(name for name, count in counts.items() if count > 1)


def _sorted(layers: Sequence[Layer]) -> list[Layer]:
    return sorted(layers, key=lambda one: (one.name, one.start, repr(one)))


def _ambiguous(names: Sequence[str]) -> Refusal:
    """Layers of one name are told apart by when they run, and by then they could not be."""
    which = " and ".join(f"`{name}`" for name in names)
    return Refusal(
        f"there are several layers {which}, and after this edit nobody could tell which of them "
        "follows which",
        "give each layer a name of its own",
    )


def _shifts(chain: Chain, computed: Calendar | None) -> Sequence[Shift] | None:
    """What the platform computed for the links of a chain."""
    if computed is None:
        return None
    rotations = [lane for lane in computed.lanes if not lane.override]
    return [shift for place in chain for shift in rotations[place].shifts]
