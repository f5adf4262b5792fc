"""What clocks do to turns: daylight saving, and starts that are off the half-hour."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.duty_windows import changes_hands
from flashsync.checks.finding_text import on_the_clock, time_of_day
from flashsync.checks.model import Case, CheckFinding, CheckSettings, Path
from flashsync.model import wording
from flashsync.model.schedule import Layer, Schedule, Unit
from flashsync.model.timezone import DAY, HOUR, MINUTE, time_of_week, wall_seconds_at
from flashsync.rotation.wall_clock import Jump, jumps

HALF_HOUR = 30 * MINUTE


def wall_clock_shift(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Within a year, daylight saving moves a handoff away from its time of day."""
    del settings
    wanted = case.wanted
    for place, layer in enumerate(wanted.layers if wanted else ()):
        if layer.ended(case.now) or not changes_hands(layer):
            continue
        begin = max(case.now, layer.start)
        for jump in jumps(case.zone, begin // DAY):
            lives = begin < jump.at and not layer.ended(jump.at)
            if lives and (message := _moved(layer, jump, case)):
                yield CheckFinding(message, _remedy(layer), ("layers", place, "rotation"))
                break


def _moved(layer: Layer, jump: Jump, case: Case) -> str:
    """What a jump does to the turns of a layer, or ""."""
    from flashsync.rotation.turns import turns  # few layers come as far as this

    date = on_the_clock(jump.at, case)
    if layer.rotation.unit is Unit.HOUR:
        turn = layer.rotation.value * HOUR
        if (DAY % turn and turn % DAY) or jump.by % turn == 0:
            return ""  # they have no time of day, or keep it
        first = next(turns(layer, case.zone, jump.at, jump.at + 1)).end
        old, new = (_time(first, case.zone) - by for by in (jump.by, 0))
        return (
            f"turns of {wording.rotation(layer.rotation)} are elapsed time: from {date} on, when "
            f"clocks change in {case.zone}, layer `{layer.name}` changes at {time_of_day(new)} "
            f"where it did at {time_of_day(old)}"
        )
    return _in_the_jump(layer, jump, case)


def _in_the_jump(layer: Layer, jump: Jump, case: Case) -> str:
    """A handoff at a time that the clocks skip, or show twice."""
    from flashsync.rotation.turns import turns

    usual = _usual(layer, case.zone)
    shown = _time(jump.at, case.zone)
    first, last = (shown - jump.by, shown) if jump.by > 0 else (shown, shown - jump.by)
    if not first % DAY <= usual < (first % DAY) + last - first:
        return ""
    near = turns(layer, case.zone, jump.at - DAY, jump.at + DAY)
    if not any(abs(turn.start - jump.at) <= abs(jump.by) for turn in near):
        return ""
    what = "skip" if jump.by > 0 else "show twice"
    return (
        f"layer `{layer.name}` changes turns at {time_of_day(usual)}, which the clocks of "
        f"{case.zone} {what} on {on_the_clock(jump.at, case)}"
    )


def _usual(layer: Layer, timezone: str) -> int:
    """The time of day at which turns change."""
    from flashsync.rotation.cadence import counts_included_days, day_cut

    anchor = wall_seconds_at(layer.start, timezone)
    if counts_included_days(layer):
        return day_cut(layer, anchor)
    at = layer.handoff if layer.handoff is not None else time_of_week(layer.start, timezone)
    return at % DAY


def _remedy(layer: Layer) -> str:
    if layer.rotation.unit is not Unit.HOUR:
        return "choose another time of day"
    if layer.rotation.value % 24:
        return "write a layer for each shift, with `rotation: 1 day` and `hours`"
    return "write `1 day`, which keeps to the wall clock"


def _time(instant: int, timezone: str) -> int:
    return wall_seconds_at(instant, timezone)


def unaligned_start(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """A file newly asks for a start or an end that is no whole half-hour (api.md, Layer)."""
    del settings
    wanted = case.wanted
    if wanted is None:
        return
    known: set[int] | None = None
    for place, layer in enumerate(wanted.layers):
        if layer.start % HALF_HOUR and not layer.ended(case.now):
            known = _asked_before(case) if known is None else known
            yield from _off(case, layer.start, known, ("layers", place, "start"))
        if layer.end is not None and layer.end % HALF_HOUR and not layer.ended(case.now):
            known = _asked_before(case) if known is None else known
            yield from _off(case, layer.end, known, ("layers", place, "end"))
    for place, cover in enumerate(wanted.overrides):
        for instant, key in ((cover.start, "from"), (cover.end, "to")):
            if instant % HALF_HOUR and not cover.past(case.now):
                known = _asked_before(case) if known is None else known
                yield from _off(case, instant, known, ("overrides", place, key))


def _off(case: Case, instant: int, known: set[int], path: Path) -> Iterator[CheckFinding]:
    if instant not in known and _time(instant, case.zone) % HALF_HOUR:
        message = f"{on_the_clock(instant, case)} is not a whole half-hour, as the platform wants"
        yield CheckFinding(message, "write a time that ends in :00 or :30", path)


def _asked_before(case: Case) -> set[int]:
    """What is live already, or is not written."""
    if case.before is None:
        return set()
    written = _instants(case.after) if case.after else set()
    return _instants(case.before) | (_instants(case.wanted) - written if case.wanted else set())


def _instants(schedule: Schedule) -> set[int]:
    found = {layer.start for layer in schedule.layers} | {one.start for one in schedule.overrides}
    found |= {layer.end for layer in schedule.layers if layer.end is not None}
    return found | {one.end for one in schedule.overrides}
