"""People, secrets, zones, canonical forms: the small values that all rooms share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.errors import Position
from flashsync.model.desired import Desired, Rollout, RolloutKind
from flashsync.model.notify import Secret, SecretReference, Webhook
from flashsync.model.people import Directory, Person, Role, Team
from flashsync.model.schedule import (
    Layer,
    Member,
    Override,
    Rotation,
    Schedule,
    Unit,
    canonical_days,
    canonical_description,
    canonical_handoff,
    canonical_hours,
    canonical_name,
)
from flashsync.model.timezone import (
    DAY,
    HOUR,
    WEEK,
    instants,
    offset,
    time_of_week,
    wall_seconds_at,
    zone,
)
from flashsync.model.wording import duration
from tests.model.strategies import steady, zones

DIRECTORY = Directory(
    people={
        1: Person(1, "Alice", "alice@example.com"),
        2: Person(2, "Sam", "sam@example.com"),
        3: Person(3, "Sam", "sam.two@example.com"),
        4: Person(4, "Kim", ""),
        5: Person(5, "Kim", "kim@example.com"),
        6: Person(6, "Rejoined", "back@example.com"),
        7: Person(7, "Rejoined", "back@example.com"),
        8: Person(8, "", "only@example.com"),
        9: Person(9, ""),
        10: Person(10, "bob"),
    },
    teams={1: Team(1, "SRE")},
    roles={5: Role(5, "shadow")},
    short_names={1: "bob", 99: "gone"},
)


@pytest.mark.parametrize(
    ("person", "shown"),
    [
        (1, "bob <alice@example.com>"),
        (2, "Sam <sam@example.com>"),
        (3, "Sam <sam.two@example.com>"),
        (4, "Kim <4>"),
        (5, "Kim <kim@example.com>"),
        (6, "Rejoined <6>"),
        (7, "Rejoined <7>"),
        (8, "only@example.com"),
        (9, "person 9"),
        (10, "bob <10>"),
        (99, "gone"),
        (100, "person 100"),
    ],
)
def test_output_names_each_person_unmistakably(person: int, shown: str) -> None:
    assert DIRECTORY.person(person) == shown


def test_no_two_people_are_shown_alike() -> None:
    shown = [DIRECTORY.person(person) for person in DIRECTORY.people]
    assert len(set(shown)) == len(shown)


def test_teams_and_roles_are_named_or_numbered() -> None:
    assert [DIRECTORY.team(1), DIRECTORY.team(2)] == ["SRE", "team 2"]
    found = [DIRECTORY.role(role) for role in (0, 1, 5, 6)]
    assert found == ["primary", "backup", "shadow", "role 6"]


def test_a_secret_prints_as_stars_and_compares_by_value() -> None:
    reference = SecretReference("env", "TOKEN")
    secret = Secret("hush", reference)
    assert "hush" not in f"{secret} {secret!r} {[secret]} {Secret('hush')!r} {Secret('hush')}"
    assert str(secret) == "*** (env: TOKEN)"
    assert secret == Secret("hush")
    assert secret != Secret("other", reference)


@pytest.mark.parametrize(
    ("secret", "readable"),
    [
        (Secret("plain"), True),
        (Secret("pl***n"), False),
        (Secret(""), False),
        (Secret(None), False),
        (Secret("with*asterisk", SecretReference("env", "X")), True),
        (Secret(None, SecretReference("env", "X")), False),
        (Secret("", SecretReference("env", "X")), False),
    ],
)
def test_a_secret_is_readable_where_its_value_is_the_secret(secret: Secret, readable: bool) -> None:
    assert secret.readable is readable


def test_a_webhook_tells_its_secrets_and_its_label() -> None:
    hook = Webhook("slack", sign_secret=Secret("a"), token=Secret("b"))
    assert [name for name, _ in hook.secrets()] == ["token", "sign_secret"]
    labels = [one.label for one in (hook, Webhook("slack", "ops"), Webhook("slack", data_source=7))]
    assert labels == ["slack", "slack ops", "slack 7"]


@steady
@given(st.integers(0, 4_000_000_000), zones)
def test_an_instant_is_found_again_by_its_wall_clock_time(instant: int, name: str) -> None:
    found = instants(wall_seconds_at(instant, name), name)
    assert instant in found
    assert list(found) == sorted(found)
    assert len(found) <= 2


def test_times_that_a_zone_skips_or_has_twice() -> None:
    midnight = 1_774_742_400  # 2026-03-29 00:00 as if in UTC
    assert instants(midnight + 2 * HOUR + 1800, "Europe/Berlin") == ()
    october = 1_792_886_400  # 2026-10-25 00:00
    found = instants(october + 2 * HOUR + 1800, "Europe/Berlin")
    assert [offset(at, "Europe/Berlin") for at in found] == ["+02:00", "+01:00"]
    assert offset(0, "America/New_York") == "-05:00"


def test_an_unknown_zone() -> None:
    for name in ("Mars/Olympus", "", "../etc/passwd", "/etc/passwd", "Asia", "a\0b", "\ud800"):
        with pytest.raises(ValueError, match="is not an IANA time zone"):
            zone(name)


@pytest.mark.parametrize(
    ("windows", "every", "canonical_form"),
    [
        ([], "day", None),
        ([(0, 0)], "day", ((0, DAY),)),
        ([(64800, 86400 + 32400)], "day", ((64800, 32400),)),
        ([(64800, 32400), (64800, 86400 + 32400)], "day", ((64800, 32400),)),
        ([(7, 9), (1, 2)], "day", ((1, 2), (7, 9))),
        ([(WEEK - 60, WEEK + 60)], "week", ((WEEK - 60, 60),)),
        ([(WEEK - 60, 0)], "week", ((WEEK - 60, WEEK),)),
        ([(5, 2 * DAY)], "day", ((5, DAY),)),
    ],
)
def test_hours_have_one_form_per_meaning(
    windows: list[tuple[int, int]], every: str, canonical_form: object
) -> None:
    found = canonical_hours(every, windows)  # type: ignore[arg-type]
    assert (found and found.windows) == canonical_form


def test_a_live_handoff_of_zero_is_the_time_of_week_of_the_start() -> None:
    weekly, start = Rotation(7, Unit.DAY), 1_767_578_400
    at = time_of_week(start, "UTC")
    assert canonical_handoff(weekly, 0, start, "UTC") == at
    assert canonical_handoff(weekly, None, start, "UTC") == at
    assert canonical_handoff(weekly, 0, start, "UTC", cuts_days=True) is None
    assert canonical_handoff(weekly, 7, start, "UTC", cuts_days=True) == 7
    assert canonical_handoff(weekly, 7, start, "UTC") == 7
    assert canonical_handoff(Rotation(1, Unit.DAY), 7, start, "UTC") is None


def test_names_descriptions_and_masks_have_one_form_per_meaning() -> None:
    assert canonical_name(" Caf\u0065\u0301\u3000") == "Caf\u00e9"
    assert canonical_description("\n a\r\nb \n") == "a\nb"
    assert (canonical_days(None), canonical_days([])) == (None, None)
    assert canonical_days([1, 1, 0]) == frozenset({0, 1})


def test_a_layer_and_an_override_know_when_they_are_over() -> None:
    layer = Layer("P", 100, 200, Rotation(1, Unit.DAY), ())
    assert [layer.begun(now) for now in (99, 100)] == [False, True]
    assert [layer.ended(now) for now in (199, 200)] == [False, True]
    override = Override("x [flashsync]", 100, 200, frozenset({Member(1)}))
    assert [override.past(now) for now in (199, 200)] == [False, True]
    other = Override("x", 100, 200, frozenset({Member(1)}))
    schedule = Schedule("S", overrides=(override, other))
    assert (schedule.our_overrides, schedule.console_overrides) == ((override,), (other,))


def test_a_desired_schedule_has_the_name_of_its_schedule() -> None:
    assert Desired(Schedule("S"), Position("a.yaml")).name == "S"
    assert Rollout(RolloutKind.EXACT).exact
    assert not Rollout().exact


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7199, "119 minutes"),
        (7200, "2 hours"),
        (47 * 3600, "47 hours"),
        (50 * 3600, "2 days"),
    ],
)
def test_a_duration(seconds: int, said: str) -> None:
    assert duration(seconds) == said
