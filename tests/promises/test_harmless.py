"""The promise: no write moves what it does not mean to move, judged by the sandbox's counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, note
from hypothesis import strategies as st

from flashsync.errors import ExitCode
from flashsync.plan.model import Update
from flashsync.sandbox import UNLIMITED, Options
from flashsync.sandbox.model import Layer, Stamp
from tests.clock import NOW, Clock, utc
from tests.promises import live_accounts, oracle
from tests.promises.live_accounts import DAY, NAME, LiveSchedule
from tests.promises.loop import Loop
from tests.promises.oracle import People
from tests.promises.strategies import PEOPLE, Tree
from tests.properties import trying
from tests.rotation.edits import starts

PAST, AHEAD = 60 * DAY, 120 * DAY
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
Span = tuple[int, int]


def stored(loop: Loop) -> tuple[Layer, ...]:
    """The layers as the platform has them, without the stamps that each update renews.

    An override is written back complete, with a rotation that means nothing.
    """
    layers = loop.sandbox.world.account.schedule(NAME).layers
    return tuple(
        replace(layer, stamp=Stamp(), rotation_unit="day", rotation_value=1)
        if layer.mode
        else replace(layer, stamp=Stamp())
        for layer in layers
    )


def changes_hands(
    before: Sequence[Layer], after: Sequence[Layer], zone: str, now: int
) -> list[Span]:
    """When other people are on duty: of the past 60 and the next 120 days."""
    start, end = now - PAST, now + AHEAD
    sides = [oracle.duty(side, zone, start, end) for side in (before, after)]
    edges = sorted({start, end, *(at for side in sides for one in side for at in one[:2])})
    return [
        span
        for span in pairwise(edges)
        if _on_duty(sides[0], span[0]) != _on_duty(sides[1], span[0])
    ]


def _on_duty(side: Sequence[oracle.Stretch], at: int) -> People:
    return next((who for start, end, who in side if start <= at < end), frozenset())


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit changes in a file, the layers that it touches, and when people may change."""

    tree: Tree
    touched: frozenset[str] = frozenset()
    within: tuple[Span, ...] = ()


@st.composite
def edits(draw: st.DrawFn, tree: Tree, now: int) -> Edit:
    """One field of a file, elsewhere than in most of its layers."""
    kind = draw(
        st.sampled_from(
            ["layer", "cadence", "description", "new layer", "override", "team", "notify"]
        )
    )
    event(kind)
    match kind:
        case "description":
            return Edit({**tree, "description": "Who to call at night"})
        case "team":
            return Edit({**tree, "team": "SRE"})
        case "notify":
            return Edit({**tree, "notify": {"before": "15 min"}})
        case "override":
            start = now - now % 1800 + draw(st.integers(1, 40)) * 43200
            end = start + draw(st.integers(1, 60)) * 3600
            cover = {
                "override": "Cover",
                "from": live_accounts.written_time(start),
                "to": live_accounts.written_time(end),
                "people": [draw(st.sampled_from(PEOPLE))],
            }
            return Edit({**tree, "overrides": [cover]}, within=((start, end),))
        case "layer" | "cadence":
            place = draw(st.integers(0, len(tree["layers"]) - 1))
            layer = tree["layers"][place]
            if kind == "layer":
                changed = {**layer, "groups": [*layer["groups"], draw(st.sampled_from(PEOPLE))]}
            else:
                start = draw(starts(live_accounts.read_time(layer["start"])))
                changed = {**layer, "start": live_accounts.written_time(start)}
                changed.pop("end", None)
            layers = [*tree["layers"][:place], changed, *tree["layers"][place + 1 :]]
            return Edit(
                {**tree, "layers": layers}, frozenset({layer["layer"]}), ((now, now + AHEAD),)
            )
    start = now - now % 1800 + draw(st.integers(0, 40)) * 43200 + 1800
    new = {
        "layer": "New",
        "rotation": "1 week",
        "start": live_accounts.written_time(start),
        "groups": [draw(st.sampled_from(PEOPLE))],
    }
    layers = [*tree["layers"], new]
    return Edit({**tree, "layers": layers}, frozenset({"New"}), ((start, now + AHEAD),))


