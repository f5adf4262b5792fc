"""Renames that no file declares: a schedule or layer goes, and a similar one comes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum, auto
from functools import cached_property

from flashsync.errors import Problem
from flashsync.model.desired import Desired
from flashsync.model.schedule import (
    Layer,
    Member,
    Schedule,
    canonical_description,
    canonical_name,
)
from flashsync.plan.match import Known
from flashsync.plan.model import Caution, Create
from flashsync.rotation.rollout.chains import chains
from flashsync.rotation.rollout.normalise import add_handoff


class Likeness(IntEnum):
    """How two rotas are alike, the strongest first."""

    SAME = auto()
    PEOPLE = auto()
    ONE_LAYER = auto()


_TEXTS = {
    Likeness.SAME: "has the same rotation",
    Likeness.PEOPLE: "differs only in who takes turns",
    Likeness.ONE_LAYER: "differs only in one layer",
}


@dataclass(frozen=True)
class Turns:
    """What an edit or a rename of a layer leaves: its rhythm, and the cycle of its groups."""

    rhythm: tuple[object, ...]
    cycle: tuple[tuple[Member, ...], ...]

    @staticmethod
    def of(layer: Layer, timezone: str) -> Turns:
        """The turns of a layer, wherever in their cycle they begin."""
        filled = add_handoff(layer, timezone)
        rhythm = (
            filled.rotation,
            filled.handoff,
            filled.days,
            filled.continuous,
            filled.hours,
            filled.fair,
        )
        groups = tuple(tuple(sorted(group.members)) for group in layer.groups)
        ways = (groups[by:] + groups[:by] for by in range(len(groups)))
        return Turns(rhythm, min(ways, default=()))

    @cached_property
    def people(self) -> frozenset[int]:
        """The ids of everyone in the cycle, in any role."""
        return frozenset(member.person for group in self.cycle for member in group)


@dataclass(frozen=True)
class Rota:
    """The turns of the last link of each chain that has not ended."""

    layers: tuple[Turns, ...]

    @staticmethod
    def of(layers: Sequence[Layer], timezone: str, now: int) -> Rota:
        """The rota of live or declared layers at a time (Unix seconds)."""
        return Rota(tuple(Turns.of(layer, timezone) for layer in last_links(layers, now)))

    @cached_property
    def counted(self) -> Counter[Turns]:
        """The layers without an order."""
        return Counter(self.layers)

    @cached_property
    def people(self) -> frozenset[int]:
        """The ids of everyone on any layer."""
        return frozenset(person for layer in self.layers for person in layer.people)


def last_links(layers: Sequence[Layer], now: int) -> list[Layer]:
    """The last link of each chain that has not ended at `now`; all layers where all have ended."""
    last = [layers[chain[-1]] for same in chains(layers).values() for chain in same]
    return [layer for layer in last if not layer.ended(now)] or list(layers)


def compare_rotas(one: Rota, other: Rota) -> Likeness | None:
    """How two rotas are alike, if they are: apart from SAME, half of the people are on both."""
    if one.counted == other.counted:
        return Likeness.SAME if one.layers else None
    if not _share_people(one.people, other.people):
        return None
    left = list((one.counted - other.counted).elements())
    right = list((other.counted - one.counted).elements())
    if Counter(turns.rhythm for turns in left) == Counter(turns.rhythm for turns in right):
        return Likeness.PEOPLE
    if len(left) > 1 or len(right) > 1:
        return None
    alone = len(one.layers) == len(other.layers) == 1
    return Likeness.ONE_LAYER if not alone or one.people == other.people else None


def _share_people(one: frozenset[int], other: frozenset[int]) -> bool:
    return 2 * len(one & other) >= max(len(one), len(other), 1)


def find_renamed(
    creates: Sequence[Create],
    undeclared: Sequence[Known],
    live: Mapping[int, Schedule],
    timezone: str,
    now: int,
) -> Iterator[Problem]:
    """Creates that look like an undeclared schedule: renamed in a file or in the console."""
    if not creates:
        return
    known = {one.id: one for one in undeclared if one.id in live}
    rotas = {id: Rota.of(live[id].layers, timezone, now) for id in known}
    same: dict[frozenset[tuple[Turns, int]], list[int]] = defaultdict(list)
    on_call: dict[int, list[int]] = defaultdict(list)
    for id, rota in rotas.items():
        same[frozenset(rota.counted.items())].append(id)
        for person in rota.people:
            on_call[person].append(id)
    for create in creates:
        rota = Rota.of(create.target.schedule.layers, timezone, now)
        shared = Counter(id for person in rota.people for id in on_call[person])
        ids = same.get(frozenset(rota.counted.items())) or [
            id for id, number in shared.items() if 2 * number >= len(rota.people)
        ]
        like = {
            id: likeness
            for id in ids
            if (likeness := compare_rotas(rota, rotas[id]))
            and (likeness is Likeness.SAME or _describe_same(create.target.schedule, live[id]))
        }
        if like:
            best = min(
                like, key=lambda id: (like[id], -_similarity(create.name, known[id].name), id)
            )
            yield _refuse_create(create, known[best], like[best])


def _describe_same(one: Schedule, other: Schedule) -> bool:
    """Whether two schedules have the same description and team, as before and after a rename.

    People of a team are on several schedules with one rhythm: these differ here.
    """
    same_text = canonical_description(one.description) == canonical_description(other.description)
    return same_text and one.team == other.team


def _similarity(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def _refuse_create(create: Create, other: Known, likeness: Likeness) -> Problem:
    message = (
        f"`{create.name}` would be created, but `{other.name}` (id {other.id}), which no file "
        f"declares, {_TEXTS[likeness]}, so it looks renamed"
    )
    remedy = f"write `renamed_from: {other.name}` or `id: {other.id}`, or pass --create-lookalike"
    return Problem(message, remedy, create.source)


def find_renamed_layers(
    desired: Desired, live: Sequence[Layer], timezone: str, now: int
) -> Iterator[Caution]:
    """Warns of each layer that ends while a similar layer begins."""
    declared = desired.schedule.layers
    if desired.whole:
        return
    live_names = {canonical_name(layer.name) for layer in live}
    old_names = {intent.renamed_from for intent in desired.intents}
    names = {layer.name for layer in declared}
    ending = [
        layer
        for layer in last_links(live, now)
        if canonical_name(layer.name) not in names | old_names and not layer.ended(now)
    ]
    for index, layer in enumerate(declared):
        old = desired.intents[index].renamed_from if index < len(desired.intents) else None
        if layer.name in live_names or old in live_names or layer.ended(now):
            continue
        alike = (one for one in ending if _is_similar(one, layer, timezone))
        if former := next(alike, None):
            ending.remove(former)
            yield Caution(
                f"the layer `{former.name}` ends and a similar one, `{layer.name}`, begins; "
                f"if it was renamed, add `renamed_from: {former.name}` to `{layer.name}`"
            )


def _is_similar(live: Layer, declared: Layer, timezone: str) -> bool:
    one, other = Turns.of(live, timezone), Turns.of(declared, timezone)
    if one.rhythm == other.rhythm:
        return _share_people(one.people, other.people)
    return one.people == other.people
