"""What a look at key, account and platform found: the result of `doctor`.

Instants are Unix seconds; an end is not included.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flashsync.model.calendar import Span
from flashsync.model.people import Account
from flashsync.model.schedule import Member

TOLERANCE = 5.0
"""Seconds that two clocks may differ: cuts at the half-hour, and `now`, go by this machine's."""

TIMEZONE = "timezone"
"""The id of the finding about flashsync.yaml's time zone."""


class Mark(StrEnum):
    """How something stands: an error stops plan and apply, a warning does not; OPEN: not known."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One thing that was looked at. `id` stays the same from run to run, for scripts.

    `said` is what was found and `remedy` what to do about it: both without a full stop.
    """

    id: str
    mark: Mark
    said: str
    remedy: str = ""


class Access(StrEnum):
    """What became of asking an endpoint."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN_THERE = "unknown_there"
    FAILED = "failed"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Permission:
    """What became of asking one endpoint; `use` is what it is for."""

    endpoint: str
    use: str
    access: Access
    mark: Mark
    said: str = ""
    remedy: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Skew:
    """How many seconds the server's clock is ahead of this machine's, between two bounds.

    `Date` has whole seconds, and an answer travels: so much is not known.
    """

    least: float
    most: float

    @property
    def seconds(self) -> float:
        """The distance that is certain; negative where the server is behind."""
        if self.least > 0:
            return self.least
        return min(self.most, 0.0)


class Verdict(StrEnum):
    """Whether what was seen agrees with what flashsync assumes, or leaves it open."""

    SETTLED = "settled"
    CONTRADICTED = "contradicted"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What an account shows of a rule that the platform's documentation leaves open.

    `decision` is what flashsync assumes. `agreeing` and `differing` are the compared schedules that
    show the rule, by name. `tried`: the platform was asked to compute an example that shows it.
    `shifts`: it decides about shifts, and not only about how values are read.
    """

    id: str
    title: str
    decision: str
    verdict: Verdict
    seen: str
    agreeing: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    tried: bool = False
    shifts: bool = True


class EngineMatch(StrEnum):
    """How the local engine compares with the platform, for one schedule."""

    SAME = "same"
    DIFFERS = "differs"
    NOT_COMPUTED = "not_computed"
    NOT_READ = "not_read"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in which platform and engine put different people on call."""

    start: int
    end: int
    platform: frozenset[Member]
    engine: frozenset[Member]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The local engine against the platform, for one schedule.

    `rules` are the ids of the open rules that its shifts show. `said` is why it was not compared.
    """

    schedule: str
    id: int
    match: EngineMatch
    stretches: tuple[Stretch, ...] = ()
    rules: frozenset[str] = frozenset()
    said: str = ""


class Trust(StrEnum):
    """Whether what is computed offline is what the platform does, as far as was seen."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All that was found. `window` is what was compared; `left_out` counts schedules that were not.

    `account` is None where the key did not lead to one.
    """

    at: int
    window: Span
    key: tuple[DoctorFinding, ...] = ()
    account: Account | None = None
    skew: Skew | None = None
    permissions: tuple[Permission, ...] = ()
    rules: tuple[RuleFinding, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    left_out: int = 0

    def matching(self, match: EngineMatch) -> tuple[Comparison, ...]:
        """The comparisons that ended so."""
        return tuple(one for one in self.comparisons if one.match is match)

    @property
    def clock(self) -> DoctorFinding:
        """How this machine's clock stands against the server's."""
        if self.skew is None:
            return DoctorFinding(
                "clock", Mark.OPEN, "no answer said the time, so it was not compared"
            )
        seconds = self.skew.seconds
        if not seconds:
            return DoctorFinding("clock", Mark.OK, "this machine's clock agrees with the server's")
        way = "behind" if seconds > 0 else "ahead of"
        said = f"this machine's clock is {abs(seconds):.1f} s {way} the server's"
        if abs(seconds) < TOLERANCE:
            return DoctorFinding("clock", Mark.OK, said)
        remedy = "set it (NTP): cuts at the half-hour, and what counts as now, go by it"
        return DoctorFinding("clock", Mark.WARNING, said, remedy)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """How all things stand that were looked at, comparisons and rules included."""
        marks = [one.mark for one in (*self.key, self.clock)]
        marks += [one.mark for one in self.permissions]
        marks += [Mark.WARNING for one in self.rules if one.verdict is Verdict.CONTRADICTED]
        marks += [
            Mark.WARNING
            for one in self.comparisons
            if one.match in (EngineMatch.DIFFERS, EngineMatch.NOT_READ)
        ]
        return tuple(marks)

    @property
    def healthy(self) -> bool:
        """Whether nothing that was found stops plan or apply."""
        return Mark.ERROR not in self.marks

    @property
    def zone(self) -> Mark:
        """How the zone in which offline answers count stands: wrong is an error, none is open."""
        return next((one.mark for one in self.key if one.id == TIMEZONE), Mark.OK)

    @property
    def previews(self) -> int:
        """How many rules of shifts the platform's previews have settled as they are assumed."""
        settled = (rule for rule in self.rules if rule.verdict is Verdict.SETTLED)
        return sum(rule.shifts and rule.tried for rule in settled)

    @property
    def trust(self) -> Trust:
        """Whether offline answers can be trusted for this account."""
        same, differing = self.matching(EngineMatch.SAME), self.matching(EngineMatch.DIFFERS)
        verdicts = {rule.verdict for rule in self.rules if rule.shifts}
        if self.zone is Mark.ERROR or (differing and not same):
            return Trust.NO
        agreed = bool(same) or Verdict.SETTLED in verdicts
        if differing or Verdict.CONTRADICTED in verdicts:
            return Trust.PARTLY if agreed else Trust.NO
        if not agreed:
            return Trust.UNKNOWN
        whole = self.zone is Mark.OK and not self.matching(EngineMatch.NOT_COMPUTED)
        return Trust.YES if whole else Trust.PARTLY