def made(loop: Loop, live: LiveSchedule) -> None:
    """What people made in the console."""
    loop.forget()
    loop.sandbox.console.create(
        {"schedule_name": NAME, "description": "", "team_id": 0, "layers": list(live.layers)}
    )


few = trying(
    14,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink these takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@few
@given(data=st.data())
def test_an_edit_moves_nothing_elsewhere(loop: Loop, clock: Clock, data: st.DataObject) -> None:
    now = NOW + data.draw(st.integers(0, 300 * 48)) * 1800 + data.draw(st.sampled_from([0, 77]))
    clock.set(now)
    zone = data.draw(st.sampled_from(ZONES))
    loop.sandbox.options = Options(limits=UNLIMITED, future_fields=True)
    account = loop.sandbox.world.account
    account.time_zone = zone
    live = data.draw(live_accounts.schedules(account, now))
    made(loop, live)
    tree = live_accounts.file_of(live, account)
    loop.write(tree)
    note(f"file {tree}")
    same = loop.plan()
    assert [change for one in same.plan.writes for change in getattr(one, "changes", ())] == []
    assert same.plan.empty
    before = stored(loop)
    note(f"live {before}")
    edit = data.draw(edits(tree, now))
    loop.write(edit.tree)
    planned = loop.plan()
    if planned.plan.refusals:
        event("refused")
        return
    outcome = loop.apply(planned)
    after = stored(loop)
    note(f"became {after}")
    problems = [str(result.problem) for result in outcome.results if result.problem]
    assert (outcome.exit_code, problems) == (ExitCode.OK, [])
    ours = [one.name for one in after if one.name.endswith("[flashsync]")]
    elsewhere = edit.touched.union(ours)
    assert sorted(untouched(after, elsewhere), key=repr) == sorted(
        untouched(before, elsewhere), key=repr
    )
    moved = changes_hands(before, after, zone, now)
    assert all(any(a <= s and e <= b for a, b in edit.within) for s, e in moved)
    if edit.touched:
        promised(moved, planned.plan.writes)
    assert loop.plan().plan.empty


def untouched(layers: Sequence[Layer], touched: frozenset[str]) -> list[Layer]:
    return [one for one in layers if one.name not in touched]


def promised(moved: Sequence[Span], writes: Any) -> None:
    """Within the window of its plan, people change only where it says so."""
    if not writes:  # an edit of a layer that is over
        assert list(moved) == []
        return
    (update,) = writes
    assert isinstance(update, Update)
    effect = update.effect
    if effect is None or effect.source is None or effect.after is None:
        return
    start, end = effect.after.start, effect.after.end - 3600
    for begin, until in moved:
        part = max(begin, start), min(until, end)
        if part[0] < part[1]:
            assert any(one.start <= part[0] and part[1] <= one.end for one in effect.moves), part


# As people reported it: made in the console, declared by a file that says the same.

WORKDAYS = [1, 2, 3, 4, 5]
REPORTED: dict[str, dict[str, Any]] = {
    "a week from Friday 10:00, mon-fri": {"layer_start": utc("2026-10-02T02:00")},
    "a week from a Friday to come, mon-fri": {"layer_start": utc("2027-01-01T02:00")},
    "seven days from Tuesday 00:00, mon-fri": {
        "layer_start": utc("2026-10-05T16:00"),
        "rotation_unit": "day",
        "rotation_value": 7,
    },
    "seven days from Monday 00:00, mon-fri": {
        "layer_start": utc("2026-10-04T16:00"),
        "rotation_unit": "day",
        "rotation_value": 7,
    },
    "seven days to come, mon-fri": {
        "layer_start": utc("2027-01-04T16:00"),
        "rotation_unit": "day",
        "rotation_value": 7,
    },
    "seven days, mon-fri continuous": {
        "layer_start": utc("2026-10-06T02:00"),
        "rotation_unit": "day",
        "rotation_value": 7,
        "mask_continuous_enabled": True,
    },
    "a week without days": {"layer_start": utc("2026-10-02T02:00"), "day_mask": None},
}
EDITS: dict[str, dict[str, Any]] = {
    "its description": {"description": "Who to call at night"},
    "its team": {"team": "SRE"},
    "its notify": {"notify": {"before": "5 min"}},
    "another layer": {"layers": [{"rotation": "2 days"}]},
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("fields", REPORTED.values(), ids=REPORTED)
def test_a_layer_without_a_handoff_stays_without(
    loop: Loop, clock: Clock, fields: dict[str, Any], edit: dict[str, Any]
) -> None:
    zone = "Asia/Shanghai"
    loop.sandbox.options = Options(limits=UNLIMITED)
    account = loop.sandbox.world.account
    account.time_zone = zone
    groups = [
        {
            "group_name": name,
            "members": [{"role_id": 0, "person_ids": [account.person(who).person_id]}],
        }
        for name, who in zip("ABC", PEOPLE, strict=False)
    ]
    console: dict[str, Any] = {
        "layer_name": "Office hours",
        "mode": 0,
        "layer_end": None,
        "rotation_unit": "week",
        "rotation_value": 1,
        "handoff_time": 0,
        "day_mask": {"repeat": WORKDAYS},
        "mask_continuous_enabled": False,
        "fair_rotation": False,
        "restrict_mode": 0,
        "restrict_periods": [],
        "groups": groups,
        **fields,
    }
    console["day_mask"] = console["day_mask"] or {"repeat": []}
    other = {**console, "layer_name": "Nights", "rotation_unit": "day", "rotation_value": 1}
    ended = {
        **console,
        "layer_start": utc("2026-09-01T00:00"),
        "layer_end": utc("2026-10-01T00:00"),
    }
    live = LiveSchedule((ended, console, other), (console, other))
    made(loop, live)
    tree = live_accounts.file_of(live, account)
    loop.write(tree)
    assert loop.plan().plan.empty
    before = stored(loop)
    if "layers" in edit:
        edit = {"layers": [tree["layers"][0], {**tree["layers"][1], **edit["layers"][0]}]}
    loop.write({**tree, **edit})
    assert loop.apply(loop.plan()).exit_code is ExitCode.OK
    after = stored(loop)
    assert untouched(after, frozenset({"Nights"})) == untouched(before, frozenset({"Nights"}))
    own = [[one for one in side if one.name != "Nights"] for side in (before, after)]
    assert changes_hands(own[0], own[1], zone, clock.now) == []
    assert loop.plan().plan.empty


NEW: dict[str, tuple[dict[str, str], int]] = {
    "a week": ({"rotation": "1 week"}, 4 * DAY + 36000),
    "seven days": ({"rotation": "7 days"}, 4 * DAY + 36000),
    "a week of workdays": ({"rotation": "1 week", "days": "mon-fri"}, 0),
    "seven workdays": ({"rotation": "7 days", "days": "mon-fri"}, 0),
    "continuous workdays": (
        {"rotation": "1 week", "days": "mon-fri", "continuous": "true"},
        4 * DAY + 36000,
    ),
    "a handoff that the file gives": (
        {"rotation": "7 days", "days": "mon-fri", "handoff": "fri 10:00"},
        4 * DAY + 36000,
    ),
}


@pytest.mark.parametrize(("fields", "sent"), NEW.values(), ids=NEW)
def test_the_handoff_of_a_new_weekly_layer(loop: Loop, fields: dict[str, str], sent: int) -> None:
    loop.sandbox.options = Options(limits=UNLIMITED)
    loop.sandbox.world.account.time_zone = "Asia/Shanghai"
    loop.forget()
    layer = {"layer": "P", "start": "2026-12-04 10:00", "groups": list(PEOPLE[:2]), **fields}
    loop.write({"schedule": NAME, "layers": [layer]})
    assert loop.apply(loop.plan()).exit_code is ExitCode.OK
    (live,) = stored(loop)
    assert live.handoff_time == sent
    assert loop.plan().plan.empty
