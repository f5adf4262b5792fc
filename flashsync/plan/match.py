"""Which live schedule a declared schedule is: by `id`, by name, by `renamed_from`.

Renames that no file declares are found here too: a schedule or layer goes, and a similar one comes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import IntEnum, auto
from functools import cached_property
from hashlib import sha256

from flashsync.errors import Problem
from flashsync.model.desired import Desired
from flashsync.model.schedule import (
    Layer,
    Member,
    Schedule,
    Stamp,
    canonical_description,
    canonical_name,
)
from flashsync.plan.model import Caution, Create
from flashsync.rotation.rollout.chains import chains
from flashsync.rotation.rollout.normalise import add_handoff

_TEMPORARY = "flashsync-rename-"


@dataclass(frozen=True, slots=True)
class Known:
    """A live schedule as a list of the account shows it."""

    id: int
    name: str
    team: int = 0
    stamp: Stamp = field(default=Stamp())


@dataclass(frozen=True, slots=True)
class Match:
    """A declared schedule and its live one, or None."""

    desired: Desired
    live: Known | None


@dataclass(frozen=True, slots=True)
class Matching:
    """The declared schedules with their live ones, the live ones left over, and contradictions."""

    matches: tuple[Match, ...]
    undeclared: tuple[Known, ...]
    problems: tuple[Problem, ...]

    @property
    def creates(self) -> bool:
        """Whether any schedule has to be created."""
        return any(match.live is None and not match.desired.absent for match in self.matches)


def temporary_name(final: str) -> str:
    """The name that a schedule has for a moment while names are exchanged in a cycle.

    It contains a mark of the final name, so that the next run finishes a run that was cut off.
    """
    return _TEMPORARY + sha256(final.encode(errors="surrogatepass")).hexdigest()[:12]


def match(
    desired: Sequence[Desired], live: Iterable[Known], others: Sequence[Desired] = ()
) -> Matching:
    """Find the live schedule of each declared one.

    `others` are declared in files that this run does not plan (`--only`): they take their own live
    schedules, so that a narrow run means the same ones as a run over all files.
    """
    by_id = {known.id: known for known in live}
    by_name: dict[str, Known] = {}
    for known in by_id.values():
        name = canonical_name(known.name)
        if known.name == name or name not in by_name:  # the exact name comes first
            by_name[name] = known
    matcher = _Matcher(by_id, by_name)
    # An `id` is beyond doubt, and a name is surer than `renamed_from`.
    surest_first = sorted(
        [*desired, *others],
        key=lambda schedule: (schedule.schedule.id is None, schedule.renamed_from is not None),
    )
    partners = {id(schedule): matcher.find(schedule) for schedule in surest_first}
    matches = tuple(Match(schedule, partners[id(schedule)]) for schedule in desired)
    undeclared = tuple(known for known in by_id.values() if known.id not in matcher.taken)
    problems = [*matcher.problems, *_find_taken_names(matches, matcher)]
    planned = {schedule.source for schedule in desired}
    return Matching(
        matches, undeclared, tuple(problem for problem in problems if problem.position in planned)
    )


@dataclass(frozen=True, slots=True)
class _Matcher:
    """The live schedules, which of them are `taken` by whom, and the problems met."""

    by_id: Mapping[int, Known]
    by_name: Mapping[str, Known]
    taken: dict[int, Desired] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def find(self, desired: Desired) -> Known | None:
        """Take the live schedule of a declared one."""
        pinned = desired.schedule.id
        known = self._find_by_names(desired) if pinned is None else self.by_id.get(pinned)
        if known is None:
            if pinned is not None and not desired.absent:
                message = f"the account has no schedule with the id {pinned}"
                remedy = "correct `id`, or leave it out to go by the name"
                self.problems.append(Problem(message, remedy, desired.source))
            return None
        other = self.taken.get(known.id)
        if other is not None:
            message = f"`{desired.name}` and `{other.name}` ({other.source}) mean the same schedule"
            remedy = f"only one of them can be {known.name} (id {known.id})"
            self.problems.append(Problem(message, remedy, desired.source))
            return None
        self.taken[known.id] = desired
        return known

    def _find_by_names(self, desired: Desired) -> Known | None:
        """By its name, unless another file takes that schedule by `id` under another name; by the
        name that it has during a rename; by its old name, unless another file has that name."""
        known = self.by_name.get(canonical_name(desired.name))
        other = self.taken.get(known.id) if known else None
        if other is not None and other.name != desired.name:
            known = None
        known = known or self.by_name.get(temporary_name(desired.name))
        if known is not None or not desired.renamed_from:
            return known
        old_name = canonical_name(desired.renamed_from)
        known = self.by_name.get(old_name)
        other = self.taken.get(known.id) if known else None
        return None if other is not None and other.name == old_name else known


def _find_taken_names(matches: Sequence[Match], matcher: _Matcher) -> Iterable[Problem]:
    """A new name that belongs to a live schedule from which this run does not take it."""
    planned = {match.live.id for match in matches if match.live}
    for match in matches:
        holder = matcher.by_name.get(canonical_name(match.desired.name))
        if match.desired.absent or holder is None or holder.id in planned:
            continue
        if match.live is None and holder.id not in matcher.taken:
            continue  # its `id` is unknown, which is a problem of its own
        message = (
            f"the name `{match.desired.name}` belongs to another live schedule "
            f"(id {holder.id}), which this run does not plan"
        )
        remedy = "choose another name, or give the other one a file with that `id`"
        if holder.id in matcher.taken:
            remedy = f"plan `{matcher.taken[holder.id].name}` too, or wait until it is applied"
        yield Problem(message, remedy, match.desired.source)


# Renames that no file declares.


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
    known = {schedule.id: schedule for schedule in undeclared if schedule.id in live}
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
            name = create.name.casefold()
            likest = {
                id: SequenceMatcher(None, name, known[id].name.casefold()).ratio() for id in like
            }
            best = min(like, key=lambda id: (like[id], -likest[id], id))
            yield _refuse_create(create, known[best], like[best])


def _describe_same(one: Schedule, other: Schedule) -> bool:
    """Whether two schedules have the same description and team, as before and after a rename.

    People of a team are on several schedules with one rhythm: these differ here.
    """
    same_text = canonical_description(one.description) == canonical_description(other.description)
    return same_text and one.team == other.team


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
    if desired.whole:
        return
    live_names = {canonical_name(layer.name) for layer in live}
    old_names = {intent.renamed_from for intent in desired.intents}
    new = []
    for index, layer in enumerate(desired.schedule.layers):
        old = desired.intents[index].renamed_from if index < len(desired.intents) else None
        if layer.name not in live_names and old not in live_names and not layer.ended(now):
            new.append(layer)
    if not new:
        return
    stay = {layer.name for layer in desired.schedule.layers} | old_names
    ending = [
        layer
        for layer in last_links(live, now)
        if canonical_name(layer.name) not in stay and not layer.ended(now)
    ]
    for layer in new:
        alike = (former for former in ending if _is_similar(former, layer, timezone))
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
