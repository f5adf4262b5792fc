"""Whether a saved plan writes what the files declare (design, Writing safely).

A plan belongs to its files: whoever can write the plan's file must not be able to write what no
file says. So each write is worked out again, from the files as they are and the account as it is,
as of the time at which the plan was made; and what it writes has to be the same.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flashsync.errors import Problem
from flashsync.model.desired import Desired, Rollout
from flashsync.model.people import Directory
from flashsync.model.schedule import canonical_name
from flashsync.model.wording import first
from flashsync.plan.build import goal_of, worked_out
from flashsync.plan.fingerprint import digits, marks, unequal
from flashsync.plan.json.effects import CutDocument, PeopleNames
from flashsync.plan.json.schedule import ScheduleDocument
from flashsync.plan.match import Match, Matching
from flashsync.plan.merge import without_overlaps
from flashsync.plan.model import (
    Create,
    Delete,
    Facts,
    Plan,
    PlanBasis,
    Reason,
    Target,
    Unchanged,
    Update,
    Write,
)
from flashsync.plan.safety import Scope
from flashsync.rotation.rollout.model import Cut

REMEDY = "plan again, or pass --without-files"
MOST = 6
"""At most this many fields or schedules are named."""
_OTHER_COMMANDS = {Reason.UNDONE: "undo", Reason.TIDIED: "tidy"}
_NOBODY = PeopleNames(Directory())
_CHATS = "notify.chats"


@dataclass(frozen=True, slots=True)
class DeclaredFiles:
    """What the files declare now, matched with the account, and which schedules may be pruned."""

    matching: Matching
    scope: Scope


def mismatches(
    plan: Plan, basis: PlanBasis, files: DeclaredFiles, facts: Facts, stale: Container[int]
) -> Iterator[Problem]:
    """Each write that the files do not give; `facts` are as of the plan's own time.

    `stale` are the places of writes to schedules that have moved in the account: they are refused
    for that, and cannot be compared.
    """
    for place, action in enumerate(plan.writes):
        if place in stale:
            continue
        if action.reason in _OTHER_COMMANDS:
            problem: Problem | None = _of_another_command(action)
        elif isinstance(action, Delete):
            problem = _delete(action, files)
        else:
            problem = _write(action, basis, files, facts)
        problem = problem or _check_shown(action, files, facts)
        if problem is not None:
            yield problem


def uncovered(
    plan: Plan, basis: PlanBasis, desired: Sequence[Desired], declared: Sequence[str]
) -> Iterator[str]:
    """Notes on what the files declare by now and the plan does not write.

    `desired` are schedules that the plan knows, `declared` the names of all.
    """
    unwritten = {one.name for one in plan.actions if isinstance(one, Unchanged)}
    known = {one.name for one in plan.actions}
    changed = [
        f"`{one.name}`"
        for one in desired
        if one.name in unwritten and mark_whole(one) != basis.declared.get(one.name)
    ]
    if changed:
        yield (
            f"not written, though declared anew since the plan was made: {first(changed, MOST)}; "
            "plan again to see what changes"
        )
    if absent := [f"`{name}`" for name in declared if name not in known]:
        yield f"not in this plan, though declared: {first(absent, MOST)}"


def _of_another_command(action: Write) -> Problem:
    message = f"the plan says that `{action.name}` is written by {_OTHER_COMMANDS[action.reason]}"
    remedy = "files do not declare that: pass --without-files to apply it all the same"
    return Problem(message, remedy, action.source)


def _delete(action: Delete, files: DeclaredFiles) -> Problem | None:
    match = next(
        (one for one in files.matching.matches if one.live and one.live.id == action.id), None
    )
    if match is not None:
        if match.desired.absent:
            return None
        message = f"the plan deletes `{action.name}`, and its file does not say `absent: true`"
        return Problem(message, REMEDY, match.desired.source)
    known = next((one for one in files.matching.undeclared if one.id == action.id), None)
    if known is None:
        message = f"the plan deletes `{action.name}`, which a file declares"
    elif action.reason is not Reason.PRUNED:
        message = f"the plan deletes `{action.name}`, which no file declares absent"
    elif not files.scope.holds(known):
        message = f"the plan deletes `{action.name}`, which is outside `manage`"
    else:
        return None
    return Problem(message, REMEDY)


def _write(
    action: Create | Update, basis: PlanBasis, files: DeclaredFiles, facts: Facts
) -> Problem | None:
    match = next((one for one in files.matching.matches if one.desired.name == action.name), None)
    if match is None:
        return Problem(f"the plan writes `{action.name}`, which no file declares", REMEDY)
    desired = match.desired
    if desired.absent:
        message = f"the plan writes `{action.name}`, and its file says `absent: true`"
        return Problem(message, REMEDY, desired.source)
    if problem := _another(action, match):
        return problem
    goal, cuts = goal_of(match, facts)
    wanted = ComparableWrite.of(goal, cuts)
    planned = ComparableWrite.of(action.target, action.cuts if isinstance(action, Update) else ())
    if planned == wanted:
        return None
    return _different(action, desired, basis, planned, wanted)


def _check_shown(action: Write, files: DeclaredFiles, facts: Facts) -> Problem | None:
    """Whether a write that the files give is shown as something else than it is.

    Whoever agrees to a plan sees names and changes, and not the target.
    """
    if isinstance(action, Create):
        return None
    live = facts.live[action.id]
    called = action.live_name if isinstance(action, Update) else action.name
    if canonical_name(called) != canonical_name(live.name):
        message = f"the plan calls `{called}` what is `{live.name}` in the account"
        return Problem(message, REMEDY, action.source)
    return None if isinstance(action, Delete) else _check_changes(action, files, facts)


def _check_changes(action: Update, files: DeclaredFiles, facts: Facts) -> Problem | None:
    """Why an update would have been refused, or the fields that it changes and does not show."""
    match = next(one for one in files.matching.matches if one.desired.name == action.name)
    again, refusals = worked_out(match, facts)
    if refusals:
        return refusals[0]
    changes = again.changes if isinstance(again, Update) else ()
    shown = {change.path for change in action.changes} | set(action.remarks.uncompared)
    live = facts.live[action.id]
    if {one.identity for one in live.console_overrides} != set(action.kept):
        shown.add("overrides")  # what is left of the file's may be something else by now
    found = dict.fromkeys(change.path for change in changes if not _is_among(change.path, shown))
    if not found:
        return None
    message = f"the plan does not say that it changes {first(list(found), MOST)}"
    return Problem(f"{message} of `{action.name}`", REMEDY, action.source)


def refresh_changes(plan: Plan, files: DeclaredFiles, facts: Facts) -> Plan:
    """The plan with the changes in the words of the files and the account, and not in its own.

    The changes of chats stay: they depend on secrets, and their values are not known here.
    """
    actions = (
        _refresh(one, files, facts) if isinstance(one, Create | Update) else one
        for one in plan.actions
    )
    return replace(plan, actions=tuple(actions))


def _refresh(action: Create | Update, files: DeclaredFiles, facts: Facts) -> Write:
    match = next(one for one in files.matching.matches if one.desired.name == action.name)
    again, _ = worked_out(match, facts)
    fresh = again.changes if isinstance(again, Create | Update) else ()
    changes = (
        *(one for one in fresh if not one.path.startswith(_CHATS)),
        *(one for one in action.changes if one.path.startswith(_CHATS)),
    )
    return replace(action, changes=changes)


def _is_among(path: str, shown: Collection[str]) -> bool:
    """Chats are matched by secrets, too, and their values are not known here."""
    if path.startswith(_CHATS):
        return any(one.startswith(_CHATS) for one in shown)
    return path in shown


def _another(action: Create | Update, match: Match) -> Problem | None:
    """Whether the file means another live schedule than the plan does."""
    planned = None if isinstance(action, Create) else action.id
    meant = match.live.id if match.live else None
    if planned == meant:
        return None
    ids = (planned, meant)
    said = ["a new schedule" if id is None else f"the one with id {id}" for id in ids]
    message = f"the plan writes `{action.name}` to {said[0]}, and its file means {said[1]}"
    return Problem(message, REMEDY, match.desired.source)


@dataclass(frozen=True, slots=True)
class ComparableWrite:
    """What a write sends, with secrets as references; the order of layers and chats means nothing.

    `origins` belong to the layers of the schedule.
    """

    schedule: ScheduleDocument
    origins: tuple[int | None, ...]
    forgotten: int | None
    ignored: tuple[str, ...]
    cuts: tuple[CutDocument, ...]

    @classmethod
    def of(cls, target: Target, cuts: Sequence[Cut]) -> ComparableWrite:
        """What a write of this target sends."""
        document = ScheduleDocument.of(target.schedule).with_sorted_chats()
        pairs = sorted(zip(document.layers, target.origins, strict=True), key=repr)
        layers = tuple(layer for layer, _ in pairs)
        return cls(
            document.model_copy(update={"layers": layers}),
            tuple(origin for _, origin in pairs),
            target.forgotten,
            target.ignored,
            tuple(sorted((CutDocument.of(cut, _NOBODY) for cut in cuts), key=repr)),
        )


def _different(
    action: Create | Update,
    desired: Desired,
    basis: PlanBasis,
    planned: ComparableWrite,
    wanted: ComparableWrite,
) -> Problem:
    """Which fields differ: of the file since the plan, else of what is written."""
    if changed := unequal(basis.declared.get(action.name, {}), mark(desired)):
        message = (
            f"the file of `{action.name}` has changed since the plan was made, in "
            f"{first(changed, MOST)}"
        )
        return Problem(message, REMEDY, desired.source)
    fields = unequal(marks(planned.schedule), marks(wanted.schedule)) or _beside(planned, wanted)
    message = f"the plan does not write what the file of `{action.name}` declares"
    return Problem(f"{message}, in {first(fields, MOST)}", REMEDY, desired.source)


def _beside(planned: ComparableWrite, wanted: ComparableWrite) -> list[str]:
    """What differs next to the fields of the schedule, in the words of a file."""
    if planned.ignored != wanted.ignored:
        return ["ignore"]
    layers = [cut.layer for side in (planned, wanted) for cut in side.cuts]
    if planned.cuts != wanted.cuts and layers:
        return [f"layers[{name}].rollout" for name in dict.fromkeys(layers)]
    return ["what no file can say"]


# What a saved plan was made from: the declared values, as marks, and the rollout of that run.
#
# The marks tell which field of a file has changed since. They prove nothing: whoever can write the
# plan can write them, too. What `apply` may write is worked out from the files again.

WHOLE = ""
"""The path of the one mark of a schedule that the plan does not write."""


def basis_of(plan: Plan, desired: Sequence[Desired], rollout: Rollout | None) -> PlanBasis:
    """What a plan was made from, by the names of its schedules."""
    unwritten = {one.name for one in plan.actions if isinstance(one, Unchanged)}
    found = {one.name: mark_whole(one) if one.name in unwritten else mark(one) for one in desired}
    return PlanBasis(found, rollout)


def mark(desired: Desired) -> dict[str, str]:
    """A mark for each declared field, by its path in the file's words.

    The order of overrides is one of these where they overlap, and only there.
    """
    document = ScheduleDocument.of(without_overlaps(desired.schedule)).with_sorted_chats()
    return marks(document) | {path: digits(value, 8) for path, value in _marks_beside(desired)}


def mark_whole(desired: Desired) -> dict[str, str]:
    """One mark for all that is declared."""
    return {WHOLE: digits(sorted(mark(desired).items()), 8)}


def _marks_beside(desired: Desired) -> Iterator[tuple[str, Any]]:
    """What a file says next to the schedule itself, as far as it says it."""
    if desired.absent:
        yield "absent", True
    if desired.schedule.id is not None:
        yield "id", desired.schedule.id
    if desired.renamed_from:
        yield "renamed_from", desired.renamed_from
    if desired.ignored:
        yield "ignore", desired.ignored
    yield "rollout", _shown(desired.rollout)
    for layer, intent in zip(desired.schedule.layers, desired.intents, strict=False):
        if intent.rollout != desired.rollout:
            yield f"layers[{layer.name}].rollout", _shown(intent.rollout)
        if intent.renamed_from:
            yield f"layers[{layer.name}].renamed_from", intent.renamed_from


def _shown(rollout: Rollout) -> list[object]:
    return [rollout.kind.value, rollout.at]
