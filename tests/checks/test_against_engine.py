"""What checks say about turns is what the engine computes, for any layer."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from flashsync.checks.judge import load_check
from flashsync.checks.model import CheckSettings
from flashsync.checks.never_on_call import never_on_call
from flashsync.checks.wall_clock_shift import wall_clock_shift
from flashsync.model.schedule import Hours, Layer, Rotation, Unit, canonical_hours
from flashsync.model.timezone import DAY, HOUR, WEEK, instants, time_of_week, wall_seconds_at
from flashsync.rotation.calendar import layer_shifts
from flashsync.rotation.turns import turns
from tests.checks.cases import of
from tests.declared.helpers import steady
from tests.plan.helpers import START, groups

MONDAY = START - 2 * HOUR
"""2026-01-05 00:00 in UTC."""
half_hours = st.integers(0, 335).map(lambda number: number * HOUR // 2)
zones = st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago"])


@st.composite
def hours_of(draw: st.DrawFn) -> Hours:
    """One window, of each day or of each week."""
    every, period = draw(st.sampled_from([("day", DAY), ("week", WEEK)]))
    first, last = (draw(st.integers(0, period // HOUR - 1)) * HOUR for _ in range(2))
    assume(first != last)
    found = canonical_hours("day" if every == "day" else "week", [(first, last)])
    assert found is not None
    return found


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    """Layers whose turns come round within the days that the engine is asked for."""
    rotation = Rotation(
        draw(st.sampled_from([1, 2, 3, 5, 7, 8, 12])),
        draw(st.sampled_from([Unit.HOUR, Unit.DAY, Unit.WEEK])),
    )
    hours = draw(hours_of())
    days = draw(st.none() | st.frozensets(st.integers(0, 6), min_size=1))
    days = None if hours.every == "week" else days
    handoff = draw(st.none() | half_hours.filter(bool)) if rotation.weekly else None
    continuous = days is not None and draw(st.booleans())
    return Layer(
        "Primary",
        MONDAY + draw(half_hours),
        None,
        rotation,
        groups(1, 2, 3),
        handoff,
        days,
        continuous,
        hours,
    )


@steady
@given(layers())
def test_every_turn_that_changes_in_a_window_is_reported(layer: Layer) -> None:
    begin = layer.start + 15 * DAY
    shifts = layer_shifts(layer, "UTC", begin, begin + 120 * DAY)
    assert layer.hours is not None
    period = DAY if layer.hours.every == "day" else WEEK
    edges = {start % period for start, _ in layer.hours.windows}
    inside = any(
        one.end == other.start
        and one.index != other.index
        and (other.start - MONDAY) % period not in edges
        for one, other in pairwise(shifts)
    )
    case = of(layer, timezone="UTC", now=MONDAY)
    said = [
        name
        for name in ("turn_in_window", "masked_midnight")
        if list(load_check(name)(case, CheckSettings()))
    ]
    assert said or not inside


@steady
@given(layers())
def test_who_is_never_on_call_is_reported(layer: Layer) -> None:
    now = layer.start + 3 * DAY
    shifts = layer_shifts(layer, "UTC", now, now + 400 * DAY)
    missing = {1, 2, 3} - {person for shift in shifts for person in shift.people}
    names = {1: "alice", 2: "bob", 3: "carol"}
    found = list(never_on_call(of(layer, timezone="UTC", now=now), CheckSettings()))
    said = found[0].message.partition(" no shift")[0] if found else ""
    assert {id for id, name in names.items() if name in said} == missing


@steady
@given(half_hours, st.integers(1, 3), st.sampled_from([Unit.DAY, Unit.WEEK]), zones)
def test_a_handoff_that_moves_is_reported(
    start: int, value: int, unit: Unit, timezone: str
) -> None:
    layer = Layer("Primary", MONDAY + start, None, Rotation(value, unit), groups(1, 2))
    now = MONDAY + WEEK
    case = of(layer, timezone=timezone, now=now)
    changes = [turn.start for turn in turns(layer, timezone, now, now + 366 * DAY) if turn.number]
    times = {time_of_week(at, timezone) % DAY for at in changes}
    twice = any(len(instants(wall_seconds_at(at, timezone), timezone)) > 1 for at in changes)
    assert bool(list(wall_clock_shift(case, CheckSettings()))) == (len(times) > 1 or twice)
