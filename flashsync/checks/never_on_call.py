"""A person who is listed in a layer, and whose turns never fall on its days and hours."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from flashsync.checks.model import SHORTEST, Case, CheckFinding, CheckSettings, people, when
from flashsync.model.schedule import Group, Hours, Layer, Rotation, Unit
from flashsync.model.timezone import DAY, WEEK

_EMPTY = Group(frozenset())


def never_on_call(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds people without a shift in a full cycle; a layer that ends earlier is not judged."""
    for index, layer in case.running_layers():
        if not _may_miss_duty(layer):
            continue
        # Many layers have the same cadence, and who is in their groups makes no difference.
        cadence = (layer.start, layer.rotation, layer.handoff, layer.days, layer.continuous)
        idle, end = _find_idle_groups(
            cadence, layer.hours, len(layer.groups), case.zone, max(case.now, layer.start)
        )
        if not idle or layer.ended(end):
            continue
        turns = [frozenset(member.person for member in group.members) for group in layer.groups]
        present = (turn for place, turn in enumerate(turns) if place not in idle)
        missing = frozenset[int]().union(*turns) - frozenset[int]().union(*present)
        if missing:
            have = "has" if len(missing) == 1 else "have"
            message = (
                f"{people(missing, case)} {have} no shift in layer `{layer.name}`, because their "
                "turns miss its days and hours "
                f"(checked until {when(end, case)}, one full cycle)"
            )
            yield CheckFinding(message, _find_remedy(layer), ("layers", index, "groups"))


def _may_miss_duty(layer: Layer) -> bool:
    """Whether a turn may be shorter than the time between two times of duty."""
    if len(layer.groups) < 2 or not (layer.days or layer.hours) or layer.fair:
        return False
    daily = not layer.days and layer.hours is not None and layer.hours.every == "day"
    turn = layer.rotation.value * SHORTEST[layer.rotation.unit]
    if turn >= (DAY if daily else WEEK):
        return False
    if not layer.days or layer.rotation.unit is not Unit.DAY:
        return True
    from flashsync.rotation.turns import counts_included_days

    return not counts_included_days(layer)


_Cadence = tuple[int, Rotation, int | None, frozenset[int] | None, bool]


@lru_cache(4096)
def _find_idle_groups(
    cadence: _Cadence, hours: Hours | None, count: int, timezone: str, begin: int
) -> tuple[frozenset[int], int]:
    """The places of the groups without a shift in one full cycle, and its end."""
    from flashsync.rotation.calendar import layer_shifts
    from flashsync.rotation.turns import LONGEST, cycle_length

    start, rotation, handoff, days, continuous = cadence
    layer = Layer("", start, None, rotation, (_EMPTY,) * count, handoff, days, continuous, hours)
    end = begin + min(cycle_length(layer), LONGEST)
    shifts = layer_shifts(layer, timezone, begin, end)
    return frozenset(range(count)) - {shift.index for shift in shifts}, end


def _find_remedy(layer: Layer) -> str:
    if layer.days:
        return "write `rotation: 1 day`, which counts only these days"
    if layer.hours and layer.hours.every == "day":
        return "write `rotation: 1 day`, so that each turn has its hours"
    return "write `rotation: 1 week`, or `1 day` with `days`, which then counts only these days"
