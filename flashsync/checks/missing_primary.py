"""A turn without a primary in a layer that has primaries: then only a backup is on call."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.double_booked import how_far, is_computable, list_shifts
from flashsync.checks.model import Case, CheckFinding, CheckSettings, Path, between, more, who
from flashsync.model.schedule import PRIMARY, Layer


def missing_primary(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds the times without a primary; an update that opens one is left to `coverage_gap`."""
    paths = [path for index, layer in case.running_layers() for path in _find_turns(index, layer)]
    schedule = case.after
    if not paths or schedule is None or not is_computable(schedule):
        return
    if case.effect and any(gap.role == PRIMARY for gap in case.effect.gaps):
        return
    from flashsync.rotation.compare import find_gaps

    end = case.cycle_end()
    final = list_shifts(schedule, case.zone, (case.now, end))
    gaps = [gap for gap in find_gaps(final, case.now, end) if gap.role == PRIMARY]
    if gaps:
        first = next(shift for shift in final if shift.end > gaps[0].start)
        message = (
            f"no primary is on call {between(gaps[0].span, case, end)}, only "
            f"{who(first.members, case)}{more(len(gaps) - 1, 'time')} {how_far(end, case)}"
        )
        yield CheckFinding(message, "make somebody primary in this turn", paths[0])


def _find_turns(index: int, layer: Layer) -> Iterator[Path]:
    """The turns without a primary of a layer where others have one."""
    without = [
        turn
        for turn, group in enumerate(layer.groups)
        if not any(member.role == PRIMARY for member in group.members)
    ]
    if len(without) < len(layer.groups):
        yield from (("layers", index, "groups", turn) for turn in without)
