"""What a saved plan was made from: the declared values, as marks, and the rollout of that run.

The marks tell which field of a file has changed since. They prove nothing: whoever can write the
plan can write them, too. What `apply` may write is worked out from the files again
(`from_files.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flashsync.model.desired import Desired, Rollout
from flashsync.plan.fingerprint import digits, marks
from flashsync.plan.model import Basis, Plan, Unchanged
from flashsync.plan.overrides import without_overlaps
from flashsync.plan.schedule_codec import encode_schedule

WHOLE = ""
"""The path of the one mark of a schedule that the plan does not write."""


def basis_of(plan: Plan, desired: Sequence[Desired], rollout: Rollout | None) -> Basis:
    """What a plan was made from, by the names of its schedules."""
    unwritten = {one.name for one in plan.actions if isinstance(one, Unchanged)}
    found = {one.name: mark_whole(one) if one.name in unwritten else mark(one) for one in desired}
    return Basis(found, rollout)


def mark(desired: Desired) -> dict[str, str]:
    """A mark for each declared field, by its path in the file's words.

    The order of overrides is one of these where they overlap, and only there.
    """
    document = encode_schedule(without_overlaps(desired.schedule))
    document["notify"]["webhooks"].sort(key=repr)
    return marks(document) | {path: digits(value, 8) for path, value in _beside(desired)}


def mark_whole(desired: Desired) -> dict[str, str]:
    """One mark for all that is declared."""
    return {WHOLE: digits(mark(desired), 8)}


def _beside(desired: Desired) -> Iterator[tuple[str, Any]]:
    """What a file says beside the schedule itself; what it leaves out is left out."""
    if desired.absent:
        yield "absent", True
    if desired.schedule.id is not None:
        yield "id", desired.schedule.id
    if desired.renamed_from:
        yield "renamed_from", desired.renamed_from
    yield "rollout", _shown(desired.rollout)
    for layer, intent in zip(desired.schedule.layers, desired.intents, strict=False):
        if intent.rollout != desired.rollout:
            yield f"layers[{layer.name}].rollout", _shown(intent.rollout)
        if intent.renamed_from:
            yield f"layers[{layer.name}].renamed_from", intent.renamed_from


def _shown(rollout: Rollout) -> list[object]:
    return [rollout.kind.value, rollout.at]
