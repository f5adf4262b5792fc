"""What makes a change to a schedule urgent: escalation levels that page it, and open incidents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """Level `level` (from 1) of a rule of a channel pages `schedule` (its id), in these roles.

    No roles at all stand for everyone who is on call there. A rule that is not `enabled` pages
    nobody, and still refers. `rule_id` tells rules of one name apart.
    """

    channel: str
    rule: str
    level: int
    schedule: int
    roles: frozenset[int]
    enabled: bool = True
    rule_id: str = ""


# An incident that is open: what went wrong, and who handles it.


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident. `people` are the persons' ids who respond to it or whom it is assigned to.

    `number` is what people call it by; `severity` is in the platform's words. `link` leads to it in
    the console, "" where that is not known.
    """

    number: str
    title: str
    severity: str
    people: frozenset[int]
    link: str = ""
