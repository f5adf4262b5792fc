"""An incident that is open: what went wrong, and who handles it."""

from __future__ import annotations

from dataclasses import dataclass


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
