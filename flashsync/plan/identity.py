"""Which live schedule a declared one is (design, Identity, deletion, safety)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from flashsync.errors import Problem
from flashsync.state import canonical
from flashsync.state.desired import Desired
from flashsync.state.schedule import Stamp

_TEMPORARY = "flashsync-rename-"


@dataclass(frozen=True, slots=True)
class Known:
    """A live schedule as a listing shows it."""

    id: int
    name: str
    team: int = 0
    stamp: Stamp = field(default=Stamp())


@dataclass(frozen=True, slots=True)
class Match:
    """A declared schedule and the live one that it is, or None."""

    desired: Desired
    live: Known | None


@dataclass(frozen=True, slots=True)
class Matching:
    """All declared schedules with theirs, the live ones left over, and what is contradictory."""

    matches: tuple[Match, ...]
    undeclared: tuple[Known, ...]
    problems: tuple[Problem, ...]

    @property
    def creates(self) -> bool:
        """Whether any schedule is to be created."""
        return any(match.live is None and not match.desired.absent for match in self.matches)


def temporary_name(final: str) -> str:
    """The name that a schedule has for a moment while names go round in a cycle.

    It tells the final name, so that a run that was cut off is finished by the next one.
    """
    return _TEMPORARY + sha256(final.encode()).hexdigest()[:12]


def match(
    desired: Sequence[Desired], live: Iterable[Known], also_declared: Iterable[str] = ()
) -> Matching:
    """Find for each declared schedule its live one: by `id`, by name, by `renamed_from`.

    `also_declared` are names in files that this run does not plan (`--only`).
    """
    search = _Search(live)
    matches = tuple(Match(one, search.find(one)) for one in _pinned_first(desired))
    order = {one.name: place for place, one in enumerate(desired)}
    others = {canonical.name(name) for name in also_declared}
    return Matching(
        tuple(sorted(matches, key=lambda match: order[match.desired.name])),
        tuple(
            known
            for known in search.by_id.values()
            if known.id not in search.taken and canonical.name(known.name) not in others
        ),
        (*search.problems, *_names_taken(matches, search)),
    )


def _pinned_first(desired: Sequence[Desired]) -> list[Desired]:
    """An `id` is beyond doubt, and a name is surer than `renamed_from`."""
    return sorted(desired, key=lambda one: (one.schedule.id is None, one.renamed_from is not None))


class _Search:
    def __init__(self, live: Iterable[Known]) -> None:
        self.by_id: Mapping[int, Known] = {known.id: known for known in live}
        self._by_name = {canonical.name(known.name): known for known in self.by_id.values()}
        self.taken: dict[int, Desired] = {}
        self.problems: list[Problem] = []

    def named(self, name: str) -> Known | None:
        return self._by_name.get(canonical.name(name))

    def find(self, one: Desired) -> Known | None:
        known = self._pinned(one) if one.schedule.id is not None else self._by_names(one)
        if known is None:
            return None
        other = self.taken.get(known.id)
        if other is not None:
            message = f"`{one.name}` and `{other.name}` ({other.source}) mean the same schedule"
            remedy = f"only one of them can be {known.name} (id {known.id})"
            self.problems.append(Problem(message, remedy, one.source))
            return None
        self.taken[known.id] = one
        return known

    def _pinned(self, one: Desired) -> Known | None:
        known = self.by_id.get(one.schedule.id or 0)
        if known is None and not one.absent:
            message = f"the account has no schedule with the id {one.schedule.id}"
            remedy = "correct `id`, or leave it out to go by the name"
            self.problems.append(Problem(message, remedy, one.source))
        return known

    def _by_names(self, one: Desired) -> Known | None:
        known = self.named(one.name)
        if known is None:
            known = self.named(temporary_name(one.name))
        if known is None and one.renamed_from:
            known = self.named(one.renamed_from)
            if known is not None and known.id in self.taken:
                return None  # it kept its name, or has another file: this one is new
        return known


def _names_taken(matches: Iterable[Match], search: _Search) -> Iterable[Problem]:
    """A new name that belongs to a live schedule which keeps it."""
    for match in matches:
        holder = search.named(match.desired.name)
        if holder is None or match.desired.absent or holder == match.live:
            continue
        keeper = search.taken.get(holder.id)
        if keeper is None or canonical.name(keeper.name) == canonical.name(holder.name):
            message = f"the name `{match.desired.name}` belongs to another live schedule"
            remedy = f"give it another name, or declare the other one (id {holder.id})"
            if not (keeper and keeper.absent):
                yield Problem(message, remedy, match.desired.source)
