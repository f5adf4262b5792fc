"""What refers to a schedule: a level of an escalation rule that pages it."""

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
