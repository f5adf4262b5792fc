"""Which live schedule a declared schedule is: by `id`, by name, by `renamed_from`."""

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
    matcher = _Matcher(live)
    # An `id` is beyond doubt, and a name is surer than `renamed_from`.
    surest_first = sorted(
        [*desired, *others],
        key=lambda schedule: (schedule.schedule.id is None, schedule.renamed_from is not None),
    )
    found = {id(schedule): matcher.find(schedule) for schedule in surest_first}
    matches = tuple(Match(schedule, found[id(schedule)]) for schedule in desired)
    undeclared = (known for known in matcher.by_id.values() if known.id not in matcher.taken)
    problems = [*matcher.problems, *_find_taken_names(matches, matcher)]
    planned = {schedule.source for schedule in desired}
    return Matching(
        matches,
        tuple(undeclared),
        tuple(problem for problem in problems if problem.position in planned),
    )


class _Matcher:
    """The live schedules, which of them are `taken` by whom, and the problems met."""

    def __init__(self, live: Iterable[Known]) -> None:
        self.by_id: Mapping[int, Known] = {known.id: known for known in live}
        self._by_name: dict[str, Known] = {}
        for known in self.by_id.values():
            name = canonical_name(known.name)
            if known.name == name or name not in self._by_name:  # the exact name comes first
                self._by_name[name] = known
        self.taken: dict[int, Desired] = {}
        self.problems: list[Problem] = []

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
        known = self.find_named(desired.name)
        other = self.taken.get(known.id) if known else None
        if other is not None and other.name != desired.name:
            known = None
        known = known or self.find_named(temporary_name(desired.name))
        if known is not None or not desired.renamed_from:
            return known
        known = self.find_named(desired.renamed_from)
        other = self.taken.get(known.id) if known else None
        is_other = other is not None and other.name == canonical_name(desired.renamed_from)
        return None if is_other else known

    def find_named(self, name: str) -> Known | None:
        """The live schedule of a name."""
        return self._by_name.get(canonical_name(name))


def _find_taken_names(matches: Sequence[Match], matcher: _Matcher) -> Iterable[Problem]:
    """A new name that belongs to a live schedule from which this run does not take it."""
    planned = {match.live.id for match in matches if match.live}
    for match in matches:
        holder = matcher.find_named(match.desired.name)
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
