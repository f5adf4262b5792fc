"""Notifications that never come, or come in somebody else's turn."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.model import SHORTEST, Case, CheckFinding, CheckSettings, hours
from flashsync.model import wording


def idle_notify(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds channels without a time, or a lead that is longer than a turn."""
    if case.wanted is None:
        return
    notify = case.wanted.notify
    if notify.before is None:
        channels = notify.by.preference or notify.by.channels or notify.webhooks
        if notify.daily_at is None and channels:
            message = "`notify` says how to notify people but not when, so nobody gets a notice"
            yield CheckFinding(message, "add `before` or `daily_at`", ("notify",))
        return
    for _, layer in case.running_layers():
        if notify.before > layer.rotation.value * SHORTEST[layer.rotation.unit]:
            message = (
                f"a lead of {hours(notify.before)} is longer than a turn of layer "
                f"`{layer.name}` ({wording.rotation(layer.rotation)})"
            )
            yield CheckFinding(message, "write a shorter lead", ("notify", "before"))
            return
