"""The engine and the sandbox's slow counter, which share no code, say the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hypothesis import example, given
from hypothesis import strategies as st

from flashsync.api.codec.schedule import write_schedule
from flashsync.model.calendar import Shift, merged
from flashsync.model.schedule import Group, Layer, Member, Override, Rotation, Schedule, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK
from flashsync.rotation.calendar import calendar, layer_shifts
from flashsync.rotation.explain import explain
from flashsync.rotation.turns import turn_at
from flashsync.sandbox import schedule_on_call, schedule_shifts
from tests.model.strategies import hours
from tests.properties import trying

steady = trying(30)

APIA = "Pacific/Apia"
ZONES = (
    "UTC",
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Havana",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    APIA,
    "Pacific/Chatham",
    "Asia/Tehran",
)
zones = st.sampled_from(ZONES)
# Around clock changes of all these zones: St Johns went back over midnight, Sao Paulo at it.
begins = st.sampled_from([1_130_000_000, 1_318_000_000, 1_520_000_000, 1_760_000_000])
steps = st.one_of(st.integers(0, 200 * DAY), st.integers(0, 200 * 48).map(lambda n: n * HOUR // 2))
instants = st.builds(lambda begin, step: begin - begin % HOUR + step, begins, steps)
members = st.builds(Member, st.integers(1, 6), st.integers(0, 2))
teams = st.frozensets(members, min_size=1, max_size=2)
rotations = st.builds(Rotation, st.integers(1, 4) | st.just(7), st.sampled_from(Unit))


@st.composite
def layers(draw: st.DrawFn, around: int) -> Layer:
    """A layer that begins within some weeks of an instant."""
    start = (
        around + draw(st.integers(-40 * 48, 10 * 48)) * HOUR // 2 + draw(st.sampled_from([0, 7]))
    )
    rotation = draw(rotations)
    days = draw(st.none() | st.frozensets(st.integers(0, 6), min_size=1))
    restricted = draw(st.none() | hours)
    if days and restricted and restricted.every == "week":
        restricted = None  # the platform refuses both
    return Layer(
        name="Primary",
        start=start,
        end=draw(st.none() | st.integers(start + 1, start + 60 * DAY)),
        rotation=rotation,
        groups=tuple(map(Group, draw(st.lists(teams, min_size=1, max_size=4)))),
        handoff=draw(st.none() | st.integers(0, WEEK // HOUR - 1).map(lambda n: n * HOUR))
        if rotation.weekly
        else None,
        days=days,
        continuous=days is not None and draw(st.booleans()),
        hours=restricted,
    )


@st.composite
def covers(draw: st.DrawFn, around: int) -> Override:
    """An override within some weeks of an instant."""
    start = around + draw(st.integers(-5 * 24, 20 * 24)) * HOUR
    end, weight = start + draw(st.integers(1, 100)) * HOUR, draw(st.integers(0, 2))
    return Override("Cover", start, end, draw(teams), weight=weight)


@dataclass(frozen=True, slots=True)
class Case:
    """A schedule, its zone, and a window."""

    schedule: Schedule
    zone: str
    start: int
    end: int


@st.composite
def cases(draw: st.DrawFn, *, most: int = 3) -> Case:
    """A schedule of a few layers and overrides, and a window of up to three weeks."""
    start = draw(instants)
    found = draw(st.lists(layers(start), min_size=1, max_size=most))
    replaced = draw(st.lists(covers(start), max_size=3)) if most > 1 else []
    schedule = Schedule("S", layers=tuple(found), overrides=tuple(replaced))
    return Case(schedule, draw(zones), start, start + draw(st.integers(1, 21 * 24)) * HOUR)


def counted(case: Case) -> tuple[Shift, ...]:
    """The counter's shifts, in the engine's terms."""
    body = write_schedule(case.schedule)
    return merged(
        Shift(
            one.start,
            one.end,
            frozenset(Member(p, seat.role_id) for seat in one.group.seats for p in seat.person_ids),
        )
        for one in schedule_shifts(body, case.zone, case.start, case.end)
    )


def apart(shifts: Iterable[Shift]) -> bool:
    """Whether shifts are canonical: in order, apart, merged, with members."""
    return tuple(shifts) == merged(shifts)


@steady
@given(cases(most=1))
def test_the_shifts_of_a_layer(case: Case) -> None:
    (layer,) = case.schedule.layers
    assert merged(layer_shifts(layer, case.zone, case.start, case.end)) == counted(case)


HEAVY = Override("Heavy", 1_760_007_200, 1_760_014_400, frozenset({Member(4)}), weight=1)
LIGHT = Override("Light", 1_760_000_000, 1_760_020_000, frozenset({Member(5, 1)}))
DAILY = Layer(
    "Primary", 1_760_000_000, None, Rotation(1, Unit.DAY), (Group(frozenset({Member(1)})),)
)
WEIGHED = Case(
    Schedule("S", layers=(DAILY,), overrides=(LIGHT, HEAVY)), "UTC", 1_760_007_200, 1_760_100_000
)


@steady
@given(cases())
@example(WEIGHED)
def test_the_shifts_of_a_schedule(case: Case) -> None:
    parts = (case.schedule.layers, case.schedule.overrides, case.zone, case.start, case.end)
    found = calendar(*parts).final
    assert found == counted(case)
    assert apart(found)


@steady
@given(cases())
@example(WEIGHED)
def test_who_is_on_call_and_why(case: Case) -> None:
    body = write_schedule(case.schedule)
    why = explain(case.schedule.layers, case.schedule.overrides, case.zone, case.start)
    assert why.members is not None
    found = {(one.person, one.role) for one in why.members}
    assert found == schedule_on_call(body, case.zone, case.start)


@steady
@given(cases(most=1), st.integers(0, 20 * DAY))
def test_a_window_is_a_part_of_a_larger_one(case: Case, later: int) -> None:
    (layer,) = case.schedule.layers
    whole = layer_shifts(layer, case.zone, case.start, case.start + 21 * DAY)
    at = case.start + later
    part = layer_shifts(layer, case.zone, at, at + 1)
    expected = [one for one in whole if one.start <= at < one.end]
    assert [(one.members, one.index) for one in part] == [
        (one.members, one.index) for one in expected
    ]
    turn = turn_at(layer, case.zone, at)
    assert all(turn and turn.index == one.index for one in part)
