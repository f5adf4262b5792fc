"""Why somebody is on call: the local explanation, beside what the platform says."""

from __future__ import annotations

from dataclasses import dataclass

from flashsync.model.calendar import Calendar
from flashsync.model.people import Directory
from flashsync.model.schedule import Member, Schedule
from flashsync.rotation.explain import Explanation


@dataclass(frozen=True, slots=True)
class Case:
    """One schedule at a moment (Unix seconds); `calendar` is the platform's, None offline."""

    schedule: Schedule
    explanation: Explanation
    calendar: Calendar | None
    now: int
    timezone: str
    directory: Directory

    @property
    def at(self) -> int:
        """The moment."""
        return self.explanation.instant

    @property
    def platform(self) -> frozenset[Member]:
        """Whom the platform has on call."""
        shift = self.calendar.at(self.at) if self.calendar else None
        return shift.members if shift else frozenset()

    @property
    def members(self) -> frozenset[Member] | None:
        """Who is on call, from whoever knows best; None where nobody knows."""
        return self.explanation.members if self.calendar is None else self.platform

    @property
    def agrees(self) -> bool | None:
        """Whether the explanation gives what the platform says; None where one is missing."""
        if self.calendar is None or self.explanation.members is None:
            return None
        return self.explanation.members == self.platform

    @property
    def until(self) -> int | None:
        """When that changes next, as far as it is known."""
        if self.calendar is None:
            return self.explanation.change
        shift = self.calendar.at(self.at)
        following = self.calendar.after(self.at)
        end = shift.end if shift else following.start if following else self.calendar.end
        return end if end < self.calendar.end else None
