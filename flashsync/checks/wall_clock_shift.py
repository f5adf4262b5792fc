"""Daylight saving that moves a handoff away from its time of day."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.model import Case, CheckFinding, CheckSettings, on_the_clock, time_of_day
from flashsync.checks.turn_in_window import changes_hands
from flashsync.model import wording
from flashsync.model.schedule import Layer, Unit
from flashsync.model.timezone import DAY, HOUR, time_of_week, wall_seconds_at
from flashsync.rotation.wall_clock import Jump, jumps


def wall_clock_shift(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds the first jump of the clocks, within a year, that each layer's handoffs meet."""
    for index, layer in case.running_layers():
        if not changes_hands(layer):
            continue
        begin = max(case.now, layer.start)
        explain = _explain_hours if layer.rotation.unit is Unit.HOUR else _explain_wall_clock
        for jump in jumps(case.zone, begin // DAY):
            if jump.at <= begin or layer.ended(jump.at):
                continue
            if message := explain(layer, jump, case):
                yield CheckFinding(message, _find_remedy(layer), ("layers", index, "rotation"))
                break


def _explain_hours(layer: Layer, jump: Jump, case: Case) -> str:
    """How handoffs of elapsed hours move; "" where they have no time of day, or keep it."""
    from flashsync.rotation.turns import turns  # few layers come as far as this

    turn = layer.rotation.value * HOUR
    if (DAY % turn and turn % DAY) or jump.by % turn == 0:
        return ""
    handoff = next(turns(layer, case.zone, jump.at, jump.at + 1)).end
    new = wall_seconds_at(handoff, case.zone)
    return (
        f"turns of {wording.rotation(layer.rotation)} are elapsed time: "
        f"from {on_the_clock(jump.at, case)} on, when "
        f"clocks change in {case.zone}, layer `{layer.name}` changes at {time_of_day(new)} "
        f"where it did at {time_of_day(new - jump.by)}"
    )


def _explain_wall_clock(layer: Layer, jump: Jump, case: Case) -> str:
    """Which handoff the clocks skip or show twice; "" for none."""
    from flashsync.rotation.turns import turns

    handoff = _find_time_of_handoff(layer, case.zone)
    after = wall_seconds_at(jump.at, case.zone)
    first = (after - jump.by if jump.by > 0 else after) % DAY
    if not first <= handoff < first + abs(jump.by):
        return ""
    near = turns(layer, case.zone, jump.at - DAY, jump.at + DAY)
    if not any(abs(turn.start - jump.at) <= abs(jump.by) for turn in near):
        return ""
    what = "skip" if jump.by > 0 else "show twice"
    return (
        f"layer `{layer.name}` changes turns at {time_of_day(handoff)}, which the clocks of "
        f"{case.zone} {what} on {on_the_clock(jump.at, case)}"
    )


def _find_time_of_handoff(layer: Layer, timezone: str) -> int:
    """The time of day at which turns change, in seconds."""
    from flashsync.rotation.turns import counts_included_days, day_cut

    if counts_included_days(layer):
        return day_cut(layer, wall_seconds_at(layer.start, timezone))
    at = layer.handoff if layer.handoff is not None else time_of_week(layer.start, timezone)
    return at % DAY


def _find_remedy(layer: Layer) -> str:
    if layer.rotation.unit is not Unit.HOUR:
        return "choose another time of day"
    if layer.rotation.value % 24:
        return "write a layer for each shift, with `rotation: 1 day` and `hours`"
    return "write `1 day`, which keeps to the wall clock"
