"""Why `apply` would refuse a saved plan: it is too old, a cut of it has passed, or its files say
something else (design, Writing safely). Live schedules are compared in `apply/preconditions.py`.

A plan belongs to its files: whoever can write the plan's file must not be able to write what no
file says. So each write is worked out again, from the files as they are and the account as it is,
as of the time at which the plan was made; and what it writes has to be the same.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from flashsync.errors import Problem
from flashsync.model.desired import Desired, RolloutKind
from flashsync.model.people import Directory
from flashsync.model.schedule import Layer, canonical_name
from flashsync.model.timezone import APART
from flashsync.model.wording import duration, first, moment
from flashsync.plan.build import goal_of, worked_out
from flashsync.plan.fingerprint import mark, mark_whole, marks, unequal
from flashsync.plan.json.effects import CutDocument, PeopleNames
from flashsync.plan.json.schedule import ScheduleDocument
from flashsync.plan.match import Match, Matching
from flashsync.plan.model import (
    Action,
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
from flashsync.rotation.rollout.handoffs import half_hour, is_bridge, next_half_hour
from flashsync.rotation.rollout.model import EARLIEST, Cut
from flashsync.rotation.turns import next_handoff

PLAN_AGAIN = "plan again"
"""What to do about a plan that does not fit any more."""
REMEDY = "plan again, or pass --without-files"
MOST = 6
"""At most this many fields or schedules are named."""


@dataclass(frozen=True, slots=True)
class SavedPlanVerdict:
    """Every reason why `apply` would refuse the plan of the file `name`.

    `plan` is the plan of the file, if it could be read.
    """

    name: str
    plan: Plan | None
    problems: tuple[Problem, ...]

    @property
    def applies(self) -> bool:
        """Whether apply would go on to the first write, or has nothing to do."""
        return not self.problems


# It is too old: judged by clocks that may differ.


def age(plan: Plan, now: int, timezone: str) -> str:
    """`made 2 hours ago, Sat 21 Nov 14:00`; `now` is in Unix seconds."""
    when = moment(plan.created_at, timezone, now)
    passed = now - plan.created_at
    ago = f"{duration(passed)} ago" if passed >= 0 else f"{duration(-passed)} from now"
    return f"made {ago}, {when}"


def too_old(plan: Plan, now: int, most: int | None, timezone: str) -> Iterator[Problem]:
    """Why a plan is not of the right age: at most `most` seconds, and not of the future."""
    passed = now - plan.created_at
    made = f"this plan was {age(plan, now, timezone)}"
    if passed < -APART:
        message = f"{made}: this clock is wrong, or that of the machine that made it"
        yield Problem(message, "set it right, then plan again")
    elif most is not None and passed > most:
        message = f"{made}, and --max-age allows {duration(most)}"
        yield Problem(message, f"{PLAN_AGAIN}, or allow more")


# A cut of it has passed.


def late(plan: Plan, now: int, least: int = EARLIEST) -> tuple[Update, ...]:
    """The updates with a cut that can no longer be made as planned; `now` is in Unix seconds.

    A handoff has to be `least` seconds away. An `end` that has passed since the plan is late, too:
    written now, it would change the calendar's past.
    """
    return tuple(
        update
        for update in plan.writes
        if isinstance(update, Update)
        and (
            any(_is_late(cut, plan, now, least) for cut in update.cuts)
            or _ends_passed(update, plan, now)
        )
    )


def _is_late(cut: Cut, plan: Plan, now: int, least: int = EARLIEST) -> bool:
    begin = half_hour(now, plan.account.timezone)
    if cut.past_end:
        return cut.at <= now
    if cut.how is RolloutKind.NOW and (cut.at == begin or planned_at_once(cut, plan)):
        return cut.at != begin
    away = 1 if cut.how is RolloutKind.AT else max(least, 1)
    return cut.effective and cut.at - now < away


def planned_at_once(cut: Cut, plan: Plan) -> bool:
    """Whether a cut is in the half-hour in which the plan was made."""
    return cut.how is RolloutKind.NOW and cut.at <= plan.created_at and not cut.past_end


def _ends_passed(update: Update, plan: Plan, now: int) -> list[Layer]:
    """The layers that get an `end` which was to come when the plan was made, and is past now."""
    paths = {change.path for change in update.changes}
    cuts = {cut.at for cut in update.cuts}
    return [
        layer
        for layer in update.target.schedule.layers
        if f"layers[{layer.name}].end" in paths
        and layer.end is not None
        and plan.created_at < layer.end <= now
        and layer.end not in cuts
    ]


def refusals(plan: Plan, now: int, timezone: str) -> Iterator[Problem]:
    """Why a saved plan comes too late, with the next handoff named; `timezone` is for showing."""
    for update in late(plan, now):
        for cut in update.cuts:
            if _is_late(cut, plan, now):
                yield _refuse_late(update, cut, plan, now, timezone)
        for layer in _ends_passed(update, plan, now):
            when = moment(layer.end or now, timezone, now)
            message = f"the end of layers[{layer.name}] of `{update.name}`, {when}, has passed"
            yield Problem(f"{message} since the plan was made", PLAN_AGAIN, update.source)


def _refuse_late(update: Update, cut: Cut, plan: Plan, now: int, timezone: str) -> Problem:
    what = f"layers[{cut.layer}] of `{update.name}` was to change"
    if planned_at_once(cut, plan):
        message = f"{what} while one group was on call, and another one is by now"
        return Problem(message, PLAN_AGAIN, update.source)
    how = "has passed" if cut.at <= now else "is less than 10 minutes away"
    message = f"the moment at which {what}, {moment(cut.at, timezone, now)}, {how}"
    link, zone = ending_link(update.target, cut), plan.account.timezone
    if link is not None and not link.fair and not is_bridge(link):
        earliest = max(cut.at, now + EARLIEST - 1)
        following = next_handoff(replace(link, end=None), zone, earliest)
        if following is not None:
            then = moment(next_half_hour(following, zone), timezone, now)
            message += f"; the next one is {then}"
    return Problem(message, "plan again, or pass --later-cut", update.source)


def ending_link(target: Target, cut: Cut) -> Layer | None:
    """The link that runs into a cut."""
    layers = target.schedule.layers
    ending = (layer for layer in layers if layer.name == cut.layer and layer.end == cut.at)
    return next(ending, None)


# Its files say something else.

_OTHER_COMMANDS = {Reason.UNDONE: "undo", Reason.TIDIED: "tidy"}
_NOBODY = PeopleNames(Directory())
_CHATS = "notify.chats"


@dataclass(frozen=True, slots=True)
class DeclaredFiles:
    """What the files declare now, matched with the account, and which schedules may be pruned."""

    matching: Matching
    scope: Scope

    def match_of(self, write: Write) -> Match | None:
        """The file of a schedule's name."""
        matches = self.matching.matches
        return next((match for match in matches if match.desired.name == write.name), None)


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
        problem: Problem | None
        if command := _OTHER_COMMANDS.get(action.reason):
            message = f"the plan says that `{action.name}` is written by {command}"
            remedy = "files do not declare that: pass --without-files to apply it all the same"
            problem = Problem(message, remedy, action.source)
        elif isinstance(action, Delete):
            problem = _check_delete(action, files)
        else:
            problem = _check_write(action, basis, files, facts)
        problem = problem or _check_shown(action, files, facts)
        if problem is not None:
            yield problem


