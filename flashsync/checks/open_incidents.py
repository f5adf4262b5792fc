"""A person who handles an open incident and goes off call by the change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.checks.finding_text import listed, quoted
from flashsync.checks.model import Case, CheckFinding, CheckSettings
from flashsync.model.account_records import Incident
from flashsync.model.calendar import Calendar
from flashsync.model.wording import count

_MOST = 3
"""Incidents of one person that are named; the others are counted."""
_GRAVEST = ("Critical", "Warning", "Info")


def open_incidents(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds people who go off call right now, each with their incidents."""
    name = case.words.directory.person
    for person in sorted(find_relieved(case), key=name):
        handled = [incident for incident in case.incidents if person in incident.people]
        if handled:
            message = f"{name(person)} goes off call right now and handles {_describe(handled)}"
            yield CheckFinding(message, "let them hand over before you apply", ("layers",))


def find_relieved(case: Case) -> frozenset[int]:
    """The people whom the change takes off call now; nobody where either side is unknown."""
    effect = case.effect
    if effect is None or effect.before is None or (effect.after is None and case.after):
        return frozenset()
    return _people_at(effect.before, case.now) - _people_at(effect.after, case.now)


def _people_at(calendar: Calendar | None, now: int) -> frozenset[int]:
    shift = calendar.at(now) if calendar else None
    return shift.people if shift else frozenset()


def _describe(incidents: Sequence[Incident]) -> str:
    """``2 open incidents: A1B2C3 `Disk full` (Critical, https://…) and …``, the gravest first."""
    texts = []
    for incident in sorted(incidents, key=_rank):
        facts = ", ".join(part for part in (incident.severity, incident.link) if part)
        suffix = f" ({facts})" if facts else ""
        texts.append(f"{incident.number} {quoted(incident.title)}{suffix}")
    return f"{count(len(texts), 'open incident')}: {listed(texts, _MOST, 'incident')}"


def _rank(incident: Incident) -> int:
    """Severities that the platform has not documented come last."""
    known = incident.severity in _GRAVEST
    return _GRAVEST.index(incident.severity) if known else len(_GRAVEST)
