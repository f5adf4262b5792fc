"""What guards need to know beside the schedules, read only where a change calls for it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TypeVar

from flashsync.api.client import Client
from flashsync.api.endpoints import escalations, incidents
from flashsync.api.errors import Closed, Failure, closed
from flashsync.checks.escalations import calls_for_rules
from flashsync.checks.incidents import relieved
from flashsync.checks.model import Case, Settings
from flashsync.checks.registry import CHECKS
from flashsync.cli import environment
from flashsync.errors import ServiceError
from flashsync.model.escalations import Incident, Reference

REFERENCES = "references"
INCIDENTS = "open_incidents"

Facts = TypeVar("Facts")

_WHY = {
    Closed.DENIED: "the key may not read {what}",
    Closed.NOT_SUBSCRIBED: "the account's subscription does not cover {what}",
    Closed.UNKNOWN: "this server cannot be asked for {what}",
}
"""How a note begins, where what a check needs cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Guards:
    """Escalation rules and open incidents; none where nobody asked, or they cannot be read at all.

    `notes` say what was not read.
    """

    references: tuple[Reference, ...] = ()
    incidents: tuple[Incident, ...] = ()
    notes: tuple[str, ...] = ()

    def known_to(self, case: Case) -> Case:
        """A case that is judged by them."""
        return replace(case, references=self.references, incidents=self.incidents)


def read_guards(client: Client, settings: Settings, cases: Collection[Case]) -> Guards:
    """Read what the cases call for, as far as its check is not off.

    What a key may not read, the subscription does not cover or the server does not know is no
    failure: the check is left out, and a note says so, as `doctor` does. Raises ServiceError for
    all else: a plan is never made of halves.
    """
    rules: tuple[Reference, ...] | Closed = ()
    found: tuple[Incident, ...] | Closed = ()
    if _on(REFERENCES, settings) and any(calls_for_rules(one) for one in cases):
        rules = _read(lambda: escalations.references(client), REFERENCES)
    if _on(INCIDENTS, settings) and any(relieved(one) for one in cases):
        now = environment.now()
        found = _read(lambda: incidents.open_incidents(client, now), INCIDENTS)
    notes = [
        f"{_WHY[facts].format(what=what)}, so {check} was not checked"
        for facts, what, check in (
            (rules, "channels and their escalation rules", REFERENCES),
            (found, "incidents", INCIDENTS),
        )
        if isinstance(facts, Closed)
    ]
    rules = () if isinstance(rules, Closed) else rules
    found = () if isinstance(found, Closed) else found
    if len(found) >= incidents.MOST:
        notes.append(f"{INCIDENTS} looked at {len(found)} open incidents; there may be more")
    return Guards(rules, found, tuple(notes))


def _on(check: str, settings: Settings) -> bool:
    return settings.levels.get(check, CHECKS[check]) is not None


def _read(read: Callable[[], Facts], check: str) -> Facts | Closed:
    """What was read, or why it cannot be read at all."""
    try:
        return read()
    except Failure as failure:
        if why := closed(failure):
            return why
        (problem,) = failure.problems
        remedy = f"{problem.remedy}, or do without, by --check-level {check}=off"
        raise ServiceError(replace(problem, remedy=remedy)) from None
