"""How far clocks may be apart: this machine's, another's, the platform's."""

from __future__ import annotations

from flashsync.state.zone import MINUTE

APART = 5 * MINUTE
"""Seconds. What is further apart is not of one time, or a clock is wrong."""
