"""Escalation levels that page a schedule, and open incidents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """Level `level` (from 1) of a rule of a channel pages `schedule` (its id), in these roles.

    No roles means everyone on call there. A disabled rule pages nobody, and still refers to the
    schedule. `rule_id` distinguishes rules of one name.
    """

    channel: str
    rule: str
    level: int
    schedule: int
    roles: frozenset[int]
    enabled: bool = True
    rule_id: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """An open incident. `people` are the ids of its responders and assignees.

    `number` is its number for people; `severity` is the platform's word. `link` leads to it in the
    console, "" if it is unknown.
    """

    number: str
    title: str
    severity: str
    people: frozenset[int]
    link: str = ""
