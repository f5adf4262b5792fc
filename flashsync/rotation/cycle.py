"""How far a rota has to be looked at: one full cycle, after which all turns come as before."""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm

from flashsync.model.schedule import Layer, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK
from flashsync.rotation.cadence import counts_included_days
from flashsync.rotation.turns import LONGEST

_UNITS = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: WEEK}


def cycle_end(layers: Sequence[Layer], at: int) -> int:
    """The instant at which one full cycle is complete that is counted from `at` (Unix seconds).

    All layers together come round by then; layers that begin later are counted from their start.
    Never more than `LONGEST` after `at`.
    """
    running = [layer for layer in layers if not layer.ended(at)]
    if not running:
        return at
    length = lcm(*(cycle_length(layer) for layer in running))
    begin = max(at, *(layer.start for layer in running))
    return min(begin + length, at + LONGEST)


def cycle_length(layer: Layer) -> int:
    """Seconds of the wall clock after which turns fall on the same days and hours again.

    Months have no such length: it is the longest.
    """
    count = max(len(layer.groups), 1) * layer.rotation.value
    if layer.rotation.unit is Unit.MONTH:
        return LONGEST
    if counts_included_days(layer):
        days = len(layer.days or ())
        return lcm(count, days) // days * WEEK
    length = count * _UNITS[layer.rotation.unit]
    if layer.days or (layer.hours and layer.hours.every == "week"):
        return lcm(length, WEEK)
    return lcm(length, DAY) if layer.hours else length


def coverage_varies(layers: Sequence[Layer]) -> bool:
    """Whether turns differ in their roles: then a gap may come late in a cycle."""
    return any(
        len({frozenset(member.role for member in group.members) for group in layer.groups}) > 1
        for layer in layers
    )
