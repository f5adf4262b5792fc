"""Plan, drift and outcome as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flashsync.plan.codec import encode, encode_problem, rfc3339
from flashsync.plan.model import Plan
from flashsync.plan.outcome import Outcome, Result
from flashsync.render.drift_text import Written
from flashsync.render.problems import as_json


def plan_json(plan: Plan) -> str:
    """The plan, by schema/plan.schema.json."""
    return as_json(encode(plan))


def drift_json(plan: Plan, written: Mapping[int, Written]) -> str:
    """The plan, and who wrote each schedule that differs last."""
    last = [
        {"schedule_id": id, "by": one.by, "at": rfc3339(one.at), "own": one.own}
        for id, one in sorted(written.items())
    ]
    return as_json({**encode(plan), "last_written": last})


def outcome_json(outcome: Outcome) -> str:
    """The plan, and what became of each of its writes."""
    return as_json(
        {
            "plan": encode(outcome.plan),
            "results": [_result(result) for result in outcome.results],
            "complete": outcome.complete,
            "interrupted": outcome.interrupted,
            "exit_code": int(outcome.exit_code),
        }
    )


def _result(result: Result) -> dict[str, Any]:
    return {
        "schedule": result.action.name,
        "schedule_id": result.schedule_id,
        "status": result.status.value,
        "problem": encode_problem(result.problem) if result.problem else None,
        "notes": list(result.notes),
    }
