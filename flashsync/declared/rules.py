"""Rules that hold between the keys of one document, whatever the account."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.declared import expect
from flashsync.declared.findings import Finding, Path
from flashsync.declared.schedule import Layer, Schedule
from flashsync.model.schedule import Hours


def broken(schedule: Schedule) -> Iterator[Finding]:
    """The rules that a schedule breaks."""
    if schedule.layers is None:
        if not schedule.absent:
            remedy = "add `layers:`, or `absent: true` to delete the schedule"
            yield Finding((), "`layers` is missing", remedy)
        return
    for place, layer in enumerate(schedule.layers):
        yield from broken_by(layer, ("layers", place))
    for place, expectation in enumerate(schedule.expect):
        yield from expect.broken_by(expectation, ("expect", place))


def broken_by(layer: Layer, path: Path) -> Iterator[Finding]:
    """The rules that a layer breaks."""
    if layer.handoff is not None and not layer.rotation.weekly:
        remedy = "leave it out, or write `rotation: 1 week`"
        message = "`handoff` has a meaning only where the rotation is one week"
        yield Finding((*path, "handoff"), message, remedy, at_key=True)
    if layer.days is not None and _weekly(layer.hours):
        remedy = "name the days in `hours`, as in mon-fri 09:00-18:00, and leave `days` out"
        yield Finding((*path, "hours"), "weekly `hours` and `days` exclude each other", remedy)
    if layer.continuous is not None and layer.days is None:
        remedy = "leave it out, or add `days`"
        message = "`continuous` has a meaning only with `days`"
        yield Finding((*path, "continuous"), message, remedy, at_key=True)


def _weekly(hours: Hours | None) -> bool:
    return hours is not None and hours.every == "week"
