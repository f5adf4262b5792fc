"""The promise: what an apply did, an undo takes back, to the last field."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flashsync.errors import ExitCode
from flashsync.model.desired import Rollout, RolloutKind
from tests.promises.loop import Loop
from tests.promises.strategies import Tree, schedules
from tests.properties import trying

EXACT = Rollout(RolloutKind.EXACT)
STAMPS = {"update_at", "create_at", "update_by", "create_by", "schedule_id", "id"}


@st.composite
def quick(draw: st.DrawFn) -> Tree:
    """A schedule without turns of hours: the sandbox steps through each of them."""
    tree = draw(schedules())
    for layer in tree["layers"]:
        layer["rotation"] = layer["rotation"].replace("hour", "day")
    return tree


@trying(4)
@given(before=quick(), after=quick())
def test_an_update_is_undone_to_the_last_field(loop: Loop, before: Tree, after: Tree) -> None:
    loop.forget()
    loop.write(before | {"schedule": "Old name"})
    assert loop.apply(loop.plan(judged=False, rollout=EXACT)).exit_code is ExitCode.OK
    then = state(loop)
    loop.write(after | {"schedule": "New name", "renamed_from": "Old name"})
    assert (
        loop.apply(loop.plan(judged=False, rollout=EXACT), loop.journal()).exit_code is ExitCode.OK
    )
    if undone(loop):
        assert state(loop) == then


@trying(3)
@given(tree=quick())
def test_a_create_and_a_delete_are_undone(loop: Loop, tree: Tree) -> None:
    loop.forget()
    loop.write(tree | {"schedule": "One"})
    assert (
        loop.apply(loop.plan(judged=False, rollout=EXACT), loop.journal()).exit_code is ExitCode.OK
    )
    then = state(loop)
    assert undone(loop)
    assert state(loop) == []
    assert loop.apply(loop.plan(judged=False, rollout=EXACT)).exit_code is ExitCode.OK
    loop.write({"schedule": "One", "absent": True})
    assert (
        loop.apply(loop.plan(judged=False, rollout=EXACT), loop.journal()).exit_code is ExitCode.OK
    )
    if undone(loop):
        assert state(loop) == then


def undone(loop: Loop) -> bool:
    """Undo exactly; False where something is listed that nobody can bring back."""
    planned = loop.undo(rollout=EXACT, judged=False)
    outcome = loop.carry_out(planned)
    problems = [str(result.problem) for result in outcome.results if result.problem]
    assert (outcome.exit_code, problems) == (ExitCode.OK, [])
    return not planned.unrestored


def state(loop: Loop) -> list[Any]:
    """What the account holds, without ids and stamps."""
    return [cleaned(one) for one in loop.sandbox.console.schedules()]


def cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: cleaned(part) for key, part in value.items() if key not in STAMPS}
    return [cleaned(part) for part in value] if isinstance(value, list) else value
