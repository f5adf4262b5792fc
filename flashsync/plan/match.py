"""Which live schedule a declared one is (design, Identity, deletion, safety)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from flashsync.errors import Problem
from flashsync.model.desired import Desired
from flashsync.model.schedule import Stamp, canonical_name

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
    return _TEMPORARY + sha256(final.encode(errors="surrogatepass")).hexdigest()[:12]


def match(
    desired: Sequence[Desired], live: Iterable[Known], others: Sequence[Desired] = ()
) -> Matching:
    """Find for each declared schedule its live one: by `id`, by name, by `renamed_from`.

    `others` are declared in files that this run does not plan (`--only`): they take what is
    theirs, so that a narrow run means the same live schedules as one over all files.
    """
    search = _Search(live)
    found = {id(one): search.find(one) for one in _surest_first([*desired, *others])}
    matches = tuple(Match(one, found[id(one)]) for one in desired)
    undeclared = (known for known in search.by_id.values() if known.id not in search.taken)
    problems = [*search.problems, *_names_taken(matches, search)]
    planned = {one.source for one in desired}
    return Matching(
        matches,
        tuple(undeclared),
        tuple(problem for problem in problems if problem.position in planned),
    )


def _surest_first(desired: Sequence[Desired]) -> list[Desired]:
    """An `id` is beyond doubt, and a name is surer than `renamed_from`."""
    return sorted(desired, key=lambda one: (one.schedule.id is None, one.renamed_from is not None))


class _Search:
    def __init__(self, live: Iterable[Known]) -> None:
        self.by_id: Mapping[int, Known] = {known.id: known for known in live}
        self._by_name: dict[str, Known] = {}
        for known in self.by_id.values():
            name = canonical_name(known.name)
            if known.name == name or name not in self._by_name:  # that very name comes first
                self._by_name[name] = known
        self.taken: dict[int, Desired] = {}
        self.problems: list[Problem] = []

    def named(self, name: str) -> Known | None:
        return self._by_name.get(canonical_name(name))

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
        known = self._staying(one.name) or self.named(temporary_name(one.name))
        if known is None and one.renamed_from:
            known = self._going(one.renamed_from)
        return known

    def _staying(self, name: str) -> Known | None:
        """The live schedule of that name, unless another file gives it another one, by its id."""
        known = self.named(name)
        other = self.taken.get(known.id) if known else None
        return known if other is None or other.name == name else None

    def _going(self, name: str) -> Known | None:
        """The live schedule of an old name, unless another file goes by that name."""
        known = self.named(name)
        other = self.taken.get(known.id) if known else None
        return None if other is not None and other.name == canonical_name(name) else known


def _names_taken(matches: Sequence[Match], search: _Search) -> Iterable[Problem]:
    """A new name that belongs to a live schedule from which this run does not take it."""
    planned = {match.live.id for match in matches if match.live}
    for match in matches:
        holder = search.named(match.desired.name)
        if match.desired.absent or holder is None or holder.id in planned:
            continue
        if match.live is None and holder.id not in search.taken:
            continue  # its `id` names nothing: that was said
        message = (
            f"the name `{match.desired.name}` belongs to another live schedule "
            f"(id {holder.id}), which this run does not plan"
        )
        remedy = "choose another name, or give the other one a file with that `id`"
        if holder.id in search.taken:
            remedy = f"plan `{search.taken[holder.id].name}` too, or wait until it is applied"
        yield Problem(message, remedy, match.desired.source)
