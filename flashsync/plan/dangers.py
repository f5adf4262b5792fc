"""Why apply would not run a plan: judged before the first write, with numbers and the flag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flashsync.errors import Position, Problem
from flashsync.model.schedule import Layer, Schedule
from flashsync.model.wording import count, first
from flashsync.plan.caution import Caution
from flashsync.plan.identity import Known
from flashsync.plan.model import Action, Create, Delete, Plan, Reason, Unchanged, Update
from flashsync.plan.options import Options, Safety
from flashsync.rotation.rollout.normalise import duty

JUDGED_FROM = 10
"""Below so many declared live schedules, a share in percent says nothing."""
ALL = 100
"""Percent: with this limit nothing is refused, though --prune can delete more than is declared."""


def too_much(actions: Sequence[Action], safety: Safety) -> Iterator[Problem]:
    """More deletes, or more changes, than one run may make."""
    pruned = [one for one in actions if isinstance(one, Delete) and one.reason is Reason.PRUNED]
    if len(pruned) > safety.max_deletes:
        names = first([f"`{one.name}`" for one in pruned], 5)
        message = (
            f"--prune would delete {count(len(pruned), 'schedule')} ({names}), "
            f"and {safety.max_deletes} may be deleted in one run"
        )
        yield Problem(message, f"look at each, then pass --max-deletes {len(pruned)}")
    yield from _share(actions, safety)


def _share(actions: Sequence[Action], safety: Safety) -> Iterator[Problem]:
    """Updates and deletes, against the declared schedules that are live."""
    live = sum(_declared_live(one) for one in actions)
    changed = sum(isinstance(one, Update | Delete) for one in actions)
    most = safety.max_change_percent
    if live < JUDGED_FROM or most >= ALL or changed * ALL <= most * live:
        return
    percent = min(ALL, -(-changed * ALL // live))
    message = (
        f"{count(changed, 'schedule')} would be changed or deleted, against {live} declared ones "
        f"that are live: {percent} %, and {most} % may be in one run"
    )
    yield Problem(message, f"look at each, then pass --max-change-percent {percent}")


def _declared_live(action: Action) -> bool:
    if isinstance(action, Create) or action.source is None:
        return False
    return not isinstance(action, Unchanged) or action.id is not None


def lookalikes(
    creates: Sequence[Create],
    undeclared: Sequence[Known],
    live: Mapping[int, Schedule],
    options: Options,
) -> Iterator[Problem]:
    """Creates that look like a schedule which somebody renamed in the console."""
    if options.create_lookalike:
        return
    known = {
        _rotation(live[one.id].layers): one
        for one in undeclared
        if one.id in live and live[one.id].layers
    }
    for create in creates:
        other = known.get(_rotation(create.target.schedule.layers))
        if other:
            message = (
                f"`{create.name}` would be created, but `{other.name}` (id {other.id}), which no "
                "file declares, has the same rotation: it looks renamed in the console"
            )
            remedy = f"write `renamed_from: {other.name}` or `id: {other.id}`, or pass "
            yield Problem(message, remedy + "--create-lookalike", create.source)


def foretold(plan: Plan) -> Plan:
    """The plan whose creates warn of what apply will refuse, for who does not ask for an apply."""
    return replace(plan, actions=tuple(_foretold(one, plan.refusals) for one in plan.actions))


def _foretold(action: Action, refusals: Sequence[Problem]) -> Action:
    said = [Caution(one.text) for one in refusals if one.position == action.source]
    if not said or not isinstance(action, Create):
        return action
    return replace(action, remarks=action.remarks.and_warnings(*said))


def _rotation(layers: Sequence[Layer]) -> frozenset[tuple[object, ...]]:
    """What two schedules have in common when one is the other, renamed: all but names."""
    return frozenset((layer.start, layer.end, duty(layer)) for layer in layers)


def masked(paths: Sequence[str], name: str, source: Position) -> Problem:
    """A write would lose a secret that the platform shows masked."""
    message = f"{', '.join(paths)} of `{name}` reads back masked, so a write would lose it"
    return Problem(message, "give the secret in the file, as {env: NAME} or {file: PATH}", source)


def missing_secrets(references: Sequence[str], name: str, source: Position) -> Problem:
    """A write has to send a secret that is not there."""
    message = f"`{name}` needs secrets that are not there: {', '.join(references)}"
    return Problem(message, "set the variable or write the file, then run again", source)


def missing_later(references: Sequence[str]) -> str:
    """The warning of a plan: only apply has to have the secrets, perhaps on another machine."""
    return f"secrets that are not there, and that apply will need: {', '.join(references)}"
