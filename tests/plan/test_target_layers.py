"""What becomes of the live rotation layers: what stays, what is written, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.model.calendar import Calendar, Lane, Shift
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.schedule import Group, Layer, Member, Rotation, Unit
from flashsync.plan.target_layers import Settled, settle
from tests.model import strategies
from tests.model.strategies import steady
from tests.plan.helpers import (
    DAILY,
    DAY,
    EXACT,
    HANDOFF,
    NOW,
    START,
    WEEK,
    ZONE,
    applied,
    desired,
    file_layer,
    groups,
    live,
    live_layer,
    plan_of,
)
from tests.properties import trying

LATER = NOW + 10 * DAY


def settled(
    wanted: list[Layer], have: Sequence[Layer] | None, now: int = NOW, **keys: Any
) -> Settled:
    return settle(desired(layers=tuple(wanted), **keys), have, ZONE, now)


def said(found: Settled) -> list[str]:
    """The notes without the people whom they name."""
    return [note.text for note in found.notes]


def kept(found: Settled, have: Sequence[Layer]) -> bool:
    """Whether all live layers stay exactly as they are."""
    return (
        sorted(found.layers, key=repr) == sorted(have, key=repr)
        and not found.refusals
        and not found.cuts
    )


def test_a_new_schedule_takes_start_as_written() -> None:
    night = file_layer(1, rotation=DAILY, name="Night", start=LATER)
    found = settled([file_layer(1, 2), night], None)
    assert found.layers == (
        live_layer(1, 2),
        live_layer(1, rotation=DAILY, name="Night", start=LATER),
    )
    assert (found.origins, found.notes, found.refusals) == ((None, None), (), ())


def test_a_layer_with_a_past_end_is_not_created() -> None:
    assert settled([file_layer(1, end=NOW)], None).layers == ()
    assert settled([file_layer(1, end=NOW + 1)], None).layers != ()


@pytest.mark.parametrize(
    "wanted",
    [
        file_layer(1, 2),
        file_layer(1, 2, handoff=HANDOFF),
        file_layer(1, 2, groups=groups(1, 2, names="AB")),
        file_layer(1, 2, start=START - WEEK),
        file_layer(1, 2, start=START + 20 * WEEK),
        file_layer(2, 1),
    ],
)
def test_a_begun_layer_keeps_its_start_its_turn_and_what_the_file_leaves_open(
    wanted: Layer,
) -> None:
    have = [live_layer(1, 2)]
    found = settled([wanted], have)
    assert kept(found, have)
    assert found.origins == (0,)


@pytest.mark.parametrize(
    ("wanted", "note"),
    [
        (
            file_layer(1, 2, start=START + 1200),
            (
                "layers[Primary]: its handoffs are 20 minutes away from `start`; less than half an "
                "hour is not compared"
            ),
        ),
        (
            file_layer(2, 1),
            ("layers[Primary].groups: same cycle, different starting point; no shift changes"),
        ),
    ],
)
def test_fields_that_are_not_compared_are_notes(wanted: Layer, note: str) -> None:
    assert said(settled([wanted], [live_layer(1, 2)])) == [note]
    assert settled([file_layer(1, 2)], [live_layer(1, 2)]).notes == ()


@pytest.mark.parametrize(
    "wanted",
    [
        file_layer(1, 2, 3),
        file_layer(1),
        file_layer(1, "2+3"),
        file_layer(1, 2, rotation=DAILY),
        file_layer(1, 2, rotation=Rotation(7, Unit.DAY)),
        file_layer(1, 2, handoff=HANDOFF + 60),
        file_layer(1, 2, fair=True),
        file_layer(1, 2, days=frozenset({1})),
    ],
)
def test_an_edit_of_a_begun_rotation_takes_a_cut_or_exact(wanted: Layer) -> None:
    have = [live_layer(1, 2)]
    found = settled([wanted], have)
    assert (found.refusals, [cut.at for cut in found.cuts]) == ((), [START + 5 * WEEK])
    assert found.origins == (0, 0)
    (shown,) = found.shown
    assert (shown.live, shown.written, shown.before) == ((0,), (0, 1), have[0])
    found = settled([wanted], have, rollout=EXACT)
    assert (found.refusals, found.cuts) == ((), ())
    assert said(found) == [
        (
            "layers[Primary] is written at once, as rollout `exact` asks: "
            "all its turns, past ones too, are counted from `start`"
        )
    ]
    assert [layer.start for layer in found.layers] == [START]
    assert found.origins == (0,)


def test_exact_is_quiet_where_nothing_changes() -> None:
    have = [live_layer(1, 2)]
    found = settled([file_layer(1, 2)], have, rollout=EXACT)
    assert kept(found, have)
    assert found.notes == ()
    turned = settled([file_layer(2, 1)], have, rollout=EXACT)
    assert turned.layers == (live_layer(2, 1, groups=groups(2, 1, names="BA")),)


@pytest.mark.parametrize("end", [None, LATER])
def test_an_end_alone_is_changed_in_the_last_link(end: int | None) -> None:
    found = settled([file_layer(1, 2, end=end)], [live_layer(1, 2, end=NOW + DAY)])
    assert found.layers == (live_layer(1, 2, end=end),)
    assert (found.refusals, found.notes) == ((), ())


def test_a_name_alone_is_changed_in_all_links_that_are_not_over() -> None:
    have = [
        live_layer(1, end=START + WEEK),
        live_layer(1, start=START + WEEK, end=LATER),
        live_layer(1, start=LATER),
    ]
    wanted = file_layer(1, name="First")
    found = settled([wanted], have, layers_renamed_from={0: "Primary"})
    assert [layer.name for layer in found.layers] == ["Primary", "First", "First"]
    assert (found.refusals, found.notes) == ((), ())
    again = settled([wanted], found.layers, layers_renamed_from={0: "Primary"})
    assert kept(again, found.layers)


def test_spaces_around_a_live_name_are_not_a_difference() -> None:
    have = [live_layer(1, 2, name=" Primary")]
    assert kept(settled([file_layer(1, 2)], have), have)
    have = [live_layer(1, 2, name=" Primary", start=LATER)]
    assert kept(settled([file_layer(1, 2, start=LATER, handoff=HANDOFF)], have), have)


def test_a_layer_that_has_not_begun_is_written_as_declared() -> None:
    have = [live_layer(1, 2, start=LATER)]
    wanted = file_layer(3, 1, start=LATER + WEEK, rotation=DAILY)
    found = settled([wanted], have)
    assert found.layers == (replace(wanted, groups=groups(3, 1, names="BA")),)
    assert (found.refusals, found.notes, found.origins) == ((), (), (0,))


def test_a_layer_that_has_not_begun_and_is_moved_into_the_past_begins_at_a_cut() -> None:
    have = [live_layer(1, 2, start=LATER)]
    found = settled([file_layer(1, 2)], have)
    assert [(one.start, one.end) for one in found.layers] == [(START + 5 * WEEK, None)]
    exact = settled([file_layer(1, 2)], have, rollout=EXACT)
    assert (exact.refusals, len(exact.notes)) == ((), 1)


def test_links_that_are_over_stay_and_are_never_compared() -> None:
    have = [live_layer(3, end=START + WEEK), live_layer(1, 2, start=START + WEEK)]
    found = settled([file_layer(1, 2)], have)
    assert kept(found, have)
    assert (found.origins, found.notes) == ((0, 1), ())
    over = [live_layer(3, end=START + WEEK), live_layer(4, end=START + WEEK, name="Gone")]
    assert kept(settled([file_layer(1, 2, end=START + DAY)], over), over)
    assert kept(settled([file_layer(1, end=START + DAY)], over, rollout=EXACT), over)


def test_a_chain_becomes_one_layer_by_exact() -> None:
    have = [live_layer(3, end=START + WEEK), live_layer(1, 2, start=START + WEEK)]
    found = settled([file_layer(1, 2)], have, rollout=EXACT)
    assert (found.layers, found.origins, len(found.notes)) == ((live_layer(1, 2),), (1,), 1)


def test_a_chain_that_is_over_is_followed_by_a_new_link() -> None:
    over = live_layer(1, 2, end=NOW - DAY)
    found = settled([file_layer(1, 2, start=LATER)], [over])
    assert found.layers == (
        over,
        replace(live_layer(1, 2, start=LATER), handoff=found.layers[1].handoff),
    )
    assert (found.origins, found.refusals, found.notes) == ((0, 0), (), ())
    assert kept(settled([file_layer(1, 2, start=LATER)], found.layers), found.layers)
    begun = settled([file_layer(1, 2)], [over])
    assert [one.start for one in begun.layers] == [START, START + 5 * WEEK]


def test_a_link_to_come_may_change_while_nothing_runs() -> None:
    have = [live_layer(1, end=NOW - DAY), live_layer(1, start=LATER)]
    found = settled([file_layer(1, 2)], have)
    assert (found.refusals, len(found.layers[1].groups)) == ((), 2)
    running = [live_layer(1, end=NOW + DAY), live_layer(1, start=LATER)]
    assert settled([file_layer(1, 2)], running).cuts != ()


@pytest.mark.parametrize(
    ("have", "layers", "cuts"),
    [
        ([live_layer(1, name="Old", end=NOW)], 1, 0),
        ([live_layer(1, name="Old", start=LATER)], 0, 0),
        ([live_layer(1, name="Old")], 1, 1),
        ([live_layer(1, name="Old", end=NOW), live_layer(2, name="Old", start=LATER)], 1, 0),
        ([live_layer(1, name="Old", end=NOW), live_layer(2, name="Old", start=NOW)], 2, 1),
    ],
)
def test_a_layer_gone_from_the_file(have: list[Layer], layers: int, cuts: int) -> None:
    primary = live_layer(1, 2)
    found = settled([file_layer(1, 2)], [*have, primary])
    assert (len(found.layers), len(found.cuts), found.refusals) == (layers + 1, cuts, ())
    exact = settled([file_layer(1, 2)], [*have, primary], rollout=EXACT)
    over = sum(one.ended(NOW) for one in have)
    assert (len(exact.layers), exact.cuts, exact.refusals) == (over + 1, (), ())


def test_a_layer_added_to_a_live_schedule() -> None:
    have = [live_layer(1, 2)]
    added = file_layer(3, name="Night", start=LATER)
    found = settled([file_layer(1, 2), added], have)
    assert (len(found.layers), found.origins, found.refusals) == (2, (0, None), ())
    begun = [file_layer(1, 2), file_layer(3, name="Night")]
    cut = settled(begun, have)
    assert [one.start for one in cut.layers] == [START, START + 5 * WEEK]
    exact = settled(begun, have, rollout=EXACT)
    assert (exact.refusals, len(exact.notes)) == ((), 1)


def test_a_daily_layer_that_becomes_weekly_hands_over_at_the_time_of_its_start() -> None:
    have = [live_layer(1, rotation=DAILY)]
    found = settled([file_layer(1)], have)
    assert [(one.rotation.unit, one.handoff) for one in found.layers] == [
        (Unit.DAY, None),
        (Unit.WEEK, HANDOFF),
    ]


def test_the_turns_of_a_fair_layer_are_what_the_platform_computed() -> None:
    have = [live_layer(1, 2, fair=True)]
    wanted = desired(layers=(file_layer(1, 2, 3, fair=True),))
    (refusal,) = settle(wanted, have, ZONE, NOW).refusals
    assert "only the server knows" in refusal.message
    staff = [frozenset({Member(person)}) for person in (1, 2)]
    shifts = tuple(
        Shift(NOW + week * WEEK, NOW + (week + 1) * WEEK, staff[week], week) for week in (0, 1)
    )
    computed = Calendar(NOW, NOW + 2 * WEEK, (Lane("Primary", False, shifts),))
    found = settle(wanted, have, ZONE, NOW, computed)
    assert [cut.at for cut in found.cuts] == [NOW + WEEK]


def test_layers_of_one_name_that_look_alike_are_refused() -> None:
    short = live_layer(1, start=NOW + DAY, end=NOW + 2 * DAY)
    wanted = [file_layer(1, start=NOW + DAY, end=NOW + 2 * DAY), file_layer(2)]
    assert "give each layer a name" in settled(wanted, [short]).refusals[0].remedy
    apart = [wanted[0], replace(wanted[1], name="Other")]
    assert settled(apart, [short]).refusals == ()


rotas = st.builds(
    lambda staff, start, length, rotation, fair: (staff, start, length, rotation, fair),
    st.lists(st.integers(1, 3), min_size=1, max_size=3),
    st.integers(-3, 3),
    st.none() | st.integers(1, 3),
    st.sampled_from([DAILY, Rotation(1, Unit.WEEK)]),
    st.booleans(),
)


def layer_of(rota: Any, name: str, *, of_a_file: bool) -> Layer:
    staff, start, length, rotation, fair = rota
    begin = NOW + start * WEEK
    made = file_layer if of_a_file else live_layer
    return made(
        *staff,
        name=name,
        start=begin,
        end=None if length is None else begin + length * WEEK,
        rotation=rotation,
        fair=fair,
        handoff=HANDOFF if rotation.weekly else None,
    )


rollouts = st.sampled_from([Rollout(), EXACT, Rollout(RolloutKind.NOW)]) | st.integers(-10, 60).map(
    lambda day: Rollout(RolloutKind.AT, NOW + day * DAY)
)


@trying(30)
@given(
    st.lists(rotas, min_size=1, max_size=2),
    st.lists(rotas, max_size=3),
    rollouts,
    st.lists(st.integers(0, 60), min_size=1, max_size=3),
)
def test_time_alone_changes_nothing(
    file: Any, have: Any, rollout: Rollout, days: list[int]
) -> None:
    wanted = desired(
        rollout=rollout,
        layers=tuple(layer_of(rota, f"L{at}", of_a_file=True) for at, rota in enumerate(file)),
    )
    account = live(
        layers=tuple(layer_of(rota, f"L{at % 2}", of_a_file=False) for at, rota in enumerate(have))
    )
    for day in sorted(days):
        now = NOW + day * DAY
        plan = plan_of([wanted], [account], now=now)
        if plan.empty and not plan.refusals:
            break
        if not plan.refusals:
            (account,) = applied(plan, [account])
            assert plan_of([wanted], [account], now=now).empty
            break
    else:
        return
    for later in (now + 1, now + DAY // 2, now + WEEK, now + 20 * WEEK):
        again = plan_of([wanted], [account], now=later)
        assert (again.empty, again.refusals) == (True, ())


@steady
@given(st.lists(strategies.layers(), min_size=1, max_size=3), rollouts, strategies.instants)
def test_what_is_live_is_what_a_file_that_says_it_wants(
    have: list[Layer], rollout: Rollout, now: int
) -> None:
    named = [
        replace(layer, groups=tuple(Group(one.members, one.name) for one in layer.groups))
        for layer in have
    ]
    found = settled(named, None, now)
    plan = plan_of(
        [desired(layers=tuple(named), rollout=rollout)], [live(layers=tuple(found.layers))], now=now
    )
    if len({layer.name for layer in have}) == len(have):
        assert plan.empty
