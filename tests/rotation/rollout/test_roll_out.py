"""Rolling out a change to a rota: each sentence of it, on small rotas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from flashsync.model.calendar import Shift
from flashsync.model.desired import Rollout
from flashsync.model.schedule import Group, Hours, Layer, Member, Rotation, Unit
from flashsync.model.timezone import DAY, HOUR, MINUTE, WEEK
from flashsync.rotation.rollout.handoffs import is_bridge
from flashsync.rotation.rollout.model import Rolled, Situation
from flashsync.rotation.rollout.roll_out import roll_out
from tests.plan.helpers import file_layer, groups, live_layer
from tests.rotation.edits import EXACT, NEXT, NOW, on_date, read_back
from tests.rotation.made import SHANGHAI, WORKDAYS, at, rows, shift, shown

MONDAY = at("2026-01-05 10:00")
WEDNESDAY = at("2026-02-04 12:10")
"""In the week of bob, of alice, bob, carol, who hand over on Mondays at 10:00."""
DAILY = Rotation(1, Unit.DAY)


def who(group: Group | None) -> str:
    return "+".join(str(one.person) for one in sorted(group.members)) if group else "nobody"


def link(layer: Layer) -> str:
    """`01-05 10:00 – 02-09 10:00: 1 2 3`."""
    end = "" if layer.end is None else shown(layer.end)
    kind = "bridge " if is_bridge(layer) else ""
    return f"{kind}{shown(layer.start)} – {end}: {' '.join(map(who, layer.groups))}"


def rolled(
    chain: Sequence[Layer], layer: Layer | None, rollout: Rollout = NEXT, now: int = WEDNESDAY
) -> Rolled:
    return roll_out(chain, layer, rollout, Situation(now, SHANGHAI))


def links(*given: Any, **named: Any) -> list[str]:
    return [link(one) for one in read_back(rolled(*given, **named), SHANGHAI)]


THREE = live_layer(1, 2, 3)


def test_the_next_handoff_is_the_default() -> None:
    assert Rollout() == NEXT
    found = rolled([THREE], file_layer(1, 2, 3, 4))
    assert [link(one.layer) for one in found.links] == [
        "01-05 10:00 – 02-09 10:00: 1 2 3",
        "02-09 10:00 – : 3 4 1 2",
    ]
    (cut,) = found.cuts
    assert (cut.layer, shown(cut.at), who(cut.comes)) == ("Primary", "02-09 10:00", "3")
    assert (cut.bridge, cut.first_turn, cut.effective) == (None, None, True)
    assert [one.origin for one in found.links] == [0, 0]


@pytest.mark.parametrize(("minutes", "cut"), [(11, "02-09"), (10, "02-09"), (9, "02-16")])
def test_it_is_at_least_ten_minutes_away(minutes: int, cut: str) -> None:
    now = at("2026-02-09 10:00") - minutes * MINUTE
    assert links([THREE], file_layer(1, 2, 3, 4), now=now)[0].endswith(f"{cut} 10:00: 1 2 3")


def test_a_cut_is_not_at_the_end_of_an_hours_window() -> None:
    night = Hours("day", ((9 * HOUR, 18 * HOUR),))
    have = live_layer(1, 2, 3, hours=night)
    assert links([have], file_layer(1, 2, hours=night))[0].endswith("02-09 10:00: 1 2 3")


def test_now_is_the_start_of_the_half_hour_for_who_left() -> None:
    assert links([THREE], file_layer(1, 3), NOW) == [
        "01-05 10:00 – 02-04 12:00: 1 2 3",
        "bridge 02-04 12:00 – 02-09 10:00: 3",
        "02-09 10:00 – : 3 1",
    ]


def test_for_somebody_who_stays_now_does_what_the_next_handoff_does() -> None:
    wanted = file_layer(2, 1, 3)
    assert links([THREE], wanted, NOW) == links([THREE], wanted, NEXT)
    assert rolled([THREE], wanted, NOW).cuts == rolled([THREE], wanted, NEXT).cuts


def test_a_group_that_stays_with_other_people_is_bridged_by_its_new_people() -> None:
    pair = live_layer(1, "2+4", 3)
    found = links([pair], file_layer(1, "2+5", 3), NOW)
    assert found[1:] == ["bridge 02-04 12:00 – 02-09 10:00: 2+5", "02-09 10:00 – : 3 1 2+5"]


def test_a_date_and_time_is_that_moment() -> None:
    date = on_date(at("2026-02-18 08:30"))  # in the week of alice
    assert links([THREE], file_layer(2, 3), date) == [
        "01-05 10:00 – 02-18 08:30: 1 2 3",
        "bridge 02-18 08:30 – 02-23 10:00: 2",
        "02-23 10:00 – : 2 3",
    ]


def test_a_date_that_is_past_is_the_next_handoff() -> None:
    wanted = file_layer(1, 3)
    assert links([THREE], wanted, on_date(WEDNESDAY)) == links([THREE], wanted, NEXT)


def test_exact_writes_the_file_and_the_chain_becomes_one_layer() -> None:
    chain = read_back(rolled([THREE], file_layer(1, 2, 3, 4)), SHANGHAI)
    found = rolled(chain, file_layer(3, 2, 1), EXACT)
    assert [link(one.layer) for one in found.links] == ["01-05 10:00 – : 3 2 1"]
    assert (found.cuts, len(found.notes)) == ((), 1)
    assert rolled([live_layer(3, 2, 1)], file_layer(3, 2, 1), EXACT).notes == ()


def test_hours_change_at_the_handoff_too() -> None:
    hours = Hours("day", ((9 * HOUR, 18 * HOUR),))
    first, second = rolled([THREE], file_layer(1, 2, 3, hours=hours), NOW).links
    assert (first.layer.hours, shown(first.layer.end or 0)) == (None, "02-09 10:00")
    assert second.layer.hours == hours


@pytest.mark.parametrize(
    ("layer", "rest"),
    [
        (
            replace(live_layer(1, 2, rotation=Rotation(8, Unit.HOUR)), start=MONDAY),
            "02-04 18:00 – : 2 1 3",
        ),
        (live_layer(1, 2, rotation=DAILY), "02-05 10:00 – : 2 1 3"),
        (live_layer(1, 2, rotation=Rotation(3, Unit.DAY)), "02-07 10:00 – : 2 1 3"),
        (live_layer(1, 2, rotation=Rotation(2, Unit.WEEK)), "02-16 10:00 – : 2 1 3"),
        (live_layer(1, 2, rotation=Rotation(1, Unit.MONTH)), "02-05 10:00 – : 2 1 3"),
        (live_layer(1, 2, rotation=DAILY, days=WORKDAYS), "02-05 00:00 – : 2 1 3"),
        (live_layer(1, 2, rotation=DAILY, days=WORKDAYS, continuous=True), "02-05 10:00 – : 2 1 3"),
    ],
)
def test_a_cut_never_moves_the_rhythm(layer: Layer, rest: str) -> None:
    staff = layer.groups
    turned = replace(layer, groups=(*staff, *groups(3)), handoff=None)
    if rest.endswith("2 1 3"):
        turned = replace(turned, groups=(staff[1], staff[0], *groups(3)))
    found = read_back(rolled([layer], turned), SHANGHAI)
    whole = replace(layer, groups=(*groups(7), *groups(8)))
    window = ("2026-02-20 00:00", "2026-06-20 00:00")
    before = [row.rpartition(" ")[0] for row in rows(whole, *window)]
    assert [row.rpartition(" ")[0] for row in rows(found[1], *window)] == before
    assert link(found[1]) in (rest, rest.replace("2 1 3", "1 3 2"))


def test_a_handoff_off_the_half_hour_is_cut_after_it_and_who_came_on_stays_on() -> None:
    odd = live_layer(1, 2, 3, start=MONDAY + 7, handoff=10 * HOUR + 7)
    found = read_back(rolled([odd], file_layer(1, 2, 3, 4)), SHANGHAI)
    assert [link(one) for one in found] == [
        "01-05 10:00 – 02-09 10:30: 1 2 3",
        "02-09 10:30 – : 3 4 1 2",
    ]
    assert found[1].handoff == 10 * HOUR + 7  # a weekly handoff stays where it was
    daily = live_layer(1, 2, 3, start=MONDAY + 10 * MINUTE, rotation=DAILY)
    moved = rolled([daily], file_layer(1, 2, 3, 4, start=daily.start, rotation=DAILY))
    assert [link(one.layer) for one in moved.links][1] == "02-05 10:30 – : 2 3 4 1"
    assert "off the half-hour" in moved.notes[0].text
    assert moved.notes[0].text.endswith("by 20 min")


def test_a_monthly_layer_begun_on_a_late_day_is_cut_only_at_a_handoff_on_that_day() -> None:
    monthly = Rotation(1, Unit.MONTH)
    have = live_layer(1, 2, 3, start=at("2026-01-31 10:00"), rotation=monthly)
    wanted = file_layer(1, 2, 3, 4, start=have.start, rotation=monthly)
    found = rolled([have], wanted, now=at("2026-02-10 10:00"))
    assert [link(one.layer) for one in found.links][1] == "03-31 10:00 – : 3 4 1 2"
    assert "only there can its rhythm go on unmoved" in found.notes[0].text


def test_another_handoff_begins_at_the_cut_and_the_first_turn_is_short() -> None:
    found = rolled([THREE], file_layer(1, 2, 3, handoff=2 * DAY + 9 * HOUR))
    (cut,) = found.cuts
    assert [link(one.layer) for one in found.links][1] == "02-09 10:00 – : 3 1 2"
    assert shown(cut.first_turn or 0) == "02-11 09:00"


def test_a_handoff_on_monday_at_midnight_gets_a_link_that_begins_then() -> None:
    start = at("2026-01-05 00:00")
    found = rolled([THREE], file_layer(1, 2, 3, 4, start=start, handoff=0))
    assert [link(one.layer) for one in found.links][1:] == [
        "bridge 02-09 10:00 – 02-16 00:00: 3",
        "02-16 00:00 – : 4 1 2 3",
    ]
    assert shown(found.cuts[0].first_turn or 0) == "02-16 00:00"


def test_another_length_begins_at_the_cut() -> None:
    found = links([THREE], file_layer(1, 2, 3, rotation=DAILY))
    assert found[1] == "02-09 10:00 – : 3 1 2"


@pytest.mark.parametrize(
    ("have", "wanted", "first"),
    [
        # carol is next: the first whose group is still in the file begins
        (THREE, file_layer(1, 2, 3, 4), "3"),
        (THREE, file_layer(4, 2, 1), "1"),
        (THREE, file_layer(2, 4), "2"),
        # a role counts: another one is only a group that shares people
        (
            live_layer(1, 2, 3),
            file_layer(groups=(*groups(1, 2), Group(frozenset({Member(3, 1)})))),
            "3",
        ),
        # the same name
        (
            live_layer(groups=(*groups(1, 2), *groups(3, names="N"))),
            file_layer(groups=(*groups(3 + 3, names="N"), *groups(1, 2, 5))),
            "6",
        ),
        # shares most people, and is no other group's
        (live_layer(1, 2, "3+4+5"), file_layer(1, 2, "3+6", "4+5+6"), "4+5+6"),
        (live_layer(1, "2+3", "3"), file_layer("2+3", "1+2", 7), "1+2"),
        # none is left
        (THREE, file_layer(5, 6), "5"),
    ],
)
def test_who_comes_first(have: Layer, wanted: Layer, first: str) -> None:
    assert who(rolled([have], wanted).cuts[0].comes) == first


def test_of_equal_groups_it_is_the_place_after_which_most_turns_agree() -> None:
    have = live_layer(
        2, 3, 1, 2, 1, 4
    )  # on 4 February: the fifth turn; the next is 4, then 2 3 1 2 1
    assert (
        links([have], file_layer(2, 3, 1, 2, 1, 5), now=WEDNESDAY)[1]
        == "02-09 10:00 – : 2 3 1 2 1 5"
    )
    now = WEDNESDAY - 2 * WEEK  # the third turn: next is the second 2, then 1 4 2 3 1
    found = links([have], file_layer(2, 3, 1, 2, 1, 4, 5), now=now)
    assert found[1] == "01-26 10:00 – : 2 1 4 5 2 3 1"
    assert links([live_layer(1, 2)], file_layer(3, 1, 1), now=now)[1].endswith(": 1 1 3")


def test_a_group_keeps_its_live_name_and_a_new_one_takes_the_first_free_letter() -> None:
    have = live_layer(groups=(*groups(1, 2, names="XB"), *groups(3, names="C")))
    (_, new) = rolled([have], file_layer(1, 2, 3, 4)).links
    assert [(who(one), one.name) for one in new.layer.groups] == [
        ("3", "C"),
        ("4", "A"),
        ("1", "X"),
        ("2", "B"),
    ]


def test_the_order_of_people_in_a_group_means_nothing() -> None:
    have = live_layer("1+2", 3)
    assert rolled([have], file_layer("2+1", 3)).cuts == ()


def test_an_order_turned_changes_nothing_and_says_who_is_on_call() -> None:
    found = rolled([THREE], file_layer(2, 3, 1))
    assert [one.layer for one in found.links] == [THREE]
    (note,) = found.notes
    assert note.text.endswith("no shift changes")
    assert who(note.group) == "2"


def test_without_a_handoff_in_the_file_a_begun_layer_has_the_time_of_week_of_start() -> None:
    have = live_layer(1, 2, handoff=3 * DAY)
    (_, new) = rolled([have], file_layer(1, 2)).links
    assert new.layer.handoff == 10 * HOUR


@pytest.mark.parametrize("weeks", [-40, 3, 40])
def test_a_start_along_the_grid_is_no_change(weeks: int) -> None:
    found = rolled([THREE], file_layer(1, 2, 3, start=MONDAY + weeks * WEEK))
    assert ([one.layer for one in found.links], found.cuts) == ([THREE], ())
    assert ["is ahead" in one.text for one in found.notes] == [True] * (weeks == 40)


CADENCES: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "a first turn of a third": (
        {"rotation": DAILY},
        "2026-01-05 18:00",
        ["bridge 02-05 10:00 – 02-05 18:00: 2", "02-05 18:00 – : 3 1 2"],
    ),
    "a first turn too short to be one": (
        {"rotation": DAILY},
        "2026-01-05 11:00",
        ["bridge 02-05 10:00 – 02-05 11:00: 2", "02-05 11:00 – : 2 3 1"],
    ),
    "a first turn without duty": (
        {"rotation": DAILY, "hours": Hours("day", ((20 * HOUR, 8 * HOUR),))},
        "2026-01-05 18:00",
        ["bridge 02-05 10:00 – 02-05 18:00: 2", "02-05 18:00 – : 2 3 1"],
    ),
    "a week by an hour": (
        {},
        "2026-01-05 11:00",
        ["bridge 02-09 10:00 – 02-09 11:00: 3", "02-09 11:00 – : 3 1 2"],
    ),
    "a month of which the next handoff is on a late day": (
        {"rotation": Rotation(1, Unit.MONTH)},
        "2026-01-31 10:00",
        ["bridge 03-05 10:00 – 03-31 10:00: 3", "03-31 10:00 – : 1 2 3"],
    ),
}


@pytest.mark.parametrize(("fields", "start", "shown"), CADENCES.values(), ids=CADENCES)
def test_another_cadence_begins_at_the_first_handoff_of_the_file(
    fields: dict[str, Any], start: str, shown: list[str]
) -> None:
    have, wanted = live_layer(1, 2, 3, **fields), file_layer(1, 2, 3, start=at(start), **fields)
    found = rolled([have], wanted)
    chain = read_back(found, SHANGHAI)
    assert [link(one) for one in chain][1:] == shown
    assert found.cuts[0].first_turn is not None
    for later in (0, DAY, 40 * DAY):
        again = rolled(chain, wanted, now=WEDNESDAY + later)
        assert ([one.layer for one in again.links], again.cuts) == (chain, ())


def test_start_is_compared_while_no_link_has_begun() -> None:
    later = WEDNESDAY + WEEK
    have = live_layer(1, 2, start=later)
    assert links([have], file_layer(1, 2, start=later + DAY)) == ["02-12 12:10 – : 1 2"]
    assert links([have], file_layer(1, 2, start=later)) == ["02-11 12:10 – : 1 2"]


@pytest.mark.parametrize("end", [None, WEDNESDAY + 50 * DAY])
def test_an_end_or_a_name_alone_is_changed_in_the_last_link(end: int | None) -> None:
    chain = read_back(rolled([THREE], file_layer(1, 2, 3, 4)), SHANGHAI)
    found = rolled(chain, file_layer(1, 2, 3, 4, end=end, name="New"))
    assert found.cuts == ()
    assert [one.layer for one in found.links] == [
        replace(chain[0], name="New"),
        replace(chain[1], name="New", end=end),
    ]


def test_an_end_before_a_cut_to_come_takes_the_link_away() -> None:
    chain = read_back(rolled([THREE], file_layer(1, 2, 3, 4)), SHANGHAI)
    end = WEDNESDAY + DAY
    found = rolled(chain, file_layer(1, 2, 3, 4, end=end))
    assert [link(one.layer) for one in found.links] == ["01-05 10:00 – 02-05 12:10: 1 2 3"]


def test_a_cut_at_or_after_the_end_will_not_take_effect() -> None:
    have = live_layer(1, 2, 3, end=at("2026-02-09 10:00"))
    found = rolled([have], file_layer(1, 2, 3, 4, end=have.end))
    assert [one.layer for one in found.links] == [have]
    assert [cut.effective for cut in found.cuts] == [False]
    assert "will not take effect" in found.notes[0].text


def test_two_edits_before_a_cut_are_the_same_as_one() -> None:
    once = links([THREE], file_layer(4, 2, 1))
    for rollout in (NEXT, NOW):
        between = read_back(rolled([THREE], file_layer(5, 3, 2), rollout), SHANGHAI)
        assert links(between, file_layer(4, 2, 1), now=WEDNESDAY + DAY) == once
    back = read_back(rolled([THREE], file_layer(1, 2, 3, 4)), SHANGHAI)
    assert links(back, file_layer(1, 2, 3)) == ["01-05 10:00 – : 1 2 3"]


def test_an_edit_joins_one_that_waits_and_follows_the_link_that_runs() -> None:
    chain = [
        live_layer(9, end=MONDAY, start=MONDAY - WEEK),
        replace(THREE, end=at("2026-03-02 10:00")),
        live_layer(1, 2, start=at("2026-03-02 10:00")),
    ]
    found = rolled(chain, file_layer(1, 2, 3, 4))
    assert [(link(one.layer), one.origin) for one in found.links] == [
        ("12-29 10:00 – 01-05 10:00: 9", 0),
        ("01-05 10:00 – 03-02 10:00: 1 2 3", 1),
        ("03-02 10:00 – : 3 4 1 2", 1),
    ]
    assert "waits for 2026-03-02 10:00, and both take effect as one" in found.notes[0].text
    early = rolled(chain, file_layer(1, 2, 3, 4), on_date(at("2026-02-20 10:00")))
    assert [one.layer for one in early.links] == chain
    assert "would bring it forward" in early.refusals[0].message


@pytest.mark.parametrize(
    ("rollout", "end"),
    [(NEXT, "02-09 10:00"), (NOW, "02-04 12:00"), (on_date(at("2026-03-01 08:00")), "03-01 08:00")],
)
def test_a_layer_gone_from_the_file_ends_at_the_cut(rollout: Rollout, end: str) -> None:
    found = rolled([THREE], None, rollout)
    assert [link(one.layer) for one in found.links] == [f"01-05 10:00 – {end}: 1 2 3"]
    assert [(shown(cut.at), cut.comes) for cut in found.cuts] == [(end, None)]
    again = rolled([one.layer for one in found.links], None, rollout, now=WEDNESDAY + HOUR)
    assert (again.links, again.cuts) == (found.links, ())


def test_a_layer_gone_that_ends_by_then_anyway_is_no_difference() -> None:
    have = live_layer(1, 2, end=at("2026-02-08 10:00"))
    assert rolled([have], None).cuts == ()
    assert links([live_layer(1, start=WEDNESDAY + DAY)], None) == []
    assert links([THREE], None, EXACT) == []


def test_ended_links_stay_and_are_never_compared() -> None:
    over = live_layer(7, end=MONDAY, start=MONDAY - WEEK)
    assert [one.layer for one in rolled([over, THREE], file_layer(1, 2, 3)).links] == [over, THREE]
    assert [one.layer for one in rolled([over], None).links] == [over]


def test_a_file_layer_whose_end_is_past_is_neither_created_nor_compared() -> None:
    past = file_layer(1, 2, end=WEDNESDAY)
    over = live_layer(7, end=MONDAY, start=MONDAY - WEEK)
    assert links([], past) == []
    assert [one.layer for one in rolled([over], past).links] == [over]


def test_a_layer_added_begins_at_the_cut_in_the_rhythm_of_its_start() -> None:
    found = rolled([], file_layer(1, 2, 3, rotation=DAILY))
    assert [link(one.layer) for one in found.links] == ["02-05 10:00 – : 2 3 1"]
    assert who(found.cuts[0].comes) == "2"
    assert links([], file_layer(1, 2, 3, rotation=DAILY), NOW) == [
        "bridge 02-04 12:00 – 02-05 10:00: 1",
        "02-05 10:00 – : 2 3 1",
    ]
    over = live_layer(7, end=MONDAY, start=MONDAY - WEEK)
    again = rolled([over], file_layer(1, 2, 3, rotation=DAILY))
    assert [one.origin for one in again.links] == [0, 0]
    later = WEDNESDAY + WEEK
    assert links([], file_layer(1, 2, start=later)) == ["02-11 12:10 – : 1 2"]


def test_a_new_schedule_takes_start_as_written() -> None:
    found = roll_out((), file_layer(1, 2), NEXT, Situation(WEDNESDAY, SHANGHAI), fresh=True)
    assert [link(one.layer) for one in found.links] == ["01-05 10:00 – : 1 2"]
    assert (found.cuts, found.notes) == ((), ())


FAIR = live_layer(1, 2, 3, fair=True)
SHIFTS = [
    Shift(at("2026-02-02 10:00") + week * WEEK, at("2026-02-09 10:00") + week * WEEK, staff, index)
    for week, (staff, index) in enumerate(
        [(frozenset({Member(2)}), 1), (frozenset({Member(2)}), 1), (frozenset({Member(1)}), 0)]
    )
]


def fair(
    layer: Layer, rollout: Rollout = NEXT, computed: Sequence[Shift] | None = SHIFTS
) -> Rolled:
    return roll_out([FAIR], layer, rollout, Situation(WEDNESDAY, SHANGHAI, computed=computed))


def test_a_fair_layer_is_cut_by_the_shifts_that_the_server_computed() -> None:
    found = fair(file_layer(1, 2, 3, 4, fair=True))
    assert [link(one.layer) for one in found.links][1] == "02-16 10:00 – : 1 2 3 4"
    assert [note.text for note in found.notes] == [
        "layers[Primary] is `fair`: the server counts fairness anew from the cut on"
    ]
    left = fair(file_layer(1, 3, fair=True), NOW)
    assert [link(one.layer) for one in left.links][1] == "bridge 02-04 12:00 – 02-16 10:00: 1"


def test_a_fair_turn_longer_than_the_server_tells_asks_for_a_date() -> None:
    for computed in (None, SHIFTS[:1]):
        found = fair(file_layer(1, 2, 3, 4, fair=True), computed=computed)
        assert [one.layer for one in found.links] == [FAIR]
        assert "give a date and time" in found.refusals[0].remedy
    dated = fair(file_layer(1, 2, 4, fair=True), on_date(at("2026-04-01 10:00")), SHIFTS[:1])
    assert [link(one.layer) for one in dated.links][1] == "04-01 10:00 – : 2 4 1"
    gone = roll_out([FAIR], None, NEXT, Situation(WEDNESDAY, SHANGHAI))
    assert len(gone.refusals) == 1
    assert fair(file_layer(1, 2, 3, fair=True), computed=None).refusals == ()


def test_a_fair_layer_is_cut_where_its_rhythm_says_not_at_its_first_hours() -> None:
    evenings = Hours("day", ((18 * HOUR, 20 * HOUR),))
    have = live_layer(1, 2, 3, fair=True, hours=evenings, rotation=Rotation(2, Unit.WEEK))
    first, last = at("2026-02-15 18:00"), at("2026-02-16 18:00")
    computed = [shift(first, first + 2 * HOUR, 2), shift(last, last + 2 * HOUR, 1)]
    wanted = file_layer(1, 2, 3, 4, fair=True, hours=evenings, rotation=Rotation(2, Unit.WEEK))
    found = roll_out([have], wanted, NEXT, Situation(WEDNESDAY, SHANGHAI, computed=computed))
    assert [link(one.layer) for one in found.links][1] == "02-16 10:00 – : 1 2 3 4"


def test_who_has_a_fair_turn_whose_hours_have_not_begun() -> None:
    evenings = Hours("day", ((18 * HOUR, 20 * HOUR),))
    have = live_layer(1, 2, 3, fair=True, hours=evenings, rotation=Rotation(2, Unit.WEEK))
    days = ("2026-02-15", 2), ("2026-02-16", 1), ("2026-03-02", 3)
    computed = [shift(at(f"{day} 18:00"), at(f"{day} 20:00"), who) for day, who in days]
    wanted = file_layer(2, 3, fair=True, hours=evenings, rotation=Rotation(2, Unit.WEEK))
    date = on_date(at("2026-02-16 12:00"))
    found = roll_out([have], wanted, date, Situation(WEDNESDAY, SHANGHAI, computed=computed))
    assert [link(one.layer) for one in found.links][1:] == [
        "bridge 02-16 12:00 – 03-02 10:00: 3",
        "03-02 10:00 – : 3 2",
    ]


def test_a_fair_layer_gone_that_ends_with_its_turn_is_no_difference() -> None:
    (cut,) = roll_out([FAIR], None, NEXT, Situation(WEDNESDAY, SHANGHAI, computed=SHIFTS)).links
    assert link(cut.layer).startswith("01-05 10:00 – 02-16 10:00")
    at_once = Situation(WEDNESDAY, SHANGHAI, computed=SHIFTS[:2])  # the platform tells no more
    again = roll_out([cut.layer], None, NEXT, at_once)
    assert ([one.layer for one in again.links], again.cuts) == ([cut.layer], ())
    assert again.refusals == ()


TO_COME = ["01-05 10:00 – 02-09 10:00: 1 2 3", "02-09 10:00 – : 3 1 2"]
"""The links after an edit that makes a layer fair, or takes that from it."""


@pytest.mark.parametrize("computed", [None, SHIFTS])
@pytest.mark.parametrize("rollout", [NEXT, NOW])
def test_an_edit_to_fair_that_waits_can_be_taken_back(
    rollout: Rollout, computed: Sequence[Shift] | None
) -> None:
    situation = Situation(WEDNESDAY, SHANGHAI, computed=computed)
    live = live_layer(1, 2, 3)
    waits = [
        one.layer for one in roll_out([live], file_layer(1, 2, 3, fair=True), NEXT, situation).links
    ]
    assert [link(one) for one in waits] == TO_COME
    back = roll_out(waits, file_layer(1, 2, 3), rollout, situation)
    assert [one.layer for one in back.links] == [live]
    assert back.refusals == ()
    assert not any("fairness" in note.text for note in back.notes)


def test_an_edit_to_fair_that_waits_can_be_changed_and_dropped() -> None:
    situation = Situation(WEDNESDAY, SHANGHAI)
    wanted = file_layer(1, 2, 3, fair=True)
    waits = [one.layer for one in roll_out([live_layer(1, 2, 3)], wanted, NEXT, situation).links]
    other = roll_out(waits, file_layer(1, 2, 3, 4), NEXT, situation)
    assert [link(one.layer) for one in other.links][1] == "02-09 10:00 – : 3 4 1 2"
    fairer = roll_out(waits, file_layer(1, 2, 3, 4, fair=True), NEXT, situation)
    assert [link(one.layer) for one in fairer.links][1] == "02-09 10:00 – : 3 4 1 2"
    gone = roll_out(waits, None, NEXT, situation)
    assert [link(one.layer) for one in gone.links] == TO_COME[:1]


PAST = at("2026-01-20 10:00")


@pytest.mark.parametrize("rollout", [NEXT, NOW, EXACT, on_date(WEDNESDAY + DAY)])
def test_an_end_that_has_passed_ends_what_runs_ten_minutes_from_now(rollout: Rollout) -> None:
    found = rolled([THREE], file_layer(4, rotation=DAILY, end=PAST), rollout)
    assert [link(one.layer) for one in found.links] == ["01-05 10:00 – 02-04 12:30: 1 2 3"]
    (cut,) = found.cuts
    assert (shown(cut.at), cut.comes, cut.past_end) == ("02-04 12:30", None, True)
    (note,) = found.notes
    assert note.text.startswith("layers[Primary].end, 2026-01-20 10:00, has passed while")


def test_the_half_hour_is_far_enough_away_to_be_written_before() -> None:
    found = links([THREE], file_layer(1, 2, 3, end=PAST), now=at("2026-02-04 12:21"))
    assert found == ["01-05 10:00 – 02-04 13:00: 1 2 3"]


@pytest.mark.parametrize("end", ["12:11", "12:50"])
def test_one_that_ends_as_soon_anyway_is_no_difference(end: str) -> None:
    have = replace(THREE, end=at(f"2026-02-04 {end}"))
    found = rolled([have], file_layer(1, 2, 3, end=PAST))
    assert ([one.layer for one in found.links], found.cuts, found.notes) == ([have], (), ())


def test_by_an_end_that_has_passed_links_to_come_go_and_those_over_stay() -> None:
    over = live_layer(7, end=MONDAY, start=MONDAY - WEEK)
    runs = replace(THREE, end=at("2026-02-09 10:00"))
    coming = live_layer(9, start=at("2026-02-09 10:00"))
    found = links([over, runs, coming], file_layer(9, end=PAST))
    assert found == ["12-29 10:00 – 01-05 10:00: 7", "01-05 10:00 – 02-04 12:30: 1 2 3"]
    gap = replace(coming, start=at("2026-03-09 10:00"))
    assert links([over, gap], file_layer(9, end=PAST)) == found[:1]


def test_an_end_that_has_passed_comes_with_a_new_name() -> None:
    found = links([THREE], file_layer(1, 2, 3, name="Old Primary", end=PAST))
    assert found == ["01-05 10:00 – 02-04 12:30: 1 2 3"]
