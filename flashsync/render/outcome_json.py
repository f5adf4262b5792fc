"""What became of a plan, as JSON."""

from __future__ import annotations

from flashsync.plan.codec import encode, encode_problem
from flashsync.plan.model import Create, Delete, Update
from flashsync.plan.outcome import Outcome, Result
from flashsync.render.json_text import dump
from flashsync.state.people import Directory

_WORDS = {Create: "create", Update: "update", Delete: "delete"}


def render(outcome: Outcome, directory: Directory | None = None) -> str:
    """The plan, what became of each of its writes, and the exit code that follows."""
    return dump(
        {
            "plan": encode(outcome.plan, directory or Directory()),
            "results": [_result(result) for result in outcome.results],
            "complete": outcome.complete,
            "interrupted": outcome.interrupted,
            "exit_code": int(outcome.exit_code),
        }
    )


def _result(result: Result) -> dict[str, object]:
    action = result.action
    return {
        "action": _WORDS[type(action)],
        "schedule": action.name,
        "schedule_id": result.schedule_id if isinstance(action, Create) else action.id,
        "status": result.status.value,
        "problem": encode_problem(result.problem) if result.problem else None,
        "notes": list(result.notes),
    }
