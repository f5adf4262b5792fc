"""Rota tests: each form holds and fails, and a failure says who is on call instead, and why."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from flashsync.checks.expectations import count_not_run, count_past, list_runnable
from flashsync.checks.judge import judge_files
from flashsync.checks.model import CheckSettings
from flashsync.errors import Level
from flashsync.model.desired import AtMost, Covered, Expectation, OnCall
from flashsync.model.schedule import BACKUP, MARK, PRIMARY, Group, Hours, Member, Override, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK
from tests.checks.cases import ALL_ON, case, counted, expecting, of_check, one_person, weekly
from tests.plan.helpers import DAILY, NOW, START, desired

BOB = START + 5 * WEEK + DAY
"""In bob's week: Tuesday 2026-02-10 10:00."""
ALICE = BOB + WEEK
MONDAY = START + 6 * WEEK
PAIR = Group(frozenset({Member(1), Member(2, BACKUP)}))
BACKUPS = Group(frozenset({Member(2, BACKUP)}))
"""A week without a primary."""
LEADERLESS = {"layers": (weekly(groups=(*[PAIR] * 9, BACKUPS)),)}
NO_BACKUP = {"layers": (weekly(groups=(PAIR, Group(one_person(3)))),)}
PAIRS = {"layers": (weekly(groups=(PAIR, PAIR)),)}
OFFICE = {"layers": (weekly(rotation=DAILY, hours=Hours("day", ((9 * HOUR, 18 * HOUR),))),)}
AWAY = {"overrides": (Override("Bob away" + MARK, BOB - HOUR, BOB + HOUR, one_person(3, 4)),)}
TWO_LAYERS = {"layers": (weekly(1, 2), weekly(3, 4, name="Second"))}
LONE = weekly(1, start=NOW - 11 * DAY, end=NOW + 2 * DAY)
SPLIT = {"layers": (LONE, weekly(2, name="Second", start=NOW - 3 * DAY, end=NOW - DAY))}
"""Alice without a break, beside whom bob was for two days."""
LATE = {"layers": (weekly(1, *range(2, 17), 1),)}
"""Alice has the last turn of 17 weeks, and the first."""
SERVED = {"layers": (weekly(1, end=NOW), weekly(2, name="B", start=NOW, end=NOW + WEEK))}


def people(*ids: int) -> frozenset[int]:
    return frozenset(ids)


HOLDS: list[tuple[Expectation, dict[str, Any]]] = [
    (OnCall(BOB, people(2)), {}),
    (OnCall(BOB, any_of=people(1, 2)), {}),
    (OnCall(BOB, none_of=people(1)), {}),
    (OnCall(BOB, any_of=people(2), none_of=people(1)), {}),
    (OnCall(BOB, people(1, 2)), PAIRS),
    (OnCall(BOB, people(1), role=PRIMARY), PAIRS),
    (OnCall(BOB, people(2), role=BACKUP), PAIRS),
    (OnCall(BOB, none_of=people(1), role=BACKUP), PAIRS),
    (OnCall(BOB, people(3, 4)), AWAY),
    (OnCall(START - DAY, people(5)), {}),
    (Covered(NOW, NOW + 20 * WEEK), {}),
    (Covered(START - WEEK, NOW + WEEK), {}),
    (Covered(START - WEEK, START), {}),
    (Covered(NOW, NOW + 8 * HOUR), OFFICE),
    (Covered(role=PRIMARY), {}),
    (Covered(NOW, NOW + 8 * HOUR, PRIMARY), OFFICE),
    (Covered(role=PRIMARY), PAIRS),
    (Covered(role=BACKUP), PAIRS),
    (Covered(), {"layers": (weekly(groups=(BACKUPS,)),)}),
    (AtMost(7, Unit.DAY), {}),
    (AtMost(1, Unit.WEEK), {}),
    (AtMost(168, Unit.HOUR), {}),
    (AtMost(9, Unit.HOUR), OFFICE),
    (AtMost(8, Unit.DAY), SERVED),
    (AtMost(8, Unit.DAY), {"layers": (weekly(1, end=NOW - DAY),)}),
]

