"""A new start or end that is not a whole half-hour (api.md, Layer)."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.model import Case, CheckFinding, CheckSettings, Path, on_the_clock
from flashsync.model.schedule import Schedule
from flashsync.model.timezone import MINUTE, wall_seconds_at

HALF_HOUR = 30 * MINUTE


def unaligned_start(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds the times that a file newly asks for and the console would not offer."""
    unaligned = [(instant, path) for instant, path in _find_times(case) if instant % HALF_HOUR]
    known = _find_known_times(case) if unaligned else frozenset()
    for instant, path in unaligned:
        # A zone may be off by a quarter of an hour: its wall clock decides.
        if instant not in known and wall_seconds_at(instant, case.zone) % HALF_HOUR:
            at = on_the_clock(instant, case)
            message = f"{at} is not a whole half-hour, as the platform wants"
            yield CheckFinding(message, "write a time that ends in :00 or :30", path)


def _find_times(case: Case) -> Iterator[tuple[int, Path]]:
    for index, layer in case.running_layers():
        yield layer.start, ("layers", index, "start")
        if layer.end is not None:
            yield layer.end, ("layers", index, "end")
    for index, override in enumerate(case.wanted.overrides if case.wanted else ()):
        if not override.past(case.now):
            yield override.start, ("overrides", index, "from")
            yield override.end, ("overrides", index, "to")


def _find_known_times(case: Case) -> frozenset[int]:
    """The times that are live already or are not written."""
    if case.before is None:
        return frozenset()
    written = _list_instants(case.after) if case.after else frozenset()
    unwritten = _list_instants(case.wanted) - written if case.wanted else frozenset()
    return _list_instants(case.before) | unwritten


def _list_instants(schedule: Schedule) -> frozenset[int]:
    spans = [(layer.start, layer.end) for layer in schedule.layers]
    spans += [(override.start, override.end) for override in schedule.overrides]
    return frozenset(instant for span in spans for instant in span if instant is not None)
