"""The first line of a plan, of its outcome and of drift: the same words in every document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flashsync.plan.drift import Drift
from flashsync.plan.model import Plan
from flashsync.render.plan.text import as_they_are, counts


class Mood(StrEnum):
    """How urgent a result is for its reader: all is well, ordinary, worth a look, or stopped."""

    GOOD = "good"
    PLAIN = "plain"
    UNEASY = "uneasy"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Headline:
    """What a result is, and how it ended, without names, so that it always fits; and its mood."""

    mood: Mood
    subject: str
    text: str

    @property
    def line(self) -> str:
        """Both on one line."""
        return f"{self.subject}: {self.text}"


def judge_plan(plan: Plan, *, refused: bool) -> Headline:
    """The counts of a plan; whether apply would refuse it, or somebody should look twice."""
    if plan.empty:
        mood = Mood.STOPPED if refused else Mood.GOOD
        return Headline(mood, "flashsync plan", f"no changes. {as_they_are(plan)}")
    if refused:
        return Headline(Mood.STOPPED, "flashsync plan, which `apply` would refuse", counts(plan))
    uneasy = any(action.remarks.warnings for action in plan.actions)
    uneasy = uneasy or any(effect.now or effect.gaps for effect in plan.effects)
    return Headline(Mood.UNEASY if uneasy else Mood.PLAIN, "flashsync plan", counts(plan))


def judge_drift(drift: Drift, counted: str) -> Headline:
    """Whether anything alarms; `counted` says what."""
    if drift.empty:
        return Headline(Mood.GOOD, "flashsync", f"no drift. {as_they_are(drift.plan)}")
    return Headline(Mood.UNEASY, "flashsync drift", counted)
