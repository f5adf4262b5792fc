"""The names of the checks on rotas, and how grave a finding can be."""

from __future__ import annotations

COVERAGE_GAP = "coverage_gap"
ON_CALL_NOW = "on_call_now"
SHORT_NOTICE = "short_notice"
DOUBLE_BOOKED = "double_booked"
"""The one check that looks at all schedules together. It is off unless the configuration asks."""
EXPECT = "expect"
"""The id of what rota tests say. It is no check that a configuration could turn off."""

CHECKS = (
    COVERAGE_GAP,
    ON_CALL_NOW,
    SHORT_NOTICE,
    "pending_person",
    "unreachable_person",
    "references",
    "open_incidents",
    "single_person",
    DOUBLE_BOOKED,
    "masked_midnight",
    "turn_in_window",
    "wall_clock_shift",
    "idle_notify",
    "unaligned_start",
)
"""By id, in the order in which the documentation lists them."""

LEVELS = ("off", "warn", "error")
