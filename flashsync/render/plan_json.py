"""A plan, and drift, as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from flashsync.plan.codec import encode
from flashsync.plan.model import Create, Plan
from flashsync.render.drift_text import LastWrite
from flashsync.render.json_text import dump
from flashsync.state.people import Directory
from flashsync.state.zone import rfc3339


def render(plan: Plan, directory: Directory | None = None) -> str:
    """The plan, by schema/plan.schema.json. One that is to be applied is saved by `codec.save`.

    `directory` names the people of its effects.
    """
    return dump(encode(plan, directory or Directory()))


def render_drift(plan: Plan, written: Mapping[int, LastWrite]) -> str:
    """The plan, and who wrote each live schedule that differs last, in the order of the plan."""
    ids = [action.id for action in plan.writes if not isinstance(action, Create)]
    last = [_last_write(id, written[id]) for id in ids if id in written]
    return dump({**encode(plan), "last_written": last})


def _last_write(id: int, last: LastWrite) -> dict[str, object]:
    at = rfc3339(last.at) if last.at else None
    return {"schedule_id": id, "by": last.writer, "at": at, "own": last.own}
