"""A duty that an edit leaves open is never unsaid, judged by the sandbox's own counter alone."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flashsync.plan.model import Update
from flashsync.sandbox.model import Layer
from tests.clock import frozen_now
from tests.promises import oracle
from tests.promises.loop import Loop
from tests.promises.oracle import DAY
from tests.promises.strategies import PEOPLE
from tests.properties import trying

ALICE, BOB, CAROL = PEOPLE[:3]
FOLLOWED = 20 * 7 * DAY
"""Longer than all layers of at most three and two weeks take to come round together."""


def backup(person: str) -> dict[str, str]:
    return {"person": person, "role": "backup"}


turn = st.sampled_from(
    [[ALICE], [BOB], [backup(CAROL)], [ALICE, backup(BOB)], [BOB, backup(CAROL)]]
)
orders = st.lists(turn, min_size=1, max_size=3)


def rota(order: list[Any], second: list[Any] | None) -> dict[str, Any]:
    first = {"layer": "P", "rotation": "1 week", "start": "2026-01-05 10:00", "groups": order}
    other = {**first, "layer": "Q", "groups": second, "rotation": "2 weeks"}
    return {"schedule": "Production", "layers": [first, other] if second else [first]}


@trying(12)
@given(orders, orders, st.none() | orders, st.sampled_from(["now", "next_handoff"]))
def test_an_open_duty_is_said(
    loop: Loop, before: Any, after: Any, second: Any, rollout: str
) -> None:
    loop.forget()
    loop.write(rota(before, second))
    loop.apply(loop.plan())
    account = loop.sandbox.world.account
    old = account.schedule("Production").layers
    loop.write(rota(after, second))
    planned = loop.plan(rollout=rollout)
    loop.apply(planned)
    said = {
        gap.role
        for action in planned.plan.actions
        if isinstance(action, Update) and action.effect
        for gap in action.effect.gaps
    }
    new = account.schedule("Production").layers
    lost = lost_roles(old, new, account.time_zone, frozen_now())
    assert said <= lost
    for grave in ({None, 0}, {1}):
        assert bool(said & grave) == bool(lost & grave) or (grave == {1} and said)


def lost_roles(old: tuple[Layer, ...], new: tuple[Layer, ...], zone: str, now: int) -> set[Any]:
    """The roles in which somebody was on call at some instant and nobody is; None is nobody."""
    sides = [oracle.duty(layers, zone, now, now + FOLLOWED) for layers in (old, new)]
    lost: set[Any] = set()
    for instant in {stretch[0] for side in sides for stretch in side}:
        was, becomes = (
            {role for start, end, who in side if start <= instant < end for _, role in who}
            for side in sides
        )
        if becomes:
            lost |= was - becomes
        elif was:
            lost.add(None)
    return lost
