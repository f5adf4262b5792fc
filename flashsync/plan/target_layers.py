"""What becomes of the live rotation layers when a file wants its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flashsync.model.calendar import Calendar, Shift
from flashsync.model.desired import Desired, Rollout, RolloutKind
from flashsync.model.schedule import Layer, canonical_name
from flashsync.plan.diff import ShownChain
from flashsync.rotation.rollout.chains import Chain, Same, chains, pair
from flashsync.rotation.rollout.compare_layer import differs
from flashsync.rotation.rollout.model import Cut, Note, Refusal, Rolled, Situation
from flashsync.rotation.rollout.roll_out import roll_out

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
    shown: list[ShownChain] = field(default_factory=list)

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
            self.shown.append(ShownChain(chain, places, *rolled.shown))


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
    if live is not None and settled.layers != list(live):
        twice = _twice(desired.schedule.layers, live)
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
    wanted, layers = desired.schedule.layers, live or ()
    at = Situation(now, timezone)
    found: list[tuple[Chain, Rolled]] = []
    anew: set[int] = set()

    for one in pair(wanted, desired.intents, layers, _sames(wanted, layers, at), now):
        chain = [layers[place] for place in one.chain]
        situation = replace(at, computed=_shifts(one.chain, computed))
        if one.desired is None:
            rollout = desired.rollout
            rolled = roll_out(chain, None, rollout, situation)
        else:
            rollout = desired.intents[one.desired].rollout
            layer = wanted[one.desired]
            rolled = roll_out(chain, layer, rollout, situation, fresh=live is None)
            if rollout.exact and live and not layer.ended(now):
                anew.add(len(found))
        found.append((one.chain, _going_by(rolled, rollout, now)))
    settled = Settled()
    for places, rolled in _as_one(found, anew, now):
        settled.add(places, rolled)
    return settled


def _sames(wanted: Sequence[Layer], live: Sequence[Layer], at: Situation) -> Sequence[Same]:
    """Whether a chain is as the file has a layer, the strictest first."""

    def duty(place: int, chain: Chain) -> bool:
        alike = live[chain[-1]].ended(at.now) == wanted[place].ended(at.now)
        return alike and not differs([live[one] for one in chain], wanted[place], at.timezone)

    def end(place: int, chain: Chain) -> bool:
        return live[chain[-1]].end == wanted[place].end and duty(place, chain)

    def start(place: int, chain: Chain) -> bool:
        return live[chain[0]].start == wanted[place].start and end(place, chain)

    return start, end, duty


def _as_one(
    found: Sequence[tuple[Chain, Rolled]], anew: set[int], now: int
) -> Sequence[tuple[Chain, Rolled]]:
    """By `exact` the whole chain becomes one layer, with what only its new start lets precede it.

    `anew` are the places of what `exact` has written.
    """
    if not anew:
        return found
    links = [(place, one) for place, (_, rolled) in enumerate(found) for one in rolled.links]
    going = [
        links[one]
        for same in chains([link.layer for _, link in links]).values()
        for chain in same
        if anew.intersection(links[one][0] for one in chain)
        for one in chain
        if links[one][0] not in anew and links[one][1].layer.ended(now)
    ]
    if not going:
        return found
    left = [
        (chain, replace(rolled, links=tuple(one for one in rolled.links if (at, one) not in going)))
        for at, (chain, rolled) in enumerate(found)
    ]
    return _as_one(left, anew, now)


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
    cuts = (cut if cut.past_end else replace(cut, how=how) for cut in rolled.cuts)
    return replace(rolled, cuts=tuple(cuts))


def _twice(layers: Sequence[Layer], live: Sequence[Layer]) -> list[str]:
    """The names that a file gives more than once, and those of several chains."""
    counts = Counter(canonical_name(one.name) for one in layers)
    several = {name for name, same in chains(live).items() if len(same) > 1}
    return sorted(several | {name for name, count in counts.items() if count > 1})


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
