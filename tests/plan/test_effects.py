"""Who is gone from the files, and stays on call until a cut."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.timezone import DAY, WEEK
from flashsync.plan.effects import Leavers, find_leavers
from flashsync.plan.model import Update
from tests.plan.helpers import (
    NOW,
    START,
    ZONE,
    desired,
    file_layer,
    groups,
    live,
    live_layer,
    plan_of,
)

CUT = START + 5 * WEEK
"""The next handoff: person 2 has the turn of a weekly layer of 1, 2, 3."""
AT_ONCE = Rollout(RolloutKind.NOW)
THREE = (live_layer(1, 2, 3),)
ON_OTHER = live_layer(2, name="Other")


def leavers(live_layers: Any, file_layers: Any, rollout: Rollout | None = None) -> list[Leavers]:
    wanted = desired(layers=tuple(file_layers), rollout=rollout or Rollout())
    (action,) = plan_of([wanted], [live(layers=tuple(live_layers))]).actions
    assert isinstance(action, Update)
    return list(find_leavers(action, ZONE, NOW))


@pytest.mark.parametrize(
    ("live_layers", "file_layers", "person"),
    [
        (THREE, [file_layer(1, 3)], 2),
        (THREE, [file_layer(1, 2)], None),  # 3 has no turn now
        (THREE, [file_layer(1, 2, 3, 4)], None),
        ([live_layer(1, "2+4", 3)], [file_layer(1, 2, 3)], 4),
        ([*THREE, ON_OTHER], [file_layer(1, 3), file_layer(2, name="Other")], None),
        ([*THREE, live_layer(5, name="Other")], [file_layer(5, name="Other")], 2),
    ],
)
def test_leavers_stay_on_call_until_the_cut(
    live_layers: Any, file_layers: Any, person: int | None
) -> None:
    expected = [] if person is None else [Leavers(groups(person)[0].members, CUT)]
    assert leavers(live_layers, file_layers) == expected


def test_at_a_later_date_it_is_the_end_of_their_turn() -> None:
    date = Rollout(RolloutKind.AT, CUT + 9 * DAY)
    assert [one.until for one in leavers(THREE, [file_layer(1, 3)], date)] == [CUT]


def test_by_rollout_now_nobody_stays() -> None:
    assert leavers(THREE, [file_layer(1, 3)], AT_ONCE) == []


def test_of_a_fair_layer_nobody_is_known() -> None:
    date = Rollout(RolloutKind.AT, CUT)
    fair = live_layer(1, 2, 3, fair=True)
    assert leavers([fair], [file_layer(1, 3, fair=True)], date) == []
