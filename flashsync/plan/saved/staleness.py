"""Why `apply` would refuse a saved plan: it is too old, or a cut of it has passed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flashsync.errors import Problem
from flashsync.model.desired import RolloutKind
from flashsync.model.schedule import Layer
from flashsync.model.timezone import APART, MINUTE
from flashsync.model.wording import duration, moment
from flashsync.plan.model import Plan, Target, Update
from flashsync.rotation.compare import Move
from flashsync.rotation.rollout.handoffs import half_hour, is_bridge, next_half_hour
from flashsync.rotation.rollout.model import EARLIEST, Cut
from flashsync.rotation.rollout.roll_out import soonest_end
from flashsync.rotation.turns import next_handoff, turn_at


def late(plan: Plan, now: int, least: int = EARLIEST) -> tuple[Update, ...]:
    """The updates with a cut that can no longer be made as planned; `now` is in Unix seconds.

    A handoff has to be `least` seconds away. An `end` that has passed since the plan is late, too:
    written now, it would change the calendar's past.
    """
    return tuple(
        one
        for one in plan.writes
        if isinstance(one, Update)
        and (any(_late(cut, plan, now, least) for cut in one.cuts) or _ends_passed(one, plan, now))
    )


def _ends_passed(update: Update, plan: Plan, now: int) -> list[Layer]:
    """The layers that get an `end` which was to come when the plan was made, and is past now."""
    paths = {change.path for change in update.changes}
    cuts = {cut.at for cut in update.cuts}
    return [
        one
        for one in update.target.schedule.layers
        if f"layers[{one.name}].end" in paths
        and one.end is not None
        and plan.created_at < one.end <= now
        and one.end not in cuts
    ]


def _late(cut: Cut, plan: Plan, now: int, least: int = EARLIEST) -> bool:
    begin = half_hour(now, plan.account.timezone)
    if cut.past_end:
        return cut.at <= now
    if cut.how is RolloutKind.NOW and cut.at in (begin, *_planned_at_once(cut, plan)):
        return cut.at != begin
    away = 1 if cut.how is RolloutKind.AT else max(least, 1)
    return cut.effective and cut.at - now < away


def _planned_at_once(cut: Cut, plan: Plan) -> tuple[int, ...]:
    """The moment of a cut that is in the half-hour in which the plan was made."""
    at_once = cut.how is RolloutKind.NOW and cut.at <= plan.created_at and not cut.past_end
    return (cut.at,) if at_once else ()


def refusals(plan: Plan, now: int, timezone: str) -> Iterator[Problem]:
    """Why a saved plan comes too late, with the next handoff named; `timezone` is for showing."""
    for update in late(plan, now):
        for cut in update.cuts:
            if _late(cut, plan, now):
                yield _too_late(update, cut, plan, now, timezone)
        for layer in _ends_passed(update, plan, now):
            when = moment(layer.end or now, timezone, now)
            message = f"the end of layers[{layer.name}] of `{update.name}`, {when}, has passed"
            yield Problem(f"{message} since the plan was made", PLAN_AGAIN, update.source)


def _too_late(update: Update, cut: Cut, plan: Plan, now: int, timezone: str) -> Problem:
    if _planned_at_once(cut, plan):
        message = (
            f"layers[{cut.layer}] of `{update.name}` was to change while one group was on call, "
            "and another one is by now"
        )
        return Problem(message, PLAN_AGAIN, update.source)
    when = moment(cut.at, timezone, now)
    how = "has passed" if cut.at <= now else "is less than 10 minutes away"
    following = _next(update, cut, plan.account.timezone, now)
    then = f"; the next one is {moment(following, timezone, now)}" if following else ""
    message = (
        f"the moment at which layers[{cut.layer}] of `{update.name}` was to change, {when}, "
        f"{how}{then}"
    )
    return Problem(message, "plan again, or pass --later-cut", update.source)


def _next(update: Update, cut: Cut, timezone: str, now: int) -> int | None:
    """The next handoff of the link that runs into a cut."""
    link = _ending(update.target, cut)
    if link is None or link.fair or is_bridge(link):
        return None
    found = next_handoff(replace(link, end=None), timezone, max(cut.at, now + EARLIEST - 1))
    return None if found is None else next_half_hour(found, timezone)


def _ending(target: Target, cut: Cut) -> Layer | None:
    """The link that ends at a cut."""
    ending = (one for one in target.schedule.layers if one.name == cut.layer and one.end == cut.at)
    return next(ending, None)


def pinned(plan: Plan, now: int) -> Plan:
    """The plan with each cut that is to be made at once in the half-hour that runs at the write.

    Where another group is on call by then, the cut stays as it is, and is late. A layer that ends
    as its file's `end` has passed ends after the write.
    """
    return replace(
        plan,
        actions=tuple(
            _pinned(one, plan, now) if isinstance(one, Update) else one for one in plan.actions
        ),
    )


def _pinned(update: Update, plan: Plan, now: int) -> Update:
    zone = plan.account.timezone
    begin = half_hour(now, zone)
    for cut in update.cuts:
        if cut.past_end and cut.at - now < MINUTE:
            update = _moved(update, cut, soonest_end(now, zone))
        if _planned_at_once(cut, plan) and cut.at != begin and _same_turn(update, cut, zone, now):
            update = _moved(update, cut, begin)
    return update


def _same_turn(update: Update, cut: Cut, timezone: str, now: int) -> bool:
    link = _ending(update.target, cut)
    if link is None or link.fair:
        return False
    if is_bridge(link):  # which keeps one turn, and not those after it
        return cut.bridge is not None and now < cut.bridge
    link = replace(link, end=None)
    planned, current = (turn_at(link, timezone, at) for at in (cut.at, now))
    return planned is not None and planned == current


def _moved(update: Update, cut: Cut, at: int) -> Update:
    """The update with one of its cuts at another moment."""
    layers = tuple(
        _edges_moved(one, cut.at, at) if one.name == cut.layer else one
        for one in update.target.schedule.layers
    )
    target = replace(update.target, schedule=replace(update.target.schedule, layers=layers))
    cuts = tuple(replace(one, at=at) if one is cut else one for one in update.cuts)
    effect = update.effect
    if effect is not None:
        effect = replace(effect, moves=_starting(effect.moves, cut.at, at))
    return replace(update, target=target, cuts=cuts, effect=effect)


def _edges_moved(layer: Layer, old: int, new: int) -> Layer:
    start = new if layer.start == old else layer.start
    return replace(layer, start=start, end=new if layer.end == old else layer.end)


def _starting(moves: Sequence[Move], old: int, new: int) -> tuple[Move, ...]:
    """The moves; any that begin in the old half-hour begin in the new one."""
    found = (replace(one, start=new) if old <= one.start < new else one for one in moves)
    return tuple(one for one in found if one.start < one.end)


# How old a saved plan is: said, and judged by clocks that may differ.


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


# Whether a saved plan would still be carried out.

PLAN_AGAIN = "plan again, and look at it"
"""What to do about a plan that does not fit any more."""


@dataclass(frozen=True, slots=True)
class SavedPlanVerdict:
    """Every reason why `apply` would refuse the plan of the file `name`.

    There is no `plan` where the file has none.
    """

    name: str
    plan: Plan | None
    problems: tuple[Problem, ...]

    @property
    def applies(self) -> bool:
        """Whether apply would go on to the first write, or has nothing to do."""
        return not self.problems
