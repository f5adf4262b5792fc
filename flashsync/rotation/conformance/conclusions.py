"""What trials and live schedules together say about the open rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flashsync.model.calendar import Calendar
from flashsync.model.doctor_report import Comparison, EngineMatch, RuleFinding, Verdict
from flashsync.model.wording import count
from flashsync.rotation.conformance.experiments import Trial
from flashsync.rotation.conformance.rules import DECISIONS, OpenRule

_CLOCK_CHANGES = (OpenRule.DST_DAYS, OpenRule.DST_HOURS)


@dataclass(frozen=True, slots=True)
class Tried:
    """What the platform computed for a trial; None where it did not, and then why not.

    With `refused` it found the schedule invalid.
    """

    trial: Trial
    calendar: Calendar | None = None
    why: str = ""
    refused: bool = False

    @property
    def decided(self) -> bool:
        """Whether the answer says how the platform reads the rule."""
        return self.calendar is not None or (self.refused and self.trial.refused)

    @property
    def agrees(self) -> bool:
        """Whether the platform did what was expected."""
        if self.calendar is None:
            return self.decided
        return self.trial.agrees(self.calendar)


def findings(
    tried: Sequence[Tried], comparisons: Sequence[Comparison], timezone: str
) -> tuple[RuleFinding, ...]:
    """A finding for each open rule, in the order of the rules."""
    return tuple(_finding(rule, tried, comparisons, timezone) for rule in OpenRule)


def _finding(
    rule: OpenRule, tried: Sequence[Tried], comparisons: Sequence[Comparison], timezone: str
) -> RuleFinding:
    trial = next((one for one in tried if rule in one.trial.rules), None)
    showing = [one for one in comparisons if rule.value in one.rules]
    agreeing = tuple(one.schedule for one in showing if one.match is EngineMatch.SAME)
    differing = tuple(one.schedule for one in showing if one.match is EngineMatch.DIFFERS)
    return RuleFinding(
        rule.value,
        DECISIONS[rule].title,
        DECISIONS[rule].text,
        _verdict(trial, agreeing, differing),
        _seen(trial, agreeing, differing) or _unseen(rule, timezone),
        agreeing,
        differing,
        trial is not None and trial.decided,
    )


def _verdict(trial: Tried | None, agreeing: Sequence[str], differing: Sequence[str]) -> Verdict:
    """A trial decides, since it shows its rule alone; else schedules that agree do.

    A schedule that differs may do so for the sake of any of the rules that it shows.
    """
    if trial is not None and trial.decided:
        return Verdict.SETTLED if trial.agrees else Verdict.CONTRADICTED
    if agreeing:
        return Verdict.SETTLED
    return Verdict.CONTRADICTED if differing else Verdict.OPEN


def _seen(trial: Tried | None, agreeing: Sequence[str], differing: Sequence[str]) -> str:
    """What the verdict goes by."""
    if trial is not None and trial.calendar is not None and not trial.agrees:
        return f"in the preview, {trial.trial.other(trial.calendar) or 'other shifts come out'}"
    witnesses = ["the preview"] if trial is not None and trial.agrees else []
    witnesses += [count(len(agreeing), "schedule")] if agreeing else []
    if witnesses:
        return f"settled by {' and '.join(witnesses)}"
    if differing:
        return f"the shifts of {count(len(differing), 'schedule')} with it differ"
    return trial.why if trial is not None else ""


def _unseen(rule: OpenRule, timezone: str) -> str:
    if rule in _CLOCK_CHANGES:
        return f"{timezone} changes no clocks within a year"
    return "nothing that was read shows it"