FAILS: list[tuple[Expectation, dict[str, Any], str]] = [
    (OnCall(BOB, people(1)), {}, "exactly alice is expected Tue 10 Feb 10:00, but bob is on call, by layer `Primary`"),
    (OnCall(BOB, people(1, 2)), {}, "exactly alice and bob are expected Tue 10 Feb 10:00, but bob is on call, by layer `Primary`"),
    (OnCall(BOB, people(1)), TWO_LAYERS, "exactly alice is expected Tue 10 Feb 10:00, but bob and dave are on call, by the layers `Primary` and `Second`"),
    (OnCall(BOB, any_of=people(1, 3)), {}, "alice or carol is expected Tue 10 Feb 10:00, but bob is on call, by layer `Primary`"),
    (OnCall(BOB, none_of=people(2, 3)), {}, "bob is not expected Tue 10 Feb 10:00, but bob is on call, by layer `Primary`"),
    (OnCall(BOB, none_of=people(1, 2)), PAIRS, "alice and bob are not expected Tue 10 Feb 10:00, but alice and bob (backup) are on call, by layer `Primary`"),
    (OnCall(BOB, people(2)), AWAY, "exactly bob is expected Tue 10 Feb 10:00, but carol and dave are on call, by the override `Bob away`"),
    (OnCall(BOB, people(2), role=PRIMARY), PAIRS, "exactly bob is expected as primary Tue 10 Feb 10:00, but alice is on call, by layer `Primary`"),
    (OnCall(BOB, people(1), role=5), PAIRS, "exactly alice is expected as role 5 Tue 10 Feb 10:00, but nobody is, only alice and bob (backup), by layer `Primary`"),
    (OnCall(BOB + 10 * HOUR, people(1)), OFFICE, "exactly alice is expected Tue 10 Feb 20:00, but nobody is on call, as no layer has duty then"),
    (Covered(NOW, NOW + 2 * DAY), OFFICE, "nobody is on call Wed 4 Feb 18:00 – Thu 5 Feb 09:00, after alice, by layer `Primary`, and 1 more gap, in a time that is expected to be covered"),
    (Covered(NOW + 10 * HOUR, NOW + 11 * HOUR), OFFICE, "nobody is on call Wed 4 Feb 20:00 – Wed 4 Feb 21:00, in a time that is expected to be covered"),
    (Covered(), LEADERLESS, "no primary is on call Mon 9 Mar 10:00 – Mon 16 Mar 10:00, only bob (backup), by layer `Primary` (checked until Wed 15 Apr 10:00, one full cycle), in a time that is expected to be covered"),
    (Covered(NOW, NOW + 6 * WEEK), LEADERLESS, "no primary is on call Mon 9 Mar 10:00 – Mon 16 Mar 10:00, only bob (backup), by layer `Primary`, in a time that is expected to be covered"),
    (Covered(role=BACKUP), NO_BACKUP, "no backup is on call Mon 9 Feb 10:00 – Mon 16 Feb 10:00, only carol, by layer `Primary` (checked until Wed 18 Feb 10:00, one full cycle), in a time that is expected to be covered"),
    (AtMost(6, Unit.DAY), {}, "at most 6 days in a row are expected, but alice is on call Mon 2 Feb 10:00 – Mon 9 Feb 10:00, 7 days, and too long as well: bob"),
    (AtMost(100, Unit.HOUR), {"layers": (weekly(1, 2, handoff=HOUR),)}, "at most 100 hours in a row are expected, but alice is on call Mon 2 Feb 01:00 – Mon 9 Feb 01:00, 7 days, and too long as well: bob"),
    (AtMost(7, Unit.HOUR), OFFICE, "at most 7 hours in a row are expected, but alice is on call Wed 4 Feb 10:00 – Wed 4 Feb 18:00, 8 h, and too long as well: bob"),
    (AtMost(2, Unit.WEEK), {"layers": (weekly(1),)}, "at most 2 weeks in a row are expected, but alice is on call Wed 21 Jan 10:00 – Wed 4 Mar 10:00, 42 days or more"),
    (AtMost(4, Unit.WEEK), {"layers": (weekly(1),)}, "at most 4 weeks in a row are expected, but alice is on call Wed 7 Jan 10:00 – Wed 1 Apr 10:00, 84 days or more"),
    (AtMost(13, Unit.DAY), {"layers": (weekly(1, end=NOW + 2 * DAY),)}, "at most 13 days in a row are expected, but alice is on call Thu 22 Jan 10:00 – Fri 6 Feb 10:00, 15 days or more"),
    (AtMost(7, Unit.DAY), LATE, "at most 7 days in a row are expected, but alice is on call Mon 27 Apr 10:00 – Mon 11 May 10:00, 14 days"),
    (AtMost(8, Unit.DAY), SPLIT, "at most 8 days in a row are expected, but alice is on call Tue 27 Jan 10:00 – Fri 6 Feb 10:00, 10 days or more"),
    (AtMost(12, Unit.DAY), SPLIT, "at most 12 days in a row are expected, but alice is on call Sat 24 Jan 10:00 – Fri 6 Feb 10:00, 13 days"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "fields"), HOLDS)
