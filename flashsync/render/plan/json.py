"""A plan, and drift, as JSON."""

from __future__ import annotations

from typing import Any

from flashsync.model.people import Directory
from flashsync.model.timezone import rfc3339
from flashsync.plan.drift import Accepted, Drift, Key, LastWrite, key_of
from flashsync.plan.json.document import PlanDocument
from flashsync.plan.json.schedule import json_text
from flashsync.plan.model import Plan
from flashsync.render.plan.changes import change_text
from flashsync.render.plan.drift import difference_text
from flashsync.render.sanitize import dump, sanitize_json


def render_plan_json(plan: Plan, directory: Directory | None = None) -> str:
    """The plan, by schema/plan.schema.json. A plan to apply is saved by `plan_file.save`.

    `directory` names the people of its effects.
    """
    document = PlanDocument.of(plan, directory or Directory(), change_text)
    return sanitize_json(json_text(document, 2))


def plan_json(plan: Plan, directory: Directory) -> dict[str, Any]:
    """The plan as JSON has it; `directory` names the people of its effects."""
    return PlanDocument.of(plan, directory, change_text).plain()


def render_drift_json(drift: Drift, directory: Directory | None = None) -> str:
    """The plan of what alarms, who wrote the schedules last, and what is accepted."""
    plan, written = drift.plan, drift.written
    keys: list[tuple[Key, str]] = [(key_of(one), one.name) for one in plan.writes]
    keys += [(name, name) for name in plan.undeclared]
    last = [_last_write(key, name, written[key]) for key, name in keys if key in written]
    passed = [_accepted(one) for one in drift.accepted]
    document = plan_json(plan, directory or Directory())
    return dump({**document, "last_written": last, "accepted": passed})


def _last_write(key: Key, name: str, last: LastWrite) -> dict[str, object]:
    return {
        "schedule": name,
        "schedule_id": key if isinstance(key, int) else None,
        "by": last.writer,
        "at": _time(last.at),
        "own": last.own,
        "writes": [
            {
                "by": write.writer,
                "at": _time(write.at),
                "operation": write.operation,
                "request_id": write.request_id,
            }
            for write in last.writes
        ],
    }


def _accepted(one: Accepted) -> dict[str, object]:
    at = one.by.source
    return {
        "schedule": one.schedule,
        "path": one.path or None,
        "text": difference_text(one),
        "reason": one.by.reason,
        "until": rfc3339(one.by.until),
        "source": {"file": at.file, "line": at.line},
    }


def _time(at: int) -> str | None:
    return rfc3339(at) if at else None
