"""Notifications that never come, or come in somebody else's turn."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.model import wording
from flashsync.model.schedule import Rotation, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK
from flashsync.plan.checks.model import Case, Finding, Settings
from flashsync.plan.checks.wording import hours

_SECONDS = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: WEEK, Unit.MONTH: 28 * DAY}


def idle_notify(case: Case, settings: Settings) -> Iterator[Finding]:
    """Channels without a time, or a lead that is longer than a turn."""
    del settings
    wanted = case.wanted
    if wanted is None:
        return
    notify = wanted.notify
    if notify.before is None:
        channels = notify.by.preference or notify.by.channels or notify.webhooks
        if notify.daily_at is None and channels:
            message = "`notify` says how people are told, and not when: nobody is ever told"
            yield Finding(message, "add `before` or `daily_at`", ("notify",))
        return
    for layer in wanted.layers:
        if notify.before > _shortest(layer.rotation) and not layer.ended(case.now):
            message = (
                f"a lead of {hours(notify.before)} is longer than a turn of layer "
                f"`{layer.name}` ({wording.rotation(layer.rotation)})"
            )
            yield Finding(message, "write a shorter lead", ("notify", "before"))
            return


def _shortest(rotation: Rotation) -> int:
    """How long the shortest turn lasts."""
    return rotation.value * _SECONDS[rotation.unit]
