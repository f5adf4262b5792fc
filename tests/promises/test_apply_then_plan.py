"""The promise: a valid file, once applied, leaves nothing to do, however the server answers."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import HealthCheck, given

from flashsync.errors import ExitCode
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.sandbox import UNLIMITED, Options
from tests.promises.loop import Loop
from tests.promises.strategies import Tree, schedules
from tests.properties import trying

few = trying(4, suppress_health_check=[HealthCheck.function_scoped_fixture])

FORMS: tuple[tuple[Literal["null", "empty", "missing"], Literal["plain", "masked", "empty"]], ...]
FORMS = (("null", "plain"), ("empty", "masked"), ("missing", "empty"))


@pytest.mark.parametrize(("form", "secrets"), FORMS)
@few
@given(tree=schedules())
def test_a_plan_after_an_apply_is_empty(
    loop: Loop,
    form: Literal["null", "empty", "missing"],
    secrets: Literal["plain", "masked", "empty"],
    tree: Tree,
) -> None:
    loop.sandbox.options = Options(form=form, secrets=secrets, limits=UNLIMITED, future_fields=True)
    loop.forget()
    loop.write(tree)
    planned = loop.plan()
    assert loop.objections_of_files(planned) == []
    outcome = loop.apply(planned)
    problems = [str(result.problem) for result in outcome.results if result.problem]
    assert (outcome.exit_code, problems) == (ExitCode.OK, [])
    assert [change for one in loop.plan().plan.writes for change in [one]] == []


SOON = 1_900_000_000
"""A moment in 2030, in Unix seconds."""


@few
@given(before=schedules(), after=schedules())
def test_any_edit_converges_and_overrides_of_the_console_survive(
    loop: Loop, before: Tree, after: Tree
) -> None:
    loop.sandbox.options = Options(limits=UNLIMITED, future_fields=True)
    loop.forget()
    loop.write(before | {"schedule": "Old name"})
    assert loop.apply(loop.plan()).exit_code is ExitCode.OK
    loop.sandbox.console.add_override(
        "Old name", ["bob@example.com"], SOON, SOON + 3600, layer_name="Swap"
    )
    kept = swap(loop)
    loop.write(after | {"schedule": "New name", "renamed_from": "Old name"})
    planned = loop.plan(rollout=Rollout(RolloutKind.EXACT))
    assert loop.objections_of_files(planned) == []
    outcome = loop.apply(planned)
    problems = [str(result.problem) for result in outcome.results if result.problem]
    assert (outcome.exit_code, problems) == (ExitCode.OK, [])
    assert swap(loop) == kept
    assert loop.plan(rollout=Rollout(RolloutKind.EXACT)).plan.empty
    assert loop.plan().plan.empty


def swap(loop: Loop) -> dict[str, object]:
    """The console's override, without what the server stamps anew at every update.

    It is written back complete, with a rotation that means nothing.
    """
    (schedule,) = loop.sandbox.console.schedules()
    (layer,) = (layer for layer in schedule["layers"] if layer["layer_name"] == "Swap")
    stamps = ("create", "update", "rotation")
    return {key: value for key, value in layer.items() if not key.startswith(stamps)}
