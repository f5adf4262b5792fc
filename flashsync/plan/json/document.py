"""The plan as JSON: what `--format json` prints and what `--out` saves. One encoding for both.

`schema/plan.schema.json` is generated from these types.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, NotRequired

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from flashsync.plan.json.schedule import Id, ScheduleDocument

FORMAT_VERSION = "1.0"
"""Raised for any change that requires a change to a program that reads plans."""


class AccountDocument(TypedDict):
    """The account that the plan was made for."""

    id: int
    name: str
    timezone: str


class SpanDocument(TypedDict):
    """A stretch of time, as the window of a plan, or a gap; RFC 3339 times."""

    start: str
    end: str


class SummaryDocument(TypedDict):
    """Counts. The last two are null where effects were not computed."""

    create: int
    update: int
    delete: int
    unchanged: int
    shifts_moved: int | None
    on_call_now_changes: int | None


class SourceDocument(TypedDict):
    """Where a schedule is declared; `line` counts from 1."""

    file: str
    line: int


class ChangeDocument(TypedDict):
    """One field that differs, in the file's words; `text` is the change in one line."""

    path: str
    before: str | None
    after: str | None
    text: str


class PersonDocument(TypedDict):
    """Somebody on call: as output names people, with address and ids."""

    person: str
    email: str
    role: str
    person_id: Id
    role_id: Id


class EffectDocument(TypedDict):
    """A stretch of time in which other people are on call; RFC 3339 times.

    Within the plan's window; where nothing moves in it, the first stretch beyond it. With
    `goes_on` it is cut by the window, and does not end there.
    """

    start: str
    end: str
    goes_on: bool
    source: Literal["server", "local"]
    before: list[PersonDocument]
    after: list[PersonDocument]


class GapDocument(SpanDocument):
    """A stretch of time in which nobody is on call; with `goes_on` it is not known to end."""

    goes_on: bool


class LoadDocument(TypedDict):
    """Seconds on call in all, at night (22:00 to 06:00), and on weekends, in the plan's window."""

    seconds: int
    night_seconds: int
    weekend_seconds: int


class BurdenDocument(TypedDict):
    """How much one person is on call before and after."""

    person: str
    person_id: Id
    before: LoadDocument
    after: LoadDocument


class CutDocument(TypedDict):
    """The moment at which an edit of a layer takes effect, RFC 3339.

    `group` and `people` are who comes on then; `people` is null where the layer ends. A bridge, if
    there is one, begins then and ends at `bridge_until`. `first_turn_until` is the end of the first
    turn of a new rhythm, where that is short. With `takes_effect` false the layer ends before.
    `rollout` is what the moment goes by: a date that has passed is the next handoff. With `fair`
    only the platform knows who comes on, and `people` are no more than a group of the layer. With
    `past_end` the `end` of the file had passed already: the layer ends when the plan is applied.
    """

    layer: str
    at: str
    rollout: Literal["next_handoff", "now", "at", "exact"]
    group: str | None
    people: list[PersonDocument] | None
    bridge_until: str | None
    first_turn_until: str | None
    takes_effect: bool
    fair: bool
    past_end: bool


class TargetDocument(ScheduleDocument):
    """What apply writes; secrets are references.

    `origins` has, for each layer, the place of the live rotation layer whose undeclared fields it
    takes over, or null. Overrides of files that ended by `forgotten` are dropped, RFC 3339.
    """

    origins: list[int | None]
    forgotten: str | None


class StampDocument(TypedDict):
    """Who wrote a schedule last, by id, and when, in Unix seconds of the platform; 0: not known."""

    by: int
    at: int


class ActionDocument(TypedDict):
    """What happens to one schedule, and why.

    `reason` is why: `declared_absent` is `absent: true` of a file, `not_declared` is --prune,
    `already_absent` leaves nothing to delete, `secrets_sent` is --send-secrets, `tidied` and
    `undone` are of these commands, and `accepted` is what drift lets pass.
    `effects_source` is who computed both sides of the effects, null where they are not known or
    were not asked for; `effects_remark` says why. `gaps` are those that the change introduces,
    `old_gaps` those before it, `left_gaps` those after it.
    `kept_overrides` identifies those made in the console, which an update leaves as they are, and
    which go with a delete.
    `fingerprint` is of the live schedule, `parts` are of its fields, by path: what moves is named.
    `stamp` is its own, so that those who write it later can be told from those who did before.
    """

    action: Literal["create", "update", "delete", "none"]
    schedule: str
    live_name: str | None
    schedule_id: int | None
    reason: Literal[
        "new",
        "changed",
        "renamed",
        "secrets_sent",
        "declared_absent",
        "not_declared",
        "same",
        "already_absent",
        "tidied",
        "undone",
        "accepted",
    ]
    source: SourceDocument | None
    changes: list[ChangeDocument]
    effects: list[EffectDocument]
    effects_source: Literal["server", "local"] | None
    effects_remark: str
    on_call_now_changes: bool | None
    gaps: list[GapDocument]
    old_gaps: list[GapDocument]
    left_gaps: list[GapDocument]
    load: list[BurdenDocument]
    cuts: list[CutDocument]
    warnings: list[str]
    notes: list[str]
    fingerprint: str | None
    parts: dict[str, str] | None
    stamp: StampDocument | None
    kept_overrides: list[str]
    target: TargetDocument | None


class ProblemDocument(TypedDict):
    """One thing that is wrong, what to do about it, and where; `line` and `column` from 1."""

    level: Literal["error", "warning"]
    message: str
    remedy: str
    file: str | None
    line: int | None
    column: int | None


class RolloutDocument(TypedDict):
    """When edits of rotations take effect; `at` is an RFC 3339 time for `at`, else null."""

    kind: Literal["next_handoff", "now", "exact", "at"]
    at: str | None


class BasisDocument(TypedDict):
    """What a plan was made from, so that a change of the files since can be named.

    `declared` has eight hexadecimal digits for each declared field, by schedule and path; for a
    schedule that is not written, one for all, with an empty path. `rollout` is that of the command
    line, or null.
    """

    declared: dict[str, dict[str, str]]
    rollout: RolloutDocument | None


class PlanDocument(TypedDict):
    """A plan. `people` are all whom its targets, effects and cuts name, once for each role.

    A saved one also has the files' short names, by the id of the person, so that it can be shown
    without the files; its `basis`, which ties it to them; and a `checksum`, against accidents.
    """

    format_version: str
    tool_version: str
    created_at: str
    account: AccountDocument
    window: SpanDocument | None
    summary: SummaryDocument
    actions: list[ActionDocument]
    undeclared: list[str]
    refusals: list[ProblemDocument]
    notes: list[str]
    people: list[PersonDocument]
    short_names: NotRequired[dict[str, str]]
    basis: NotRequired[BasisDocument]
    checksum: NotRequired[str]


# The JSON Schema of plans, and the check of a saved one against the same types.


@cache
def plan_adapter() -> TypeAdapter[PlanDocument]:
    """Validates plan documents; built once."""
    return TypeAdapter(PlanDocument)


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `--format json` and of saved plans."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **plan_adapter().json_schema(),
        "title": f"flashsync plan {FORMAT_VERSION}",
    }
