"""Plan to the document of its JSON, and back. No secret gets in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flashsync import __version__
from flashsync.errors import Level, Position, Problem
from flashsync.model.calendar import Span
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.people import Account, Directory, Person, Role
from flashsync.model.schedule import Member, Schedule, Stamp, override_of
from flashsync.model.timezone import rfc3339, unix_seconds, zone
from flashsync.plan.json.document import (
    FORMAT_VERSION,
    ActionDocument,
    BasisDocument,
    ChangeDocument,
    PersonDocument,
    PlanDocument,
    ProblemDocument,
    RolloutDocument,
    SourceDocument,
    StampDocument,
    TargetDocument,
)
from flashsync.plan.json.effects import (
    decode_cut,
    decode_effect,
    decode_span,
    encode_cut,
    encode_effect,
    encode_span,
    people,
)
from flashsync.plan.json.schedule import decode_schedule, encode_schedule
from flashsync.plan.model import (
    VERBS,
    Action,
    Caution,
    Change,
    Create,
    Delete,
    Effect,
    Plan,
    PlanBasis,
    Reason,
    Remarks,
    Target,
    Unchanged,
    Update,
    Write,
)
from flashsync.plan.notes import read_uncompared

NOBODY = Directory()
"""Names nobody: people of effects stand with their ids."""


def encode(plan: Plan, directory: Directory = NOBODY) -> PlanDocument:
    """The plan as a JSON document; `directory` names the people of its effects."""
    counts = plan.summary
    return {
        "format_version": FORMAT_VERSION,
        "tool_version": __version__,
        "created_at": rfc3339(plan.created_at),
        "account": {
            "id": plan.account.id,
            "name": plan.account.name,
            "timezone": plan.account.timezone,
        },
        "window": encode_span(plan.window) if plan.window else None,
        "summary": {
            "create": counts.create,
            "update": counts.update,
            "delete": counts.delete,
            "unchanged": counts.unchanged,
            "shifts_moved": counts.shifts_moved,
            "on_call_now_changes": counts.on_call_now_changes,
        },
        "actions": [_action(action, plan, directory) for action in plan.actions],
        "undeclared": list(plan.undeclared),
        "refusals": [encode_problem(problem) for problem in plan.refusals],
        "notes": list(plan.notes),
        "people": encode_staff(plan, directory),
    }


def encode_problem(problem: Problem) -> ProblemDocument:
    """A problem as JSON, in plans and in error output."""
    at = problem.position
    return {
        "level": "error" if problem.level is Level.ERROR else "warning",
        "message": problem.message,
        "remedy": problem.remedy,
        "file": at.file if at else None,
        "line": at.line if at else None,
        "column": at.column if at else None,
    }


def _action(action: Action, plan: Plan, directory: Directory) -> ActionDocument:
    document: ActionDocument = {
        "action": "none" if isinstance(action, Unchanged) else VERBS[type(action)],
        "schedule": action.name,
        "live_name": action.name,
        "schedule_id": None,
        "reason": action.reason.value,
        "source": _source(action.source),
        "changes": [],
        "effects": [],
        "effects_source": None,
        "effects_remark": "",
        "on_call_now_changes": None,
        "gaps": [],
        "old_gaps": [],
        "left_gaps": [],
        "load": [],
        "cuts": [],
        "warnings": [one.text for one in action.remarks.warnings],
        "notes": list(action.remarks.notes),
        "fingerprint": None,
        "parts": None,
        "stamp": None,
        "kept_overrides": [],
        "target": None,
    }
    match action:
        case Create():
            document |= {"live_name": None, "target": _target(action.target)}
            document["changes"] = [_change(change) for change in action.changes]
        case Update():
            document |= {"live_name": action.live_name, "target": _target(action.target)}
            document |= _mark(action)
            document["changes"] = [_change(change) for change in action.changes]
            document["kept_overrides"] = list(action.kept)
            document["cuts"] = [encode_cut(cut, directory) for cut in action.cuts]
        case Delete():
            document |= _mark(action)
            document["kept_overrides"] = list(action.taken)
        case Unchanged():
            document["schedule_id"] = action.id
    if plan.window and not isinstance(action, Unchanged) and action.effect is not None:
        encode_effect(action.effect, directory, plan.window, plan.account.timezone, document)
    return document


def _mark(action: Update | Delete) -> Any:
    """What tells the live schedule, and whether it has moved."""
    return {
        "schedule_id": action.id,
        "fingerprint": action.fingerprint,
        "parts": dict(action.parts),
        "stamp": {"by": action.stamp.by, "at": action.stamp.at},
    }


def _source(position: Position | None) -> SourceDocument | None:
    return {"file": position.file, "line": position.line} if position else None


def _change(change: Change) -> ChangeDocument:
    return {
        "path": change.path,
        "before": change.before,
        "after": change.after,
        "text": change.text,
    }


def _target(target: Target) -> TargetDocument:
    forgotten = None if target.forgotten is None else rfc3339(target.forgotten)
    origins = list(target.origins)
    return {**encode_schedule(target.schedule), "origins": origins, "forgotten": forgotten}


def decode(document: PlanDocument) -> Plan:
    """The plan of a document. Raises ValueError where its parts do not fit together."""
    account = document["account"]
    zone(account["timezone"])
    window = decode_span(document["window"]) if document["window"] else None
    return Plan(
        account=Account(account["id"], account["name"], account["timezone"]),
        created_at=unix_seconds(document["created_at"]),
        actions=tuple(_read_effect(action, window) for action in document["actions"]),
        undeclared=tuple(document["undeclared"]),
        refusals=tuple(_read_problem(problem) for problem in document["refusals"]),
        notes=tuple(document["notes"]),
        window=window,
        directory=decode_staff(document["people"], document.get("short_names", {})),
        basis=_read_basis(document["basis"]) if "basis" in document else None,
    )


def encode_basis(basis: PlanBasis) -> BasisDocument:
    """What a plan was made from, as JSON."""
    rollout = basis.rollout
    return {
        "declared": {name: dict(marks) for name, marks in basis.declared.items()},
        "rollout": None if rollout is None else _rollout(rollout),
    }


def _rollout(rollout: Rollout) -> RolloutDocument:
    at = None if rollout.at is None else rfc3339(rollout.at)
    return {"kind": rollout.kind.value, "at": at}


def _read_basis(document: BasisDocument) -> PlanBasis:
    given = document["rollout"]
    if given is None:
        return PlanBasis(document["declared"])
    at = None if given["at"] is None else unix_seconds(given["at"])
    return PlanBasis(document["declared"], Rollout(RolloutKind(given["kind"]), at))


def _read_effect(document: ActionDocument, window: Span | None) -> Action:
    """An action with its effect, where effects were computed."""
    action = _read_action(document)
    if window is None or isinstance(action, Unchanged):
        return action
    return replace(action, effect=decode_effect(document, window))


def _read_problem(document: ProblemDocument) -> Problem:
    file, line, column = document["file"], document["line"], document["column"]
    position = Position(file, line or 1, column or 1) if file else None
    return Problem(document["message"], document["remedy"], position, Level(document["level"]))


def _read_action(document: ActionDocument) -> Action:
    source = document["source"]
    position = Position(source["file"], source["line"]) if source else None
    remarks = _read_remarks(document)
    reason, name = Reason(document["reason"]), document["schedule"]
    live_name = document["live_name"]
    id, mark, target = document["schedule_id"], document["fingerprint"], document["target"]
    parts, stamp = document["parts"] or {}, _read_stamp(document["stamp"])
    changes = tuple(
        Change(one["path"], one["before"], one["after"], one["text"]) for one in document["changes"]
    )
    match document["action"]:
        case "create" if target and position:
            return Create(_read_target(target), position, changes, remarks, reason)
        case "update" if target and position and id and mark and live_name is not None:
            goal, kept = _read_target(target), tuple(document["kept_overrides"])
            cuts = tuple(map(decode_cut, document["cuts"]))
            update = Update(id, live_name, mark, goal, position, changes, reason, remarks, kept)
            return replace(update, cuts=cuts, parts=parts, stamp=stamp)
        case "delete" if id and mark:
            gone = Delete(id, name, mark, reason, position, remarks, parts=parts, stamp=stamp)
            return replace(gone, taken=tuple(document["kept_overrides"]))
        case "none" if position:
            return Unchanged(id, name, position, reason, remarks)
    raise ValueError(f"an action lacks what a {document['action']} needs")


def _read_remarks(document: ActionDocument) -> Remarks:
    notes = tuple(document["notes"])
    warnings = tuple(map(Caution.read, document["warnings"]))
    return Remarks(notes, warnings, tuple(read_uncompared(notes)))


def _read_stamp(document: StampDocument | None) -> Stamp:
    return Stamp(document["by"], document["at"]) if document else Stamp()


def _read_target(document: TargetDocument) -> Target:
    forgotten = document["forgotten"]
    at = None if forgotten is None else unix_seconds(forgotten)
    return Target(decode_schedule(document), tuple(document["origins"]), at)


# Everybody whom a plan is about: named in a saved plan, so that it can be shown without a key.


def encode_staff(plan: Plan, directory: Directory) -> list[PersonDocument]:
    """All of them, by role, then by name."""
    return people(frozenset(one for write in plan.writes for one in _of(write)), directory)


def decode_staff(documents: Sequence[PersonDocument], short_names: Mapping[str, str]) -> Directory:
    """What names people and roles as the plan did when it was made; others by their short names."""
    people = {one["person_id"]: _read_person(one) for one in documents}
    short = {int(id): name for id, name in short_names.items() if int(id) not in people}
    roles = {one["role_id"]: Role(one["role_id"], one["role"]) for one in documents}
    return Directory(people, roles=roles, short_names=short)


def names(plan: Plan) -> dict[int, str]:
    """How a saved plan names people, by id."""
    found = plan.directory
    return {**found.short_names, **{one.id: one.name for one in found.people.values()}}


def _read_person(document: PersonDocument) -> Person:
    return Person(document["person_id"], document["person"], document["email"])


def _of(write: Write) -> Iterator[Member]:
    if write.effect is not None:
        yield from _of_effect(write.effect)
    match write:
        case Create():
            yield from _of_schedule(write.target.schedule)
        case Update():
            yield from _of_schedule(write.target.schedule)
            for kept in filter(None, map(override_of, write.kept)):
                yield from kept.members
            for cut in write.cuts:
                yield from cut.comes.members if cut.comes else ()
        case Delete():
            pass


def _of_effect(effect: Effect) -> Iterator[Member]:
    for move in (*effect.moves, *filter(None, (effect.later,))):
        yield from move.before
        yield from move.after


def _of_schedule(schedule: Schedule) -> Iterator[Member]:
    for layer in schedule.layers:
        for group in layer.groups:
            yield from group.members
    for override in schedule.overrides:
        yield from override.members