def test_it_holds(one: Expectation, fields: dict[str, Any]) -> None:
    assert of_check("expect", expecting(one, fields=fields)) == []


@pytest.mark.parametrize(("one", "fields", "text"), FAILS)
def test_it_fails(one: Expectation, fields: dict[str, Any], text: str) -> None:
    (found,) = of_check("expect", expecting(replace(one, place=4), fields=fields))
    assert found.message == text
    assert found.remedy == "change the rota, or what it is expected to be"
    assert (found.path, found.level) == (("expect", 4), Level.ERROR)


def test_a_week_in_which_clocks_change_is_a_week() -> None:
    wanted = replace(desired(layers=(weekly(),)), expect=(AtMost(7, Unit.DAY),))
    window = START + 40 * WEEK, START + 44 * WEEK  # the clocks go back on 2026-10-25
    given = case(wanted, timezone="Europe/Berlin", window=window)
    assert of_check("expect", given) == []
    hours = replace(given, desired=replace(wanted, expect=(AtMost(168, Unit.HOUR),)))
    (found,) = of_check("expect", hours)
    assert found.message.endswith("7 days and 1 h")


def test_times_are_in_the_zone_that_is_shown() -> None:
    given = expecting(OnCall(BOB, people(1)))
    there = replace(given, words=replace(given.words, timezone="Europe/Berlin"))
    (found,) = of_check("expect", there)
    assert found.message.startswith("exactly alice is expected Tue 10 Feb 03:00, but bob")


def test_unknown_calendars_are_named() -> None:
    given = expecting(OnCall(BOB, people(2)), calendar=lambda start, end: None)
    (found,) = of_check("expect", given)
    assert found.level is Level.WARNING
    assert found.text == (
        "this expectation was not run: who will be on call is not known; plan again when the platform can be asked"
    )


ALL = (
    OnCall(BOB, people(1)),
    Covered(NOW, NOW + WEEK),
    AtMost(1, Unit.DAY),
    OnCall(START, people(5)),
)


def test_offline_the_position_waits_for_the_account() -> None:
    given = expecting(*ALL, offline=True)
    said = [one.message.partition(" ")[0] for one in judge_files(given, CheckSettings())]
    assert said == ["at"]
    assert count_not_run(given) == 1
    assert count_not_run(replace(given, offline=False)) == 0


def test_offline_without_the_zone_or_the_order_nothing_is_run() -> None:
    given = expecting(*ALL, offline=True, calendar=lambda start, end: None)
    assert (list(judge_files(given, CheckSettings())), count_not_run(given)) == ([], 3)
    nowhere = expecting(*ALL, offline=True, timezone=None, calendar=lambda start, end: None)
    assert (list(judge_files(nowhere, CheckSettings())), count_not_run(nowhere)) == ([], 3)


def test_what_is_past_is_counted() -> None:
    over = (Covered(START, NOW), OnCall(NOW - 1, people(5)))
    for offline in (True, False):
        assert count_past(expecting(*ALL, *over, Covered(START, NOW + 1), offline=offline)) == 3
    assert count_past(expecting(AtMost(1, Unit.DAY))) == 0
    assert count_past(case(replace(desired(absent=True), expect=over))) == 0
    assert count_past(case(None)) == 0


def test_what_is_asked_for_is_known_before() -> None:
    def spans(given: Any) -> Iterator[tuple[int, int]]:
        return (span for _, span in list_runnable(given))

    given = expecting(*ALL, Covered(START, NOW + DAY))
    assert list(spans(given)) == [
        (BOB, BOB + 1),
        (NOW, NOW + WEEK),
        (NOW - DAY, NOW + 28 * DAY),
        (NOW, NOW + DAY),
    ]
    assert list(spans(expecting(AtMost(3, Unit.WEEK)))) == [(NOW - 3 * WEEK, NOW + 6 * WEEK)]
    assert list(spans(expecting(AtMost(3, Unit.WEEK), offline=True))) == [(NOW, NOW + 28 * DAY)]
    assert given.calendar(*next(spans(given))) == counted(desired().schedule)(BOB, BOB + 1)


def test_the_configuration_cannot_turn_a_rota_test_off() -> None:
    levels = {**ALL_ON.levels, "expect": None}
    assert of_check("expect", expecting(OnCall(ALICE, people(2))), settings=CheckSettings(levels))


def test_what_goes_is_not_expected_of() -> None:
    gone = replace(desired(absent=True), expect=(OnCall(MONDAY, people(1)),))
    assert of_check("expect", case(gone, calendar=lambda start, end: None)) == []
