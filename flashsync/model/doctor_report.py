"""The result of `doctor`: findings about key, account, clock and platform.

Instants are Unix seconds; an end is not included.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flashsync.model.calendar import Span
from flashsync.model.people import Account
from flashsync.model.schedule import Member

TOLERANCE = 5.0
"""Seconds that clocks may differ; cuts at the half-hour, and `now`, use this machine's."""

TIMEZONE = "timezone"
"""The id of the finding about flashsync.yaml's time zone."""


class Mark(StrEnum):
    """An error stops plan and apply, a warning does not; OPEN is unknown."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """A finding and its remedy, without full stops. `id` is stable, for scripts."""

    id: str
    mark: Mark
    message: str
    remedy: str = ""


class Access(StrEnum):
    """How an endpoint answered."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN_THERE = "unknown_there"
    FAILED = "failed"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Permission:
    """How one endpoint answered; `use` is what flashsync needs it for."""

    endpoint: str
    use: str
    access: Access
    mark: Mark
    message: str = ""
    remedy: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Skew:
    """Bounds, in seconds, of how far the server's clock is ahead of this machine's.

    They are apart because `Date` has whole seconds and an answer takes time.
    """

    least: float
    most: float

    @property
    def seconds(self) -> float:
        """The certain part; negative where the server is behind."""
        if self.least > 0:
            return self.least
        return min(self.most, 0.0)


class Verdict(StrEnum):
    """Whether the platform behaves as flashsync assumes."""

    SETTLED = "settled"
    CONTRADICTED = "contradicted"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """Evidence about a rule that the platform's documentation leaves open.

    `decision` is what flashsync assumes. `agreeing` and `differing` name compared schedules that
    show the rule. `tried` says whether the platform previewed an example, and `shifts` whether the
    rule decides about shifts and not only about how values are read.
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
    """The result of a comparison."""

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

    `rules` are ids of open rules that its shifts show; `message` is why it was not compared.
    """

    schedule: str
    id: int
    match: EngineMatch
    stretches: tuple[Stretch, ...] = ()
    rules: frozenset[str] = frozenset()
    message: str = ""


class Trust(StrEnum):
    """Whether offline answers match the platform."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings. `window` is the compared time; `left_out` counts schedules not compared.

    Without `account`, the key gives access to none.
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
        """The comparisons with this result."""
        return tuple(part for part in self.comparisons if part.match is match)

    @property
    def clock(self) -> DoctorFinding:
        """This machine's clock against the server's."""
        if self.skew is None:
            message = "no answer had the time, so it was not compared"
            return DoctorFinding("clock", Mark.OPEN, message)
        seconds = self.skew.seconds
        if not seconds:
            return DoctorFinding("clock", Mark.OK, "this machine's clock agrees with the server's")
        way = "behind" if seconds > 0 else "ahead of"
        message = f"this machine's clock is {abs(seconds):.1f} s {way} the server's"
        if abs(seconds) < TOLERANCE:
            return DoctorFinding("clock", Mark.OK, message)
        remedy = "set it (NTP), since cuts and `now` use it"
        return DoctorFinding("clock", Mark.WARNING, message, remedy)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of all findings, rules and comparisons included."""
        marks = [finding.mark for finding in (*self.key, self.clock)]
        marks += [permission.mark for permission in self.permissions]
        marks += [Mark.WARNING for rule in self.rules if rule.verdict is Verdict.CONTRADICTED]
        unlike = self.matching(EngineMatch.DIFFERS) + self.matching(EngineMatch.NOT_READ)
        return (*marks, *(Mark.WARNING for _ in unlike))

    @property
    def healthy(self) -> bool:
        """Whether no finding stops plan or apply."""
        return Mark.ERROR not in self.marks

    @property
    def zone(self) -> Mark:
        """The mark of the zone of offline answers: ERROR if it is wrong, OPEN if it is not set."""
        return next((finding.mark for finding in self.key if finding.id == TIMEZONE), Mark.OK)

    @property
    def previews(self) -> int:
        """How many rules about shifts the platform's previews confirm."""
        settled = (rule for rule in self.rules if rule.verdict is Verdict.SETTLED)
        return sum(rule.shifts and rule.tried for rule in settled)

    @property
    def trust(self) -> Trust:
        """Whether offline answers are right for this account."""
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
