"""What became of a plan, as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.model.people import Directory
from flashsync.model.timezone import rfc3339
from flashsync.plan.json.effects import people
from flashsync.plan.json.plan import encode, encode_problem
from flashsync.plan.model import VERBS
from flashsync.plan.outcome import Lost, Outcome, Result
from flashsync.render.json_text import dump


def render(outcome: Outcome, directory: Directory | None = None) -> str:
    """The plan, what became of each of its writes, and the exit code that follows."""
    who = directory or Directory()
    return dump(
        {
            "plan": encode(outcome.plan, who),
            "results": [_result(result) for result in outcome.results],
            "problems": [encode_problem(problem) for problem in outcome.problems],
            "lost_overrides": [one for lost in outcome.lost for one in _lost(lost, who)],
            "unrestored": list(outcome.unrestored),
            "complete": outcome.complete,
            "interrupted": outcome.interrupted,
            "exit_code": int(outcome.exit_code),
        }
    )


def _result(result: Result) -> dict[str, object]:
    action = result.action
    return {
        "action": VERBS[type(action)],
        "schedule": action.name,
        "schedule_id": result.id,
        "status": result.status.value,
        "problem": encode_problem(result.problem) if result.problem else None,
        "notes": list(result.notes),
    }


def _lost(lost: Lost, directory: Directory) -> Iterator[dict[str, object]]:
    """What a write wiped, an override each; one that is not known has no name, times or people."""
    shared = {
        "schedule": lost.schedule,
        "schedule_id": lost.id,
        "written_by": lost.who,
        "written_at": rfc3339(lost.at),
    }
    if not lost.overrides:
        yield {**shared, "override": None, "from": None, "to": None, "people": []}
    for one in lost.overrides:
        staff = people(one.members, directory)
        times = {"from": rfc3339(one.start), "to": rfc3339(one.end)}
        yield {**shared, "override": one.name, **times, "people": staff}