def _check_delete(action: Delete, files: DeclaredFiles) -> Problem | None:
    for match in files.matching.matches:
        if match.live and match.live.id == action.id:
            if match.desired.absent:
                return None
            message = f"the plan deletes `{action.name}`, and its file does not say `absent: true`"
            return Problem(message, REMEDY, match.desired.source)
    known = next((known for known in files.matching.undeclared if known.id == action.id), None)
    if known is None:
        why = "which a file declares"
    elif action.reason is not Reason.PRUNED:
        why = "which no file declares absent"
    elif not files.scope.holds(known):
        why = "which is outside `manage`"
    else:
        return None
    return Problem(f"the plan deletes `{action.name}`, {why}", REMEDY)


def _check_write(
    action: Create | Update, basis: PlanBasis, files: DeclaredFiles, facts: Facts
) -> Problem | None:
    match = files.match_of(action)
    if match is None:
        return Problem(f"the plan writes `{action.name}`, which no file declares", REMEDY)
    desired = match.desired
    if desired.absent:
        message = f"the plan writes `{action.name}`, and its file says `absent: true`"
        return Problem(message, REMEDY, desired.source)
    planned_id = None if isinstance(action, Create) else action.id
    meant_id = match.live.id if match.live else None
    if planned_id != meant_id:
        plans, means = (
            "a new schedule" if id is None else f"the one with id {id}"
            for id in (planned_id, meant_id)
        )
        message = f"the plan writes `{action.name}` to {plans}, and its file means {means}"
        return Problem(message, REMEDY, desired.source)
    planned = ComparableWrite.of(action.target, action.cuts if isinstance(action, Update) else ())
    wanted = ComparableWrite.of(*goal_of(match, facts))
    return None if planned == wanted else _explain_mismatch(action, desired, basis, planned, wanted)


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


