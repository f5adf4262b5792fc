"""People who handle an incident at this moment, and would be relieved by a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.checks.finding_text import listed, quoted
from flashsync.checks.model import Case, CheckFinding, CheckSettings
from flashsync.model.calendar import Calendar
from flashsync.model.escalations import Incident
from flashsync.model.wording import count

_GRAVEST = ("Critical", "Warning", "Info")
_MOST = 3
"""Incidents of one person that are named; the others are counted."""


def open_incidents(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Somebody who is on call now, and is not after the change, handles an open incident."""
    del settings
    name = case.words.directory.person
    for person in sorted(relieved(case), key=name):
        found = [one for one in case.incidents or () if person in one.people]
        if found:
            message = f"{name(person)} goes off call right now and handles {_named(found)}"
            yield CheckFinding(message, "let them hand over before you apply", ("layers",))


def relieved(case: Case) -> frozenset[int]:
    """Whom the change takes off call at this moment; nobody where that is not known."""
    effect = case.effect
    if effect is None or effect.before is None or (effect.after is None and case.after):
        return frozenset()
    return _on_call(effect.before, case.now) - _on_call(effect.after, case.now)


def _on_call(calendar: Calendar | None, now: int) -> frozenset[int]:
    shift = calendar.at(now) if calendar else None
    return shift.people if shift else frozenset()


def _named(incidents: Sequence[Incident]) -> str:
    """`2 open incidents: ` and each of them, the gravest first."""
    ordered = sorted(incidents, key=lambda one: _rank(one.severity))
    named = [_told(one) for one in ordered]
    return f"{count(len(ordered), 'open incident')}: {listed(named, _MOST, 'incident')}"


def _rank(severity: str) -> int:
    """Words that the platform has not documented come last."""
    return _GRAVEST.index(severity) if severity in _GRAVEST else len(_GRAVEST)


def _told(one: Incident) -> str:
    """`` A1B2C3 `Disk full` (Critical, https://…) ``."""
    facts = ", ".join(part for part in (one.severity, one.link) if part)
    return f"{one.number} {quoted(one.title)}" + (f" ({facts})" if facts else "")
