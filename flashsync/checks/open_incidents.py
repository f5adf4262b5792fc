"""A person who handles an open incident and goes off call by the change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.checks.model import Case, CheckFinding, CheckSettings, listed, quoted
from flashsync.model.account_records import Incident
from flashsync.model.wording import count

_MOST = 3
"""Incidents of one person that are named; the others are counted."""
_GRAVEST = ("Critical", "Warning", "Info")
"""Severities that the platform has not documented come last."""


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
    before = effect.before.at(case.now)
    after = effect.after.at(case.now) if effect.after else None
    relieved = before.people if before else frozenset[int]()
    return relieved - after.people if after else relieved


def _describe(incidents: Sequence[Incident]) -> str:
    """``2 open incidents: A1B2C3 `Disk full` (Critical, https://…) and …``, the gravest first."""
    texts = []
    ranks = {severity: rank for rank, severity in enumerate(_GRAVEST)}
    for incident in sorted(incidents, key=lambda one: ranks.get(one.severity, len(ranks))):
        facts = ", ".join(part for part in (incident.severity, incident.link) if part)
        suffix = f" ({facts})" if facts else ""
        texts.append(f"{incident.number} {quoted(incident.title)}{suffix}")
    return f"{count(len(texts), 'open incident')}: {listed(texts, _MOST, 'incident')}"