def _explain_mismatch(
    action: Create | Update,
    desired: Desired,
    basis: PlanBasis,
    planned: ComparableWrite,
    wanted: ComparableWrite,
) -> Problem:
    """Which fields differ: of the file since the plan, else of what is written."""
    if changed := unequal(basis.declared.get(action.name, {}), mark(desired)):
        since = f"the file of `{action.name}` has changed since the plan was made"
        return Problem(f"{since}, in {first(changed, MOST)}", REMEDY, desired.source)
    fields: Sequence[str] = unequal(marks(planned.schedule), marks(wanted.schedule))
    if not fields:
        layers = dict.fromkeys(cut.layer for side in (planned, wanted) for cut in side.cuts)
        fields = ["what no file can say"]
        if planned.ignored != wanted.ignored:
            fields = ["ignore"]
        elif planned.cuts != wanted.cuts and layers:
            fields = [f"layers[{name}].rollout" for name in layers]
    message = f"the plan does not write what the file of `{action.name}` declares"
    return Problem(f"{message}, in {first(fields, MOST)}", REMEDY, desired.source)


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
    match = files.match_of(action)
    if isinstance(action, Delete) or match is None:
        return None
    again, refused = worked_out(match, facts)
    if refused:
        return refused[0]
    shown = {change.path for change in action.changes} | set(action.remarks.uncompared)
    if {override.identity for override in live.console_overrides} != set(action.kept):
        shown.add("overrides")  # what is left of the file's may be something else by now
    if any(path.startswith(_CHATS) for path in shown):
        shown.add(_CHATS)
    hidden = [
        change.path
        for change in (again.changes if isinstance(again, Update) else ())
        # Chats are matched by secrets, too, and their values are not known here.
        if (_CHATS if change.path.startswith(_CHATS) else change.path) not in shown
    ]
    if not hidden:
        return None
    fields = first(list(dict.fromkeys(hidden)), MOST)
    message = f"the plan does not say that it changes {fields} of `{action.name}`"
    return Problem(message, REMEDY, action.source)


def uncovered(
    plan: Plan, basis: PlanBasis, desired: Sequence[Desired], declared: Sequence[str]
) -> Iterator[str]:
    """Notes on what the files declare by now and the plan does not write.

    `desired` are schedules that the plan knows, `declared` the names of all.
    """
    unwritten = {action.name for action in plan.actions if isinstance(action, Unchanged)}
    known = {action.name for action in plan.actions}
    changed = [
        f"`{schedule.name}`"
        for schedule in desired
        if schedule.name in unwritten and mark_whole(schedule) != basis.declared.get(schedule.name)
    ]
    if changed:
        yield (
            f"not written, though declared anew since the plan was made: {first(changed, MOST)}; "
            "plan again to see what changes"
        )
    if absent := [f"`{name}`" for name in declared if name not in known]:
        yield f"not in this plan, though declared: {first(absent, MOST)}"


def refresh_changes(plan: Plan, files: DeclaredFiles, facts: Facts) -> Plan:
    """The plan with the changes in the words of the files and the account, and not in its own.

    The changes of chats stay: they depend on secrets, and their values are not known here.
    """
    actions: list[Action] = []
    for action in plan.actions:
        match = None if isinstance(action, Unchanged) else files.match_of(action)
        if isinstance(action, Create | Update) and match is not None:
            again, _ = worked_out(match, facts)
            changes = again.changes if isinstance(again, Create | Update) else ()
            kept = [change for change in changes if not change.path.startswith(_CHATS)]
            kept += [change for change in action.changes if change.path.startswith(_CHATS)]
            action = replace(action, changes=tuple(kept))
        actions.append(action)
    return replace(plan, actions=tuple(actions))
