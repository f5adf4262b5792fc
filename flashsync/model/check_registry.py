"""The registry of checks: id, default level, what each needs, one line of documentation.

A check `NAME` is the function `NAME` of `checks/NAME.py`. All else is derived from this table:
which ids and levels `checks` and `--check-level` accept, the JSON Schema, docs/checks.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from flashsync.errors import Level

COVERAGE_GAP = "coverage_gap"
ON_CALL_NOW = "on_call_now"
SHORT_NOTICE = "short_notice"
"""The only check with `within`."""
REFERENCES = "references"
OPEN_INCIDENTS = "open_incidents"
DOUBLE_BOOKED = "double_booked"
EXPECT = "expect"
"""The id of failed expectations. They are always errors and not in the registry."""

LEVELS: Mapping[str, Level | None] = {"off": None, "warn": Level.WARNING, "error": Level.ERROR}


class Needs(Enum):
    """What a check reads. `validate` runs the checks of FILE and ZONE."""

    FILE = auto()
    """One file, alone."""
    ZONE = auto()
    """One file, and the zone of the account."""
    PEOPLE = auto()
    """Members of the account, who leave while files stay: unchanged schedules are judged, too."""
    CHANGE = auto()
    """What a plan changes: shifts that move, rules that page, incidents that are open."""


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """An entry of the registry. A `level` of None is off; `description` completes "fires when"."""

    id: str
    level: Level | None
    needs: Needs
    description: str
    of_layer: bool = False
    """Whether its findings are about single layers, so that a layer may set its level."""

    @property
    def default(self) -> str:
        """The level as users write it: off, warn or error."""
        return next(word for word, level in LEVELS.items() if level is self.level)

    @property
    def offline(self) -> bool:
        """Whether files alone can answer it."""
        return self.needs in (Needs.FILE, Needs.ZONE)


_, _WARN, _ERROR = LEVELS.values()
_SPECS = (
    CheckSpec(
        COVERAGE_GAP,
        _ERROR,
        Needs.CHANGE,
        "an update leaves nobody, or no primary, on call at a time that is covered now",
    ),
    CheckSpec(
        ON_CALL_NOW,
        _WARN,
        Needs.CHANGE,
        "an update or a delete changes who is on call at this moment",
    ),
    CheckSpec(
        SHORT_NOTICE,
        _WARN,
        Needs.CHANGE,
        "a shift of a live schedule that begins `within` 24 h changes hands",
    ),
    CheckSpec(
        "pending_person",
        _WARN,
        Needs.PEOPLE,
        "a person in the file has not accepted the invitation to the account",
    ),
    CheckSpec(
        "unreachable_person",
        _WARN,
        Needs.PEOPLE,
        "a person has left the account, or has no verified e-mail address or phone",
    ),
    CheckSpec(
        REFERENCES,
        _ERROR,
        Needs.CHANGE,
        "escalation rules page a schedule that is deleted, or a role that nobody has any longer",
    ),
    CheckSpec(
        OPEN_INCIDENTS,
        _WARN,
        Needs.CHANGE,
        "a person who handles an open incident goes off call right now",
    ),
    CheckSpec(
        "single_person",
        _WARN,
        Needs.FILE,
        "one person has all turns of a layer, so that nobody can take over",
        of_layer=True,
    ),
    CheckSpec(
        DOUBLE_BOOKED,
        _WARN,
        Needs.ZONE,
        "one person is primary and backup at once, or on two schedules of a plan in every turn",
    ),
    CheckSpec(
        "masked_midnight",
        _WARN,
        Needs.ZONE,
        "`days` without `continuous` cuts turns or a window of `hours` at 00:00",
        of_layer=True,
    ),
    CheckSpec(
        "missing_primary",
        _WARN,
        Needs.ZONE,
        "a turn has no primary, unlike other turns of its layer, and nobody else is primary then",
        of_layer=True,
    ),
    CheckSpec(
        "never_on_call",
        _WARN,
        Needs.ZONE,
        "a person in a layer has no shift in a full cycle, because their turns miss its duty",
        of_layer=True,
    ),
    CheckSpec(
        "turn_in_window",
        _WARN,
        Needs.ZONE,
        "turns change inside a window of `hours`",
        of_layer=True,
    ),
    CheckSpec(
        "wall_clock_shift",
        _WARN,
        Needs.ZONE,
        "daylight saving moves a handoff within a year, or skips or repeats its time",
        of_layer=True,
    ),
    CheckSpec(
        "idle_notify",
        _WARN,
        Needs.FILE,
        "`notify` has channels and no time, or a lead longer than a turn",
    ),
    CheckSpec(
        "unaligned_start",
        _WARN,
        Needs.ZONE,
        "a new start or end is not a whole half-hour",
        of_layer=True,
    ),
)
CHECKS: Mapping[str, CheckSpec] = {spec.id: spec for spec in _SPECS}
"""By id, in the order of the documentation."""
LAYER_CHECKS = tuple(id for id, spec in CHECKS.items() if spec.of_layer)
"""The checks of single layers."""
