"""The local engine against the platform: live schedules, and small ones that are never saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flashsync.api.client import Client
from flashsync.api.codec import json_fields
from flashsync.api.codec.schedule import read_schedule, read_shifts
from flashsync.api.endpoints import probes, schedules
from flashsync.api.endpoints.probes import Seen
from flashsync.api.endpoints.schedules import Listed
from flashsync.api.errors import Failure, Invalid, reason
from flashsync.model.calendar import Calendar, Span
from flashsync.model.doctor_report import Comparison, EngineMatch, Permission, Stretch
from flashsync.model.people import Account
from flashsync.model.schedule import Schedule
from flashsync.rotation import calendar as engine
from flashsync.rotation.compare import moves
from flashsync.rotation.conformance.conclusions import Tried
from flashsync.rotation.conformance.experiments import Trial, trials
from flashsync.rotation.conformance.rules import shown_by


@dataclass(frozen=True, slots=True)
class ComparedSchedule:
    """A live schedule: how engine and platform compare, and the wire forms in its answer."""

    comparison: Comparison
    seen: tuple[Seen, ...] = ()


def compare(
    client: Client,
    listed: Sequence[Listed],
    timezone: str,
    window: Span,
) -> list[ComparedSchedule]:
    """Compare the platform's shifts of each schedule with the engine's; a failure is a result."""

    def compare_one(item: Listed) -> ComparedSchedule:
        try:
            return _compare(client, item, timezone, window)
        except Failure as failure:
            message = f"not read: {failure.problems[0].text}"
            return ComparedSchedule(
                Comparison(item.name, item.id, EngineMatch.NOT_READ, message=message)
            )

    return client.each(compare_one, listed)


def _compare(client: Client, listed: Listed, timezone: str, window: Span) -> ComparedSchedule:
    start, end = window

    def read(data: Any) -> tuple[Schedule, Calendar, tuple[Seen, ...]]:
        raw = json_fields.whole(data)
        schedule = read_schedule(raw, timezone)
        return schedule, read_shifts(raw, start, end), probes.look(raw, timezone)

    body = {"schedule_id": listed.id, "start": start, "end": end}
    schedule, platform, seen = client.fetch("/schedule/info", read, body)
    name = schedule.name
    if not engine.computable(schedule.layers):
        message = "not computed: a fair layer's turns are known to the platform alone"
        return ComparedSchedule(
            Comparison(name, listed.id, EngineMatch.NOT_COMPUTED, message=message), seen
        )
    local = engine.calendar(schedule.layers, schedule.overrides, timezone, start, end)
    stretches = tuple(
        Stretch(move.start, move.end, move.before, move.after)
        for move in moves(platform.final, local.final)
    )
    return ComparedSchedule(
        Comparison(
            name,
            listed.id,
            EngineMatch.DIFFERS if stretches else EngineMatch.SAME,
            stretches,
            frozenset(rule.value for rule in shown_by(schedule, local, timezone)),
        ),
        seen,
    )


def try_rules(client: Client, account: Account, now: int) -> tuple[Permission, list[Tried]]:
    """Preview the trials, which writes nothing; and whether the key may preview."""
    planned = trials(account.member, account.timezone, now) if account.member else ()
    if not planned:
        return probes.not_asked(probes.PREVIEW, "the key has no member of its own"), []
    try:
        first = _try(client, planned[0])
    except Failure as failure:
        why = f"no preview: {reason(failure)}"
        return probes.judged(probes.PREVIEW, failure), [Tried(trial, why=why) for trial in planned]
    return probes.allowed(probes.PREVIEW), [
        first,
        *client.each(partial(_try_safely, client), planned[1:]),
    ]


def _try_safely(client: Client, trial: Trial) -> Tried:
    try:
        return _try(client, trial)
    except Failure as failure:
        return Tried(trial, why=f"no preview: {reason(failure)}")


def _try(client: Client, trial: Trial) -> Tried:
    """Preview a trial; a refused configuration is a result. Raises Failure."""
    try:
        return Tried(trial, schedules.preview(client, trial.schedule, trial.start, trial.end))
    except Invalid as refusal:
        why = f"the preview refuses it ({refusal.detail or refusal.said})"
        return Tried(trial, why=why, refused=True)
