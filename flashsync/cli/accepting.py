"""`accept` of flashsync.yaml: what drift lets pass, with its times and places."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from flashsync.cli.workspace import Reading, Settings, matches
from flashsync.declared.problems import Finding, nearest
from flashsync.errors import Level, Position
from flashsync.plan.drift import Acceptance
from flashsync.resolve.times import Times, Trouble


def acceptances(settings: Settings, timezone: str, reading: Reading) -> tuple[Acceptance, ...]:
    """The entries, their times on the clocks of the account; problems go to the reading."""
    trouble = Trouble()
    times = Times(timezone, trouble)
    found = tuple(
        Acceptance(
            one.schedule,
            one.field or "",
            one.reason,
            times.instant(one.until, ("accept", place, "until")),
            settings.position(reading.locator, "accept", place) or Position("flashsync.yaml"),
        )
        for place, one in enumerate(settings.config.accept)
    )
    if settings.origin:
        reading.note(settings.origin, trouble.findings)
    return found


def unknown(settings: Settings, names: Collection[str]) -> Iterator[Finding]:
    """Entries for schedules that no file declares; with `manage`, a whole one may be meant."""
    for place, one in enumerate(settings.config.accept):
        if any(matches(name, [one.schedule]) for name in names):
            continue
        if settings.config.manage is not None and one.field is None:
            continue
        near = nearest(one.schedule, names)
        remedy = f"did you mean `{near}`?" if near else "take it out, or correct the name"
        message = f"no file declares a schedule `{one.schedule}`"
        yield Finding(("accept", place, "schedule"), message, remedy, level=Level.WARNING)
