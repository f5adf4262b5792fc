"""The small schedules that show open rules, and what is made of their answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flashsync.model.calendar import Calendar
from flashsync.model.doctor_report import Comparison, EngineMatch, Verdict
from flashsync.model.schedule import Group, Hours, Layer, Member, Override, Rotation, Schedule, Unit
from flashsync.model.timezone import DAY, HOUR
from flashsync.rotation import calendar as shifts
from flashsync.rotation.conformance.experiments import trials
from flashsync.rotation.conformance.rules import (
    DECISIONS,
    OpenRule,
    Trial,
    Tried,
    findings,
    shown_by,
)
from flashsync.rotation.wall_clock import Jump, next_jump

NOW = 1795399200  # Monday 2026-11-23 10:00 in Asia/Shanghai
LONGEST = 45 * DAY
ZONES = ("Asia/Shanghai", "Europe/Berlin", "UTC", "America/New_York", "Australia/Lord_Howe")
NOWS = tuple(NOW + days * DAY for days in range(0, 500, 41))
A, B = Member(1), Member(2)


def computed(trial: Trial, timezone: str) -> Calendar:
    schedule = trial.schedule
    return shifts.calendar(schedule.layers, schedule.overrides, timezone, trial.start, trial.end)


@pytest.mark.parametrize("timezone", ZONES)
def test_every_trial_tells_readings_apart(timezone: str) -> None:
    for now in NOWS:
        for trial in trials(1, timezone, now):
            assert trial.agrees(computed(trial, timezone)) or trial.refused
            assert trial.others, trial.rules
            for other in trial.others:
                calendar = Calendar(trial.start, trial.end, (), other.final)
                assert not trial.agrees(calendar)
                assert trial.other(calendar) == other.said


@pytest.mark.parametrize("timezone", ZONES)
def test_a_trial_is_one_that_the_platform_takes(timezone: str) -> None:
    for now in NOWS:
        made = trials(1, timezone, now)
        assert len(made) <= 12
        for trial in made:
            assert 0 < trial.end - trial.start <= LONGEST
            assert trial.schedule.layers[0].start > now
            assert trial.schedule.id is None


def test_every_rule_has_words_and_a_trial() -> None:
    assert set(DECISIONS) == set(OpenRule)
    made = trials(1, "Europe/Berlin", NOW)
    assert {rule for trial in made for rule in trial.rules} == set(OpenRule)
    assert all(len(DECISIONS[rule].title) <= 28 for rule in OpenRule)


def test_the_next_clock_change() -> None:
    assert next_jump("Asia/Shanghai", NOW) is None
    assert next_jump("Europe/Berlin", NOW) == Jump(1806195600, HOUR)  # 2027-03-28 01:00 UTC


def layer(*members: Member, **more: object) -> Layer:
    groups = tuple(Group(frozenset({member})) for member in members)
    given = {"name": "L", "start": NOW - 30 * DAY, "end": None, "rotation": Rotation(1, Unit.DAY)}
    return Layer(groups=groups, **{**given, **more})  # type: ignore[arg-type]


def shown(
    *layers: Layer, timezone: str = "Asia/Shanghai", covers: tuple[Override, ...] = ()
) -> set[str]:
    schedule = Schedule("S", layers=layers, overrides=covers)
    calendar = shifts.calendar(layers, covers, timezone, NOW, NOW + 44 * DAY)
    return {rule.name for rule in shown_by(schedule, calendar, timezone)}


WORKDAYS = frozenset({1, 2, 3, 4, 5})


@pytest.mark.parametrize(
    ("layers", "rules"),
    [
        ([layer(A, B)], set()),
        ([layer(A, B, days=WORKDAYS)], {"EXCLUDED_DAYS", "ZONE"}),
        ([layer(A, days=WORKDAYS)], {"ZONE"}),
        ([layer(A, B, days=frozenset(range(7)))], {"ZONE"}),
        (
            [layer(A, B, days=WORKDAYS, rotation=Rotation(1, Unit.WEEK), handoff=HOUR)],
            {"MASKED_TURNS", "ZONE"},
        ),
        (
            [layer(A, B, days=WORKDAYS, continuous=True)],
            {"CONTINUOUS", "EXCLUDED_DAYS", "ZONE"},
        ),
        ([layer(A, B, hours=Hours("day", ((64800, 32400),)))], {"OVERNIGHT", "ZONE"}),
        ([layer(A, hours=Hours("week", ((DAY, HOUR),)))], {"OVER_WEEKEND", "ZONE"}),
        ([layer(A, hours=Hours("day", ((32400, 64800),)))], {"ZONE"}),
        ([layer(A), layer(B)], {"UNION"}),
        ([layer(A), layer(B, start=NOW + 90 * DAY)], set()),
        ([layer(A, days=WORKDAYS, start=NOW + 90 * DAY)], set()),
        ([layer(A, B, rotation=Rotation(1, Unit.MONTH))], set()),
        (
            [layer(A, B, rotation=Rotation(1, Unit.MONTH), start=1793376000)],  # 31 October
            {"MONTH_END"},
        ),
    ],
)
def test_the_rules_that_a_schedule_shows(layers: list[Layer], rules: set[str]) -> None:
    assert shown(*layers) == rules


def test_clock_changes_in_the_window() -> None:
    days = layer(A, B, start=1804000000)
    hours = replace(days, rotation=Rotation(12, Unit.HOUR))
    window = (1804000000, 1804000000 + 44 * DAY)
    for one, rule in ((days, OpenRule.DST_DAYS), (hours, OpenRule.DST_HOURS)):
        calendar = shifts.calendar([one], (), "Europe/Berlin", *window)
        assert shown_by(Schedule("S", layers=(one,)), calendar, "Europe/Berlin") == {rule}


def test_overlapping_overrides_show_a_rule_where_they_have_one_weight() -> None:
    first = Override("one", NOW, NOW + DAY, frozenset({A}))
    later = replace(first, name="two", start=NOW + DAY, end=NOW + 2 * DAY)
    assert shown(layer(A), covers=(first, later)) == set()
    overlapping = replace(later, start=NOW + HOUR)
    assert shown(layer(A), covers=(first, overlapping)) == {"OVERRIDES"}
    assert shown(layer(A), covers=(first, replace(overlapping, weight=1))) == set()


def verdict_of(
    rule: OpenRule, tried: list[Tried], comparisons: list[Comparison]
) -> tuple[str, str]:
    found = findings(tried, comparisons, "Asia/Shanghai")
    one = next(item for item in found if item.id == rule)
    return one.verdict.value, one.seen


def test_a_trial_decides_before_schedules() -> None:
    trial = next(one for one in trials(1, "Asia/Shanghai", NOW) if OpenRule.UNION in one.rules)
    agreed = Tried(trial, computed(trial, "Asia/Shanghai"))
    other = Tried(trial, Calendar(trial.start, trial.end, (), trial.others[0].final))
    strange = Tried(trial, Calendar(trial.start, trial.end))
    same = Comparison("S", 1, EngineMatch.SAME, rules=frozenset({"layers_add_up"}))
    different = replace(same, match=EngineMatch.DIFFERS)
    settled, contradicted = Verdict.SETTLED.value, Verdict.CONTRADICTED.value
    cases: list[tuple[list[Tried], list[Comparison], tuple[str, str]]] = [
        ([agreed], [], (settled, "settled by the preview")),
        ([agreed], [same, same], (settled, "settled by the preview and 2 schedules")),
        ([agreed], [different], (settled, "settled by the preview")),
        ([other], [same], (contradicted, "in the preview, the first layer wins")),
        ([strange], [], (contradicted, "in the preview, other shifts come out")),
        ([], [same], (settled, "settled by 1 schedule")),
        ([], [different], (contradicted, "the shifts of 1 schedule with it differ")),
        ([Tried(trial, why="no preview: late")], [], ("open", "no preview: late")),
        ([], [], ("open", "nothing that was read shows it")),
    ]
    for tried, comparisons, expected in cases:
        assert verdict_of(OpenRule.UNION, tried, comparisons) == expected
    assert verdict_of(OpenRule.DST_DAYS, [], [])[1].endswith("changes no clocks within a year")
