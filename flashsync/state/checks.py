"""The names of the checks on rotas, and how grave a finding can be."""

from __future__ import annotations

CHECKS = (
    "coverage_gap",
    "on_call_now",
    "short_notice",
    "pending_person",
    "unreachable_person",
    "references",
    "open_incidents",
    "single_person",
    "double_booked",
    "masked_midnight",
    "turn_in_window",
    "wall_clock_shift",
    "idle_notify",
    "unaligned_start",
)
"""By id, in the order in which the documentation lists them."""

LEVELS = ("off", "warn", "error")
