"""The rotation layers to write: each layer of a file rolled out on the live chain that it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flashsync.model.calendar import Calendar
from flashsync.model.desired import Desired, RolloutKind
from flashsync.model.schedule import Layer, canonical_name
from flashsync.rotation.rollout.chains import Chain, Same, chains, pair
from flashsync.rotation.rollout.compare_layer import differs
from flashsync.rotation.rollout.model import Cut, Note, Refusal, Rolled, Situation
from flashsync.rotation.rollout.roll_out import roll_out

_AT_ONCE = (
    "rotation layers are written at once, as rollout `exact` asks; where turns differ, the "
    "calendar's past changes too"
)
_FIXED = (RolloutKind.AT, RolloutKind.NOW)
"""Cuts of these are by the end in the file, or of an edit that waits."""


@dataclass(frozen=True, slots=True)
class ShownChain:
    """An edit of a chain as one layer: to the file, all links of a chain are one layer.

    `before` stands for the live layers at the indices `live`, `after` for the layers to write at
    the indices `written`. `before` is missing where nothing of the chain runs. `cadences` are as in
    `Rolled`.
    """

    live: Chain
    written: tuple[int, ...]
    before: Layer | None
    after: Layer
    cadences: tuple[Layer, Layer] | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """The layers to write, and what the plan says of them.

    `origins` are as in `Target`. `shown` has the chains that are cut.
    """

    layers: tuple[Layer, ...]
    origins: tuple[int | None, ...]
    cuts: tuple[Cut, ...] = ()
    notes: tuple[Note, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    shown: tuple[ShownChain, ...] = ()


@dataclass(frozen=True, slots=True)
class _RolledChain:
    """What becomes of a chain, given as indices of live layers; `anew` if `exact` wrote it."""

    chain: Chain
    rolled: Rolled
    anew: bool = False


def settle(
    desired: Desired,
    live: Sequence[Layer] | None,
    timezone: str,
    now: int,
    computed: Calendar | None = None,
) -> Settled:
    """Settle the layers to write; a schedule that is not live has no `live` ones.

    `now` is in Unix seconds. `computed` are the platform's shifts from then on, which show the
    turns of fair layers.
    """
    wanted = desired.schedule.layers
    if desired.whole:
        origins = tuple(_find_origin(layer, live or ()) for layer in wanted)
        differ = live is not None and wanted != tuple(live)
        return Settled(wanted, origins, notes=(Note(_AT_ONCE),) if differ else ())
    settled = _collect(_roll_out_chains(desired, live, timezone, now, computed))
    if live is None or settled.layers == tuple(live):
        return settled
    counts = Counter(canonical_name(layer.name) for layer in wanted)
    names = {name for name, same in chains(live).items() if len(same) > 1}
    names |= {name for name, count in counts.items() if count > 1}
    if names:
        again = _collect(_roll_out_chains(desired, settled.layers, timezone, now, None))
        if _sort(again.layers) != _sort(settled.layers):
            return replace(settled, refusals=(*settled.refusals, _refuse(sorted(names))))
    return settled


def _roll_out_chains(
    desired: Desired,
    live: Sequence[Layer] | None,
    timezone: str,
    now: int,
    computed: Calendar | None,
) -> Sequence[_RolledChain]:
    wanted, layers = desired.schedule.layers, live or ()
    lanes = None if computed is None else [lane for lane in computed.lanes if not lane.override]
    rolled_chains: list[_RolledChain] = []
    for match in pair(
        wanted, desired.intents, layers, _same_tests(wanted, layers, timezone, now), now
    ):
        shifts = None
        if lanes is not None:
            shifts = [shift for index in match.chain for shift in lanes[index].shifts]
        layer, rollout = None, desired.rollout
        if match.desired is not None:
            layer, rollout = wanted[match.desired], desired.intents[match.desired].rollout
        chain = [layers[index] for index in match.chain]
        at = Situation(now, timezone, computed=shifts)
        rolled = roll_out(chain, layer, rollout, at, fresh=live is None)
        # A date that has passed counts as the next handoff.
        past = rollout.at is not None and rollout.at <= now
        how = RolloutKind.NEXT_HANDOFF if past else rollout.kind
        cuts = (cut if cut.how in _FIXED else replace(cut, how=how) for cut in rolled.cuts)
        anew = layer is not None and rollout.exact and bool(live) and not layer.ended(now)
        rolled = replace(rolled, cuts=tuple(cuts))
        rolled_chains.append(_RolledChain(match.chain, rolled, anew))
    if any(chain.anew for chain in rolled_chains):
        return _drop_preceding(rolled_chains, now)
    return rolled_chains


def _same_tests(
    wanted: Sequence[Layer], live: Sequence[Layer], timezone: str, now: int
) -> Sequence[Same]:
    """Whether a chain is as the file has a layer, the strictest test first."""

    def same_duty(index: int, chain: Chain) -> bool:
        if live[chain[-1]].ended(now) != wanted[index].ended(now):
            return False
        return not differs([live[link] for link in chain], wanted[index], timezone)

    def same_end(index: int, chain: Chain) -> bool:
        return live[chain[-1]].end == wanted[index].end and same_duty(index, chain)

    def same_start(index: int, chain: Chain) -> bool:
        return live[chain[0]].start == wanted[index].start and same_end(index, chain)

    return same_start, same_end, same_duty


def _drop_preceding(rolled: Sequence[_RolledChain], now: int) -> Sequence[_RolledChain]:
    """By `exact` the whole chain becomes one layer: ended links go that only its new start lets
    precede it."""
    links = [(number, link) for number, chain in enumerate(rolled) for link in chain.rolled.links]
    of_chains = (
        [links[index] for index in indices]
        for same in chains([link.layer for _, link in links]).values()
        for indices in same
    )
    going = [
        (number, link)
        for chain in of_chains
        if any(rolled[number].anew for number, _ in chain)
        for number, link in chain
        if not rolled[number].anew and link.layer.ended(now)
    ]
    if not going:
        return rolled
    left = []
    for number, chain in enumerate(rolled):
        stay = tuple(link for link in chain.rolled.links if (number, link) not in going)
        left.append(replace(chain, rolled=replace(chain.rolled, links=stay)))
    return _drop_preceding(left, now)


def _collect(rolled_chains: Sequence[_RolledChain]) -> Settled:
    layers: list[Layer] = []
    origins: list[int | None] = []
    shown: list[ShownChain] = []
    for chain in rolled_chains:
        rolled, first = chain.rolled, len(layers)
        layers += [link.layer for link in rolled.links]
        origins += [
            None if link.origin is None else chain.chain[link.origin] for link in rolled.links
        ]
        if rolled.shown:
            written = tuple(range(first, len(layers)))
            shown.append(ShownChain(chain.chain, written, *rolled.shown, rolled.cadences))
    return Settled(
        tuple(layers),
        tuple(origins),
        tuple(cut for chain in rolled_chains for cut in chain.rolled.cuts),
        tuple(note for chain in rolled_chains for note in chain.rolled.notes),
        tuple(refusal for chain in rolled_chains for refusal in chain.rolled.refusals),
        tuple(shown),
    )


def _find_origin(layer: Layer, live: Sequence[Layer]) -> int | None:
    """The index of the live layer that it is: of its name, and best of its start."""
    indices = [index for index, other in enumerate(live) if other.name == layer.name]
    same = [index for index in indices if live[index].start == layer.start]
    return next(iter(same or indices[-1:]), None)


def _sort(layers: Sequence[Layer]) -> list[Layer]:
    return sorted(layers, key=lambda layer: (layer.name, layer.start, repr(layer)))


def _refuse(names: Sequence[str]) -> Refusal:
    """Layers of one name are distinguished by when they run, and then could not be."""
    which = " and ".join(f"`{name}`" for name in names)
    return Refusal(
        f"there are several layers {which}, and after this edit nobody could tell which of them "
        "follows which",
        "give each layer a name of its own",
    )
